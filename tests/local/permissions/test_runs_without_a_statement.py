"""The DAGs without one statement of a role's policies: they fail, and the log says why."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from local.run.states import DagRun
from tests.local.kept_run import KeptRun
from tests.local.permissions.failing_runs import first_failure, give_up
from tests.local.permissions.policy_statements import Granted
from tests.local.permissions.policy_without_statement import without_statement
from tests.local.permissions.removals_in_a_run import REMOVALS, REPLICATION, Removal
from tests.local.permissions.used_permissions import Permissions

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def statement(permissions: Permissions, removal: Removal) -> Granted:
    """The statement that is removed."""
    (granted,) = [each for each in permissions.statements if removal.concerns(each)]
    return granted


@dataclass(frozen=True)
class Unreplicated:
    """A data run whose replication stopped, and what was at the destination when it had."""

    run: DagRun
    ml_run: DagRun
    replicas: list[str]
    holder: str
    """The ARN of the role that lacked the statement."""

    @property
    def manifest(self) -> str:
        """Its key."""
        return f"transformed/run={self.run.run}/_manifest.json"


@pytest.fixture(scope="module")
def unreplicated(kept: KeptRun, permissions: Permissions) -> Unreplicated:
    """A data run without the statement by which its role writes replicas."""
    (granted,) = [
        each
        for each in permissions.statements
        if (each.kind, each.sid) == ("replication", REPLICATION)
    ]
    with without_statement(kept, granted):
        run = kept.api.trigger(kept.data.dag_id)
        assert kept.ended(run.dag_id, run.run_id).state == "success"
        ml_run = kept.ended(kept.ml.dag_id, run.run)
    replicas = kept.keys(kept.ml, f"transformed/run={run.run}/")
    return Unreplicated(run, ml_run, replicas, granted.holder)


@pytest.fixture(scope="module")
def replicated(kept: KeptRun, unreplicated: Unreplicated) -> str:
    """The same run, copied to its destination, which no ML run has trained on yet."""
    run = unreplicated.run.run
    assert kept.operate("replicate", kept.data.name, run)["still_missing"] == {}
    return run


@pytest.mark.parametrize(
    "removal", [each for each in REMOVALS if each.dag == "data"], ids=lambda each: each.sid
)
def test_the_data_dag_fails(kept: KeptRun, permissions: Permissions, removal: Removal) -> None:
    granted = statement(permissions, removal)
    with without_statement(kept, granted):
        fails_at(kept, kept.api.trigger(kept.data.dag_id), removal, granted)


@pytest.mark.parametrize(
    "removal", [each for each in REMOVALS if each.dag == "ML"], ids=lambda each: each.sid
)
def test_the_ml_dag_fails(
    kept: KeptRun, permissions: Permissions, replicated: str, removal: Removal
) -> None:
    granted = statement(permissions, removal)
    with without_statement(kept, granted):
        fails_at(kept, kept.trigger_ml_pipeline(replicated), removal, granted)


def fails_at(kept: KeptRun, run: DagRun, removal: Removal, granted: Granted) -> None:
    """The run's first failure is where it is expected, and names the permission and the role."""
    try:
        task = first_failure(kept, run)
        log = kept.log(task)
    finally:
        give_up(kept, run)
    assert task.key.task_id == removal.task
    assert removal.permission in log
    if removal.kind in {"Glue", "SageMaker", "Lambda"}:
        assert granted.holder.rpartition("/")[2] in log


def test_replication_stops(kept: KeptRun, unreplicated: Unreplicated) -> None:
    manifest = unreplicated.manifest
    assert unreplicated.replicas == []
    task = kept.tasks(unreplicated.ml_run)["wait_for_manifest"]
    assert (unreplicated.ml_run.state, task.state) == ("failed", "failed")
    assert f"{manifest} (FAILED in s3://{kept.data.bucket})" in kept.log(task)
    log = (kept.run_directory.aws / "logs" / "gateway.log").read_text(encoding="utf-8")
    (line,) = [line for line in log.splitlines() if f"{manifest}: " in line and "lacks" in line]
    lacking = f"{unreplicated.holder} lacks ['s3:ReplicateObject on arn:aws:s3:::{kept.ml.bucket}/"
    assert lacking in line
