"""What a run says once its stack is removed, and what fails it then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from local.deployment.creation import Existing, Registration
from local.deployment.removal_calls import no_call
from local.deployment.resource import Resource
from local.deployment.services.random_password import RANDOM_PASSWORD
from local.deployment.stopping import Stop
from local.run import ending
from local.run.ending import remove_stack
from local.run.errors import RunError
from local.run.operating import Answer
from local.run.progress import Progress
from local.run.run_directory import RunDirectory

KEY = {"arn": "arn:aws:kms:us-east-1:111111111111:key/1", "kept": "AWS KMS deletes it"}
BUCKET = {"arn": "arn:aws:s3:::left", "kept": None}


def password(*, protected: bool = False) -> Existing:
    registration = Registration(
        urn="urn", type=RANDOM_PASSWORD.token, logical_name="one", inputs={}, protected=protected
    )
    resource = Resource(
        logical_name="one", service=None, inputs={}, call={}, aws_provider=None, stop=Stop()
    )
    assert RANDOM_PASSWORD.remove is no_call
    return Existing(
        registration=registration,
        resource_type=RANDOM_PASSWORD,
        resource=resource,
        id="none",
        state={},
        outputs={},
    )


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def removing(tmp_path: Path, lines: list[str]) -> Callable[[Existing], None]:
    progress = Progress(lines.append, clock=lambda: 1.0)
    return lambda each: remove_stack([each], RunDirectory(tmp_path), progress, Stop())


def answers(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setattr(ending, "operate", lambda *_, **__: answer)


def test_what_stays_is_counted(
    monkeypatch: pytest.MonkeyPatch, removing: Callable[[Existing], None], lines: list[str]
) -> None:
    answers(monkeypatch, Answer(output=json.dumps({"stack": [], "kept": [KEY]}), problem=None))

    removing(password())

    assert [line.partition("s  ")[2] for line in lines] == [
        "removal: started",
        "removal: done (1 resources, 0.0 s)",
        "inventory: started",
        "inventory: done (nothing of the stack is left, 1 resources stay without it, 0.0 s)",
    ]


def test_leftovers_fail_the_run_by_their_names(
    monkeypatch: pytest.MonkeyPatch, removing: Callable[[Existing], None]
) -> None:
    left = json.dumps({"stack": [BUCKET], "kept": [KEY]})
    answers(monkeypatch, Answer(output=left, problem=None))

    with pytest.raises(RunError, match=r"1 resources .* left .*\n  arn:aws:s3:::left$"):
        removing(password())


def test_an_inventory_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, removing: Callable[[Existing], None]
) -> None:
    answers(monkeypatch, Answer(output="", problem="not authorized to perform: iam:ListRoles"))

    with pytest.raises(RunError, match=r"can't be taken: .*iam:ListRoles"):
        removing(password())


def test_a_protected_stack_stays(
    monkeypatch: pytest.MonkeyPatch, removing: Callable[[Existing], None], lines: list[str]
) -> None:
    answers(monkeypatch, Answer(output="", problem="never asked"))

    removing(password(protected=True))

    assert len(lines) == 2
    assert "done (nothing, as by `pulumi destroy`: 1 resources are protected, such" in lines[1]
