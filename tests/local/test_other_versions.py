"""Other versions of Airflow in place: the history stays, and a run under way ends with a model.

A run goes down while it waits for its file, and up while it waits for Glue. The environment is the
shared one: if this fails, what comes after it in the same environment may fail, too.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

import pytest

from components.hub.drain import Drain
from local.run.states import DagRun
from tests.local.fault_actions import in_state
from tests.local.fault_checks import trained
from tests.local.kept_run import KeptRun, wait_for

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def update(kept: KeptRun, version: str) -> None:
    """What `pulumi up` does with another `airflow_version`: drain, update, unpause."""
    mwaa, said, warned = kept.client("mwaa", kept.plan.hub), list[str](), list[str]()
    drain = Drain(
        connect=lambda: mwaa,
        environment=kept.plan.environment,
        minutes=10,
        stop_if_running=True,
        say=said.append,
        warn=warned.append,
        sleep=lambda _: time.sleep(1),
    )
    drain.before_update()
    mwaa.update_environment(Name=kept.plan.environment, AirflowVersion=version)
    available = partial(status, kept)
    assert wait_for(f"Airflow {version}", available) == ("AVAILABLE", version, "SUCCESS")
    drain.unpause()
    assert not warned
    assert said[-1].startswith("unpaused after the update: ")


def status(kept: KeptRun) -> tuple[str, str, str] | None:
    """How the environment's update ended, if it has."""
    mwaa = kept.client("mwaa", kept.plan.hub)
    found = mwaa.get_environment(Name=kept.plan.environment)["Environment"]
    if found["Status"] == "UPDATING":
        return None
    return found["Status"], found["AirflowVersion"], found["LastUpdate"]["Status"]


def history(kept: KeptRun) -> set[tuple[str, ...]]:
    """Every task of the data pipeline's runs that has succeeded."""
    return {task.key for task in kept.api.tasks(kept.data.dag_id) if task.state == "success"}


def ends(runs: Sequence[DagRun]) -> dict[str, str]:
    """The state of each run."""
    return {run.run_id: run.state for run in runs}


def test_back_and_up_with_a_run_under_way(kept: KeptRun) -> None:
    before = history(kept)
    assert before
    raw = kept.client("s3", kept.data.account_region)
    raw.delete_object(Bucket=kept.data.bucket, Key=kept.data.raw_key)
    run = kept.api.trigger(kept.data.dag_id)
    in_state(kept, run, "wait_for_raw_file", "deferred")

    # Airflow before 3.3 can't list runs that another DAG started under 3.3.
    (*_, backup) = kept.operate("backup")["backups"]
    ml_runs = kept.api.dag_runs(kept.ml.dag_id)
    assert ml_runs
    kept.delete(ml_runs)
    update(kept, "3.0.6")
    assert before <= history(kept)
    kept.upload(kept.directory / f"sample-{kept.data.name}.csv")
    in_state(kept, run, "raw_to_transform", "deferred")

    update(kept, "3.2.1")
    update(kept, "3.3.1")
    assert before <= history(kept)
    assert kept.ended(run.dag_id, run.run_id).state == "success"
    assert kept.ended(kept.ml.dag_id, run.run).state == "success"
    trained(kept, run.run)
    data_runs = ends(kept.api.dag_runs(kept.data.dag_id))
    assert kept.operate("restore", backup)["refused_runs"] == {}
    assert ends(kept.api.dag_runs(kept.data.dag_id)) == data_runs
    assert ends(ml_runs).items() <= ends(kept.api.dag_runs(kept.ml.dag_id)).items()
