"""What is true of every DAG and every task."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.serialization import serialized_objects
from cross_account.function import CrossAccountInvokeFunctionOperator
from cross_account.glue import CrossAccountGlueJobOperator
from cross_account.raw_file_sensor import RawFileSensor
from cross_account.replica_sensor import ReplicaSensor
from cross_account.sagemaker import (
    CrossAccountSageMakerHook,
    CrossAccountSageMakerTrainingOperator,
)
from cross_account.task_guard import check_task
from cross_account.tuning import CrossAccountSageMakerTuningOperator

from tests.dags.example_topology import pipelines

if TYPE_CHECKING:
    from airflow.models.dagbag import DagBag

pytestmark = pytest.mark.airflow

DATA = "data_east1"
ML = "ml_west2"


def tasks(dag_bag: DagBag) -> list[Any]:
    return [task for dag in dag_bag.dags.values() for task in dag.tasks]


def edges(dag: Any) -> dict[str, set[str]]:
    return {task.task_id: set(task.downstream_task_ids) for task in dag.tasks}


class TestFlow:
    """The article's flow, in its order."""

    def test_data_processing(self, dag_bag: DagBag) -> None:
        assert edges(dag_bag.dags[DATA]) == {
            "wait_for_raw_file": {"raw_to_transform"},
            "raw_to_transform": {"check_transformed_data"},
            "check_transformed_data": {"start_west2", "start_west3", "start_world", "report_run"},
            "start_west2": {"report_run"},
            "start_west3": {"report_run"},
            "start_world": {"report_run"},
            "report_run": set(),
        }

    def test_machine_learning(self, dag_bag: DagBag) -> None:
        assert edges(dag_bag.dags[ML]) == {
            "choose_run": {"wait_for_manifest", "list_files", "prepare_training", "dagcleanup"},
            "wait_for_manifest": {"list_files"},
            "list_files": {"wait_for_files"},
            "wait_for_files": {"prepare_training"},
            "prepare_training": {"train"},
            "train": {"dagcleanup", "report_run"},
            "dagcleanup": {"report_run"},
            "report_run": set(),
        }

    def test_machine_learning_on_several_sources(self, dag_bag: DagBag) -> None:
        dag = dag_bag.dags["ml_world"]
        assert edges(dag) == {
            "choose_run": {
                *("list_source_files", "combine_runs", "prepare_training", "dagcleanup"),
            },
            "list_source_files": {"wait_for_files"},
            "wait_for_files": {"combine_runs"},
            "combine_runs": {"prepare_training"},
            "prepare_training": {"train"},
            "train": {"dagcleanup", "report_run"},
            "dagcleanup": {"report_run"},
            "report_run": set(),
        }
        assert dag.get_task("choose_run").max_active_tis_per_dag == 1

    def test_only_stock_operators_but_the_articles_own(self, dag_bag: DagBag) -> None:
        kinds = {type(task) for task in tasks(dag_bag) if task.operator_name != "@task"}
        assert kinds == {
            ReplicaSensor,
            RawFileSensor,
            CrossAccountGlueJobOperator,
            TriggerDagRunOperator,
            CrossAccountSageMakerTrainingOperator,
            CrossAccountSageMakerTuningOperator,
            CrossAccountInvokeFunctionOperator,
        }


class TestEveryDag:
    """Started by a user or another DAG, never by catch-up; runs may overlap, within bounds."""

    def test_schedule(self, dag_bag: DagBag) -> None:
        for dag in dag_bag.dags.values():
            assert dag.schedule is None
            assert dag.catchup is False
            assert 1 < dag.max_active_runs < 10
            assert dag.doc_md
            assert "cross-account" in dag.tags
        names = {dag_bag.dags[dag_id].dag_display_name for dag_id in (DATA, ML)}
        assert names == {
            "Cross-account data processing: east1",
            "Cross-account machine learning: west2",
        }

    def test_a_data_dag_has_no_more_runs_than_its_glue_job_takes(self, dag_bag: DagBag) -> None:
        runs = {name: dag.max_active_runs for name, dag in dag_bag.dags.items()}
        assert runs["data_east1"] == 4
        assert runs["data_europe1"] == 2

    def test_it_can_be_stored(self, dag_bag: DagBag) -> None:
        # Airflow 3.0 and 3.1 call it otherwise.
        known = vars(serialized_objects)
        serialization: Any = known.get("DagSerialization") or known["SerializedDAG"]
        for dag in dag_bag.dags.values():
            stored = serialization.from_dict(serialization.to_dict(dag))
            assert set(stored.task_ids) == set(dag.task_ids)
            for task_id in stored.task_ids:
                # A factor in later versions, where a bare `True` would be a factor of one.
                backoff = stored.get_task(task_id).retry_exponential_backoff
                assert backoff is True or backoff == 2


class TestEveryTask:
    """Checked first, retried with growing pauses, and never waiting for ever."""

    def test_the_check_runs_first(self, dag_bag: DagBag) -> None:
        for task in tasks(dag_bag):
            assert task._pre_execute_hook is check_task, task

    def test_its_connection_is_its_pipelines(self, dag_bag: DagBag) -> None:
        seen = 0
        for name, pipeline in pipelines().items():
            kind = "data" if "raw_key" in pipeline else "ml"
            for task in dag_bag.dags[f"{kind}_{name}"].tasks:
                if task.task_id == "report_run":
                    assert task.op_kwargs["pipeline"] == name
                elif hasattr(task, "aws_conn_id"):
                    assert task.aws_conn_id == pipeline["connection_id"]
                    seen += 1
                else:
                    used = getattr(task, "op_kwargs", None) or getattr(task, "op_args", ())
                    assert pipeline["connection_id"] in str(used) or isinstance(
                        task, TriggerDagRunOperator
                    )
        assert seen == 2 * 2 + 3 * 4 + 3

    def test_retries(self, dag_bag: DagBag) -> None:
        for task in tasks(dag_bag):
            assert task.retries >= 1, task
            assert task.retry_delay <= timedelta(seconds=30), task
            assert task.max_retry_delay <= timedelta(minutes=5), task

    def test_a_paid_job_is_tried_twice_at_most(self, dag_bag: DagBag) -> None:
        paid = [task for task in tasks(dag_bag) if task.task_id in {"raw_to_transform", "train"}]
        assert len(paid) == 6
        assert {task.retries for task in paid} == {1}

    def test_work_in_a_worker_ends(self, dag_bag: DagBag) -> None:
        for task in tasks(dag_bag):
            assert task.execution_timeout <= timedelta(minutes=20), task

    def test_waits_are_deferred_and_end(self, dag_bag: DagBag) -> None:
        sensors = [task for task in tasks(dag_bag) if isinstance(task, RawFileSensor)]
        assert len(sensors) == 2
        for sensor in sensors:
            assert sensor.deferrable, sensor
            assert sensor.timeout <= 2 * 3600, sensor

    def test_jobs_are_waited_for_longer_than_they_may_take(self, dag_bag: DagBag) -> None:
        glue = dag_bag.dags[DATA].get_task("raw_to_transform")
        train = dag_bag.dags[ML].get_task("train")
        assert glue.deferrable
        assert train.deferrable
        assert 3600 < glue.waiter_delay * glue.waiter_max_attempts <= 2 * 3600
        assert 3600 < train.check_interval * train.max_attempts <= 2 * 3600


class TestOneTask:
    """Settings of single tasks."""

    def test_the_raw_file_as_the_article_waits_for_it(self, dag_bag: DagBag) -> None:
        sensor = dag_bag.dags[DATA].get_task("wait_for_raw_file")
        assert (sensor.poke_interval, sensor.timeout) == (60, 3600)
        assert sensor.bucket_key == "{{ raw_key(dag_run, 'raw/ml_train_data.csv', 'UTC') }}"
        assert sensor.version_id == "{{ raw_version(dag_run) }}"

    def test_replicas_are_waited_for_with_their_sources(self, dag_bag: DagBag) -> None:
        waits = [task for task in tasks(dag_bag) if isinstance(task, ReplicaSensor)]
        assert len(waits) == 3 * 2 + 1
        origins = {
            task.dag_id: [(each.connection_id, each.is_shared) for each in task.origins]
            for task in waits
        }
        east, europe = (pipelines()[name]["connection_id"] for name in ("east1", "europe1"))
        assert origins["ml_west2"] == [(east, True)]
        assert origins["ml_world"] == [(east, True), (europe, True)]

    def test_glue_is_not_stopped_with_the_task_and_prints_nothing(self, dag_bag: DagBag) -> None:
        glue = dag_bag.dags[DATA].get_task("raw_to_transform")
        assert not glue.stop_job_run_on_kill
        assert not glue.verbose
        names = {"--bucket_name", "--source_key", "--source_version", "--run"}
        assert set(glue.script_args) == names

    def test_an_ml_pipeline_is_started_by_run_and_not_by_date(self, dag_bag: DagBag) -> None:
        start = dag_bag.dags[DATA].get_task("start_west2")
        assert start.trigger_dag_id == ML
        assert start.skip_when_already_exists
        assert start.logical_date is None
        assert start.trigger_run_id == "{{ run_of(dag_run) }}"

    def test_one_of_several_sources_starts_it_by_its_own_name(self, dag_bag: DagBag) -> None:
        start = dag_bag.dags[DATA].get_task("start_world")
        assert start.trigger_run_id == "{{ run_of(dag_run) }}_east1"
        assert start.conf == {}

    def test_the_asset_is_an_outlet_and_no_schedule(self, dag_bag: DagBag) -> None:
        outlets = dag_bag.dags[DATA].get_task("check_transformed_data").outlets
        assert [asset.uri for asset in outlets] == [
            f"s3://{pipelines()['east1']['bucket_name']}/transformed"
        ]

    def test_training_takes_the_articles_operator_and_hook(self, dag_bag: DagBag) -> None:
        train = dag_bag.dags[ML].get_task("train")
        assert train.aws_hook_class is CrossAccountSageMakerHook
        assert not train.check_if_job_exists
        assert not train.print_log

    def test_the_clean_up_hides_nothing_and_is_invoked_once(self, dag_bag: DagBag) -> None:
        dag = dag_bag.dags[ML]
        clean_up = dag.get_task("dagcleanup")
        assert clean_up.is_teardown
        assert clean_up.on_failure_fail_dagrun
        assert dag.get_task("choose_run").is_setup
        assert clean_up.botocore_config["read_timeout"] == 330
        assert clean_up.execution_timeout > timedelta(seconds=330)
        assert clean_up.botocore_config["retries"] == {"max_attempts": 0}
