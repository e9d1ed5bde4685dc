"""The wait for an environment whose endpoints the stack has made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from clients.environment_status import AT_WORK
from components.hub.availability import LONGEST_MINUTES, Availability, NotAvailableError


@dataclass
class Mwaa:
    """A client of Amazon MWAA: each look gives the next status, then the last."""

    statuses: list[str]
    said: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def get_environment(self, Name: str) -> Any:  # noqa: N803 (boto3's)
        assert Name == "env"
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return {"Environment": {"Status": status}}

    def wait(self) -> None:
        Availability(
            connect=lambda: self, environment="env", say=self.said.append, sleep=self.slept.append
        ).wait()


def test_an_environment_is_waited_for_from_pending_on() -> None:
    mwaa = Mwaa(["PENDING", "PENDING", "CREATING", "AVAILABLE"])
    mwaa.wait()
    assert mwaa.said == [
        f"the environment is PENDING: {AT_WORK['PENDING']}",
        "the environment is CREATING: AWS is making it",
    ]
    assert len(mwaa.slept) == 3


def test_an_environment_that_fails_fails_the_deployment() -> None:
    with pytest.raises(NotAvailableError, match="env became CREATE_FAILED"):
        Mwaa(["PENDING", "CREATE_FAILED"]).wait()


def test_the_wait_ends() -> None:
    mwaa = Mwaa(["PENDING"])
    with pytest.raises(NotAvailableError, match="env is still PENDING"):
        mwaa.wait()
    assert sum(mwaa.slept) == LONGEST_MINUTES * 60
