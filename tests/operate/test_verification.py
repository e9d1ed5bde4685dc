"""What a verification finds out, and how it says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from rich.console import Console

from operate.denied_attempts import Attempt, tried
from operate.errors import UsageError
from operate.expiry import expiry_of
from operate.gathering import GatheredRun
from operate.results import Document
from operate.sample_run import run_sample
from operate.verification import _checks
from operate.verification_text import markdown
from tests.operate.answers import RUN, FakeAirflow, FakeConnection

ROWS = {"input": 2000, "train": 1500, "validation": 400, "rejected": 1, "duplicates": 99}


def answering(code: str | None) -> Attempt:
    def call(**_: Any) -> None:
        if code is not None:
            raise ClientError({"Error": {"Code": code}}, "call")

    return Attempt(what="x", action="s3:X", account_id="1", call=call, arguments={})


def test_a_sample_is_not_trained_on_with_the_data_of_other_sources() -> None:
    connection = FakeConnection(FakeAirflow([]))
    west2 = connection.stack.ml_pipelines["west2"]
    several = west2.model_copy(update={"source": None, "sources": ("east1", "ireland")})
    connection.stack = connection.stack.model_copy(update={"ml_pipelines": {"world": several}})
    with pytest.raises(UsageError, match="world would train on the sample"):
        run_sample(connection, "east1", Console())


@pytest.mark.parametrize(
    ("code", "denied"),
    [
        ("AccessDenied", True),
        ("AccessDeniedException", True),
        ("PreconditionFailed", False),
        (None, False),
    ],
)
def test_only_a_denial_is_one(*, code: str | None, denied: bool) -> None:
    found = tried(answering(code))

    assert (found["denied"], found["answer"]) == (denied, code or "no error")


def run_with(rows: dict[str, int], rejected: int) -> GatheredRun:
    manifest = Document(content={"rows": rows}, written=datetime(2026, 1, 2, tzinfo=UTC))
    return GatheredRun(
        run=RUN,
        source="east1",
        data=FakeConnection(FakeAirflow([])).stack.data_pipelines["east1"],
        ml_pipelines={},
        dag_runs={},
        jobs=[],
        manifest=manifest,
        summaries={"west2": None},
        rejected=[{}] * rejected,
    )


@pytest.mark.parametrize(
    ("rows", "rejected", "failed"),
    [
        (ROWS, 1, set()),
        ({**ROWS, "train": 1499}, 1, {"all of 2000 rows are somewhere"}),
        ({**ROWS, "input": 1999, "train": 1499}, 1, {"all of 2000 rows are somewhere"}),
        (ROWS, 0, {"each rejected row is kept"}),
    ],
)
def test_rows_that_are_lost_fail_it(rows: dict[str, int], rejected: int, failed: set[str]) -> None:
    found = list(_checks(FakeConnection(FakeAirflow([])), run_with(rows, rejected)))

    of_rows = {each["check"] for each in found if "row" in each["check"] and not each["passed"]}
    assert of_rows - {"west2 trained on the same rows"} == failed
    # Nothing ran, and no model was made.
    assert {"every DAG run succeeded", "west2 has a model"} < {
        each["check"] for each in found if not each["passed"]
    }


def test_the_report_says_what_failed_and_until_when_things_stay() -> None:
    found = {
        "environment": "environment",
        "pipeline": "east1",
        "run": RUN,
        "passed": False,
        "checks": [{"check": "all rows", "found": ROWS, "passed": True}],
        "denied": [tried(answering(None))],
        "removed": [],
        "left": [
            {"where": "s3://bucket/raw/x", "expires": "Sat, 03 Jan 2026 00:00:00 GMT"},
            {"where": "s3://bucket/models/", "expires": None},
        ],
    }

    text = markdown(found, datetime(2026, 1, 2, 3, 4, tzinfo=UTC))

    assert text.startswith("# Verification of environment, 2026-01-02 03:04 UTC")
    assert "| x | `s3:X` | 1 | no error | FAILED |" in text
    assert "| all rows | input 2000, train 1500" in text
    assert "| `s3://bucket/raw/x` | Sat, 03 Jan 2026 00:00:00 GMT |" in text
    assert "| `s3://bucket/models/` | S3 gives no date |" in text


def test_s3_says_when_it_removes_an_object() -> None:
    header = 'expiry-date="Sat, 03 Jan 2026 00:00:00 GMT", rule-id="expire-raw-verification"'

    assert expiry_of({"Expiration": header}) == "Sat, 03 Jan 2026 00:00:00 GMT"
    assert expiry_of({}) is None
