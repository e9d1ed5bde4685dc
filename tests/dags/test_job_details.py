"""What the jobs' hooks ask of AWS and pass on, to the last argument."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import MagicMock

import pytest
from airflow.providers.amazon.aws.hooks.glue import GlueJobHook
from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator
from cross_account.failure import PipelineError
from cross_account.glue import CrossAccountGlueJobHook
from cross_account.manifest import read_manifest
from cross_account.sagemaker import (
    CrossAccountSageMakerHook,
    CrossAccountSageMakerTrainingOperator,
)
from cross_account.training_request import TrainingConfigError, fill_in

from tests.dags import example_data
from tests.dags.example_data import RUN

JOB = "unified-pipelines-dev-east1-mwaa_glue_raw_to_transform"
DUE = datetime(2026, 11, 22, 12, 33, 36, 123456, tzinfo=UTC)
ARGUMENTS = {"--bucket_name": "bucket", "--run": "20261122T123336123456"}
NAME = "unified-pipelines-dev-west2-20261122T123336123456"


class TestGlue:
    """A job run is looked for as far as it can be, and started as it was asked for."""

    @pytest.fixture
    def client(self, monkeypatch: pytest.MonkeyPatch) -> MagicMock:
        client = MagicMock()
        client.start_job_run.return_value = {"JobRunId": "jr_new"}
        monkeypatch.setattr(GlueJobHook, "conn", client, raising=False)
        monkeypatch.setattr(
            GlueJobHook,
            "get_client_type",
            lambda _self, config: client.configured(config) and client,
        )
        return client

    @staticmethod
    def listed(client: MagicMock, *pages: dict[str, Any]) -> None:
        """One job run a page."""
        found = [{"JobRuns": [page]} for page in pages]
        client.get_paginator.return_value.paginate.return_value = found

    @staticmethod
    def job_run(**changes: Any) -> dict[str, Any]:
        return {
            "Id": "jr_1",
            "JobRunState": "RUNNING",
            "Arguments": ARGUMENTS,
            "StartedOn": DUE,
            **changes,
        }

    @staticmethod
    def start(**settings: Any) -> dict[str, str]:
        hook = CrossAccountGlueJobHook(job_name=JOB, aws_conn_id=None)
        return hook.initialize_job(ARGUMENTS, settings)

    def test_it_is_started_once_with_all_that_was_asked_for(self, client: MagicMock) -> None:
        self.listed(client)
        assert self.start(NumberOfWorkers=3) == {"JobRunId": "jr_new"}
        client.start_job_run.assert_called_once_with(
            JobName=JOB, Arguments=ARGUMENTS, NumberOfWorkers=3
        )
        (config,) = client.configured.call_args.args
        assert config.retries == {"total_max_attempts": 1}

    def test_one_with_exactly_these_arguments_is_reattached_to(self, client: MagicMock) -> None:
        self.listed(client, self.job_run())
        assert self.start() == {"JobRunId": "jr_1"}
        client.start_job_run.assert_not_called()

    def test_one_without_arguments_is_another(self, client: MagicMock) -> None:
        other = self.job_run(Id="jr_0")
        del other["Arguments"]
        self.listed(client, other, self.job_run())
        assert self.start() == {"JobRunId": "jr_1"}

    def test_clocks_may_differ_by_five_minutes(self, client: MagicMock) -> None:
        other = self.job_run(Arguments={}, StartedOn=DUE - timedelta(minutes=5))
        self.listed(client, other, self.job_run())
        assert self.start() == {"JobRunId": "jr_1"}

    def test_nothing_older_is_looked_at(self, client: MagicMock) -> None:
        before = DUE - timedelta(minutes=5, microseconds=1)
        self.listed(client, self.job_run(Arguments={}, StartedOn=before), self.job_run())
        assert self.start() == {"JobRunId": "jr_new"}


class TestSageMaker:
    """The stock hook and operator get every argument."""

    @staticmethod
    def hook() -> CrossAccountSageMakerHook:
        return CrossAccountSageMakerHook(aws_conn_id=None)  # type: ignore[no-untyped-call]

    def test_a_start_has_the_stock_defaults(self) -> None:
        ours, stock = (
            {
                name: parameter.default
                for name, parameter in inspect.signature(
                    hook.create_training_job
                ).parameters.items()
            }
            for hook in (CrossAccountSageMakerHook, SageMakerHook)
        )
        assert ours == stock

    def test_a_start_passes_everything_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stock = MagicMock()
        monkeypatch.setattr(SageMakerHook, "create_training_job", stock)
        monkeypatch.setattr(SageMakerHook, "describe_training_job", MagicMock(return_value={}))
        monkeypatch.setattr(CrossAccountSageMakerHook, "job_status", lambda _self, _name: None)
        config = {"TrainingJobName": NAME}
        self.hook().create_training_job(
            config,
            wait_for_completion=True,
            print_log=False,
            check_interval=7,
            max_ingestion_time=9,
        )
        stock.assert_called_once_with(config, True, False, 7, 9)  # noqa: FBT003 (the stock's order)

    def test_a_job_is_reattached_to(self, monkeypatch: pytest.MonkeyPatch) -> None:
        job = {"TrainingJobName": NAME, "TrainingJobStatus": "InProgress"}
        monkeypatch.setattr(SageMakerHook, "describe_training_job", lambda _self, _name: job)
        started = self.hook().create_training_job({"TrainingJobName": NAME})
        assert started == {"ResponseMetadata": {"HTTPStatusCode": 200}}

    def test_99_jobs_are_looked_at_and_no_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []

        def failed(_self: SageMakerHook, name: str) -> dict[str, str]:
            asked.append(name)
            return {"TrainingJobName": name, "TrainingJobStatus": "Failed"}

        monkeypatch.setattr(SageMakerHook, "describe_training_job", failed)
        names = [NAME, *(f"{NAME}-{number}" for number in range(2, 100))]
        last: Any = self.hook().last_job(NAME)
        assert last["TrainingJobName"] == f"{NAME}-99"
        assert asked == names

        asked.clear()
        with pytest.raises(PipelineError):
            self.hook().usable_job_name(NAME)
        assert asked == names

    @staticmethod
    def operator(monkeypatch: pytest.MonkeyPatch) -> CrossAccountSageMakerTrainingOperator:
        hook = MagicMock()
        hook.usable_job_name.return_value = f"{NAME}-2"
        monkeypatch.setattr(CrossAccountSageMakerTrainingOperator, "hook", hook)
        return CrossAccountSageMakerTrainingOperator(
            task_id="train", aws_conn_id=None, config={"TrainingJobName": NAME}
        )

    def test_the_stock_operator_gets_the_context(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stock = MagicMock(return_value={"Training": {}})
        monkeypatch.setattr(SageMakerTrainingOperator, "execute", stock)
        operator = self.operator(monkeypatch)
        context: dict[str, Any] = {"ti": None}
        assert operator.execute(context) == {"Training": {}}
        stock.assert_called_once_with(context)
        assert operator.config["TrainingJobName"] == f"{NAME}-2"


def test_every_channel_that_is_distributed_has_a_file_for_each_instance() -> None:
    given = example_data.training_config("bucket")
    source = given["InputDataConfig"][1]["DataSource"]["S3DataSource"]
    source["S3DataDistributionType"] = "ShardedByS3Key"
    given["ResourceConfig"]["InstanceCount"] = 2
    with pytest.raises(TrainingConfigError, match="validation"):
        fill_in(given, read_manifest(RUN, example_data.manifest()), "name")
