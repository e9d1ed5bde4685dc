"""Waits for an environment with which AWS goes on once its endpoints are there (ADR 137).

Nothing here imports Pulumi: a resource hook calls it, and so do tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from clients.environment_status import AT_WORK, AVAILABLE, environment_status

POLL_SECONDS = 10
LONGEST_MINUTES = 120
"""As long as the provider waits for an environment; AWS takes 20 to 40 minutes."""


class NotAvailableError(Exception):
    """The environment won't be available, or isn't after a long time."""


@dataclass(frozen=True, kw_only=True)
class Availability:
    """The wait for one environment; `connect` makes a client of Amazon MWAA, `say` tells the user.

    botocore's errors are raised as they are.
    """

    connect: Callable[[], Any]
    environment: str
    say: Callable[[str], None]
    sleep: Callable[[float], None] = field(default=time.sleep)

    def wait(self) -> None:
        """End once the environment is available; a NotAvailableError where it won't be."""
        mwaa, told = self.connect(), ""
        for _ in range(LONGEST_MINUTES * 60 // POLL_SECONDS):
            status = environment_status(mwaa, self.environment)
            if status == AVAILABLE:
                return
            if status not in AT_WORK:
                raise NotAvailableError(
                    f"the environment {self.environment} became {status}. Expected {AVAILABLE} "
                    "once its endpoints are there: look at their security groups and subnets, "
                    "then replace the environment"
                )
            if status != told:
                self.say(f"the environment is {status}: {AT_WORK[status]}")
                told = status
            self.sleep(POLL_SECONDS)
        raise NotAvailableError(
            f"the environment {self.environment} is still {told} after {LONGEST_MINUTES} minutes. "
            "Expected it to be available: `python -m operate status` says what AWS does"
        )
