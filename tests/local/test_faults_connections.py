"""A connection's secret that was changed by hand."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.local.fault_actions import in_state, ml_run_of
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.kept_run import KeptRun

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def emptied(_kept: KeptRun, _before: str) -> str:
    return "{}"


def malformed(_kept: KeptRun, before: str) -> str:
    return before[: len(before) // 2]


def of_the_hubs_account(kept: KeptRun, before: str) -> str:
    """The same connection with a role of the hub's own account."""
    connection = json.loads(before)
    role = kept.names.role("hub", "execution")
    extra = {
        **connection["extra"],
        "role_arn": f"arn:aws:iam::{kept.plan.hub.account_id}:role/{role}",
    }
    return json.dumps({**connection, "extra": extra})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (emptied, "[no_role]"),
        (malformed, "[unreadable]"),
        (of_the_hubs_account, "[other_role]"),
    ],
)
def test_the_data_pipelines_secret_is_wrong(
    faulty: KeptRun, fault: Fault, change: Callable[[KeptRun, str], str], message: str
) -> None:
    with faulty.secret(faulty.data, lambda before: change(faulty, before)):
        run = faulty.api.trigger(faulty.data.dag_id)
        verify(faulty, fault, run)

    task = faulty.tasks(run)["wait_for_raw_file"]
    assert (task.state, task.attempt) == ("failed", 1)
    log = faulty.log(task)
    assert message in log
    assert f"aws_crossaccount_role_conn_{faulty.data.name}" in log
    assert "`pulumi up --refresh`" in log


def test_the_ml_pipelines_secret_is_wrong(faulty: KeptRun, fault: Fault) -> None:
    run = faulty.api.trigger(faulty.data.dag_id)
    in_state(faulty, run, "raw_to_transform", "deferred")
    with faulty.secret(faulty.ml, lambda before: of_the_hubs_account(faulty, before)):
        verify(faulty, fault, run)

    ml_run = ml_run_of(faulty, run)
    task = faulty.tasks(ml_run)["choose_run"]
    assert (task.state, task.attempt) == ("failed", 1)
    assert f"aws_crossaccount_role_conn_{faulty.ml.name}" in faulty.log(task)
    assert faulty.repeat(ml_run).state == "success"
    assert len(faulty.training_jobs(run.run)) == 1
