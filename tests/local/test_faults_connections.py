"""A connection's secret that was changed by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.local.fault_actions import of_the_hubs_account
from tests.local.fault_checks import verify
from tests.local.fault_rows import Fault
from tests.local.kept_run import KeptRun

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def emptied(_kept: KeptRun, _before: str) -> str:
    return "{}"


def malformed(_kept: KeptRun, before: str) -> str:
    return before[: len(before) // 2]


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
