"""Other versions of Airflow in place: the history stays, and a run under way ends with a model."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest
import yaml

from components.hub.drain import Drain
from local.run.run_directory import CHECKOUT
from tests.local.fault_actions import in_state
from tests.local.fault_checks import trained
from tests.local.kept_run import SELDOM, KeptRun, keeping, wait_for

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]


def stack_on(version: str, folder: Path) -> Path:
    """The stack `local` on a version of Airflow."""
    stack = folder / "Pulumi.local.yaml"
    content = yaml.safe_load((CHECKOUT / "stacks" / stack.name).read_text(encoding="utf-8"))
    hub = content["config"]["unified-pipelines:topology"]["hub"]
    hub["environment"] = {"airflow_version": version, "configuration_options": SELDOM}
    stack.write_text(yaml.safe_dump(content), encoding="utf-8")
    return stack


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
    """Every task of every run that has succeeded."""
    return {task.key for task in kept.api.tasks() if task.state == "success"}


def test_up_and_back_with_a_run_under_way(tmp_path: Path) -> None:
    with keeping(tmp_path, str(stack_on("3.0.6", tmp_path))) as kept:
        before = history(kept)
        assert before
        raw = kept.client("s3", kept.data.account_region)
        raw.delete_object(Bucket=kept.data.bucket, Key=kept.data.raw_key)
        run = kept.api.trigger(kept.data.dag_id)
        in_state(kept, run, "wait_for_raw_file", "deferred")

        update(kept, "3.2.1")
        update(kept, "3.3.1")
        assert before <= history(kept)
        kept.upload(kept.directory / f"sample-{kept.data.name}.csv")
        in_state(kept, run, "raw_to_transform", "deferred")

        update(kept, "3.0.6")
        assert before <= history(kept)
        assert kept.ended(run.dag_id, run.run_id).state == "success"
        assert kept.ended(kept.ml.dag_id, run.run).state == "success"
        trained(kept, run.run)
