"""The state of a whole run, on which the explanation, the report and its median depend."""

from __future__ import annotations

import pytest

from operate.dag_runs import DagRun
from operate.gathering import state_of
from tests.operate.answers import dag_run_row


def dag_runs(*states: str) -> list[DagRun]:
    return [DagRun.model_validate(dag_run_row("data_east1", state)) for state in states]


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (("success", "success"), "success"),
        (("success",), "running"),
        (("success", "running"), "running"),
        (("failed",), "failed"),
        (("success", "failed"), "failed"),
        ((), "running"),
    ],
)
def test_a_run_succeeds_once_every_pipelines_dag_run_has(
    states: tuple[str, ...], state: str
) -> None:
    assert state_of(dag_runs(*states), ["west2"]) == state
