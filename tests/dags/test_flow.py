"""Both DAGs run, task by task with their triggers, against a stand-in for AWS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.sdk.execution_time import supervisor
from airflow.utils.session import create_session
from cross_account import job_task, replica_sensor
from cross_account.run import run_due_at
from sqlalchemy import select

from tests.dags import example_data
from tests.dags.conftest import DAG_FOLDER
from tests.dags.dag_bag import load_bag
from tests.dags.database import fill_database
from tests.dags.example_data import RUN
from tests.dags.example_topology import pipelines
from tests.dags.fake_aws import HUB, FakeAws
from tests.dags.scheduling import scheduling

if TYPE_CHECKING:
    from airflow.models.dagbag import DagBag

every_airflow = pytest.mark.airflow
"""What a version of Airflow could do differently: triggers, retries, errors. The other paths are
of our own code, and run on the default version."""

EAST = pipelines()["east1"]
WEST = pipelines()["west2"]

ROWS = {
    "InputRows": 7,
    "TrainingRows": 3,
    "ValidationRows": 1,
    "RejectedRows": 2,
    "DuplicateRows": 1,
}
"""Those of the example's manifest."""

DUE = datetime(2026, 11, 22, 12, 33, 36, 123456, tzinfo=UTC)


@pytest.fixture(scope="module", name="dag_bag")
def quick_dag_bag() -> DagBag:
    """DAGs of this module's own, with quick looks and without retries."""
    bag = load_bag(DAG_FOLDER)
    for task in (task for dag in bag.dags.values() for task in dag.tasks):
        task.retries = 0
        for setting in ("poke_interval", "waiter_delay", "check_interval"):
            if hasattr(task, setting):
                setattr(task, setting, 0.05)
    return bag


@pytest.fixture(scope="module")
def database() -> Iterator[None]:
    """A migrated database that knows every DAG and asset, and one API server for all tasks."""
    fill_database()
    with pytest.MonkeyPatch.context() as patch:
        # `dag.test` builds a server for each task, which takes some seconds each time.
        patch.setattr(supervisor, "in_process_api_server", cache(supervisor.in_process_api_server))
        yield


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_task, "pause_after", lambda _waits: timedelta())
    monkeypatch.setattr(replica_sensor, "replication_pause", lambda _waits: timedelta())


@dataclass(frozen=True)
class Result:
    """How a DAG run ended, with the error of each task that failed."""

    state: str
    tasks: dict[str, str]
    errors: dict[str, str]


def run_dag(dag_bag: DagBag, dag_id: str, **conf: Any) -> Result:
    """Run a DAG to its end."""
    with scheduling() as errors:
        dag_run = dag_bag.dags[dag_id].test(logical_date=None, run_after=DUE, run_conf=conf)
    tasks = {ti.task_id: str(ti.state) for ti in dag_run.get_task_instances()}
    return Result(str(dag_run.state), tasks, errors)


def runs_of(dag_id: str) -> dict[str, Any]:
    """The configuration of every DAG run of `dag_id` by its id."""
    with create_session() as session:
        found = session.scalars(select(DagRun).where(DagRun.dag_id == dag_id)).all()
        return {dag_run.run_id: dag_run.conf for dag_run in found}


def publish(aws: FakeAws, bucket: str, run: str = RUN) -> None:
    """Put a complete run into a bucket."""
    for key, body in example_data.files(run).items():
        aws.put(bucket, key, body)
    aws.put(bucket, f"transformed/run={run}/_manifest.json", example_data.manifest(run))


def arrive_late(aws: FakeAws, bucket: str, key: str) -> list[str]:
    """Take an object away until it has been looked for a third time; returns the looks."""
    body = aws.objects.pop((bucket, key))
    looks: list[str] = []

    def look(asked: str) -> None:
        if asked == key:
            looks.append(key)
        if len(looks) == 3:
            aws.put(bucket, key, body)

    aws.on_object_asked = look
    return looks


def assert_all_done_as(aws: FakeAws, *pipelines: dict[str, Any]) -> None:
    """Nothing but secrets and roles was asked for as the hub, nor in another Region."""
    callers = [
        (pipeline["account_id"], pipeline["cross_account_role_arn"].rsplit("/", 1)[-1])
        for pipeline in pipelines
    ]
    for call in aws.calls:
        if call.operation in {"secretsmanager:GetSecretValue", "sts:AssumeRole"}:
            assert call.caller == HUB
        else:
            _, _, _, _, account_id, session = call.caller.split(":")
            pipeline = pipelines[callers.index((account_id, session.split("/")[1]))]
            assert call.region == pipeline["region"], call


@pytest.mark.usefixtures("database")
class TestDataProcessing:
    """A raw file becomes a complete run, and every ML pipeline gets that run and no other."""

    @pytest.fixture
    def _glue_publishes(self, aws: FakeAws) -> None:
        def glue(arguments: dict[str, str]) -> str:
            assert arguments["--bucket_name"] == EAST["bucket_name"]
            assert arguments["--source_key"] == EAST["raw_key"]
            assert "--source_version" not in arguments
            publish(aws, EAST["bucket_name"], arguments["--run"])
            return "SUCCEEDED"

        aws.on_glue_run = glue
        aws.put(EAST["bucket_name"], EAST["raw_key"], b"label\n1\n")

    @every_airflow
    @pytest.mark.verification
    @pytest.mark.usefixtures("_glue_publishes")
    def test_every_ml_pipeline_is_started_once(self, dag_bag: DagBag, aws: FakeAws) -> None:
        looks = arrive_late(aws, EAST["bucket_name"], EAST["raw_key"])
        first = run_dag(dag_bag, "data_east1")
        assert first.state == "success"
        assert set(first.tasks.values()) == {"success"}
        assert len(looks) >= 3
        assert_all_done_as(aws, EAST)
        (counted,) = aws.metrics
        assert counted.pop("RunSeconds") >= 0
        assert counted == {
            "SuccessfulRuns": 1,
            "FailedRuns": 0,
            **ROWS,
        }
        for name in ("west2", "west3"):
            started = runs_of(f"ml_{name}")
            assert started[RUN] == {"run": RUN}
        # The same moment again: a cleared or retried DAG run.
        second = run_dag(dag_bag, "data_east1")
        assert second.state == "success"
        assert {second.tasks["start_west2"], second.tasks["start_west3"]} == {"skipped"}
        assert second.tasks["report_run"] == "success"

    @pytest.mark.usefixtures("_glue_publishes")
    def test_a_lost_answer_starts_no_second_job(
        self, dag_bag: DagBag, aws: FakeAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The SDK's default.
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
        aws.lost_answers = {"StartJobRun"}
        first = run_dag(dag_bag, "data_east1")
        assert (first.state, first.tasks["raw_to_transform"]) == ("failed", "failed")
        second = run_dag(dag_bag, "data_east1")
        assert second.state == "success"
        assert len(aws.glue_runs) == 1

    @every_airflow
    @pytest.mark.verification
    @pytest.mark.usefixtures("_glue_publishes", "no_pauses")
    def test_a_job_run_that_glue_rejects_is_started_later(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        aws.refused_starts = 2 * ["ConcurrentRunsExceededException"]
        result = run_dag(dag_bag, "data_east1")
        assert (result.state, result.tasks["raw_to_transform"]) == ("success", "success")
        assert aws.operations().count("glue:StartJobRun") == 3
        assert len(aws.glue_runs) == 1

    @pytest.mark.verification
    @pytest.mark.usefixtures("no_pauses")
    def test_a_job_run_that_glue_always_rejects_fails_its_task(
        self, dag_bag: DagBag, aws: FakeAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job_task, "MAX_START_WAITS", 2)
        aws.put(EAST["bucket_name"], EAST["raw_key"], b"label\n1\n")
        aws.refused_starts = 9 * ["ConcurrentRunsExceededException"]
        result = run_dag(dag_bag, "data_east1")
        assert (result.state, result.tasks["raw_to_transform"]) == ("failed", "failed")
        assert aws.operations().count("glue:StartJobRun") == 3
        assert "glue.max_concurrent_runs" in result.errors["raw_to_transform"]

    def test_a_glue_job_without_a_manifest_starts_no_ml_pipeline(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        europe = pipelines()["europe1"]
        aws.put(europe["bucket_name"], europe["raw_key"], b"label\n1\n")
        result = run_dag(dag_bag, "data_europe1")
        assert result.state == "failed"
        assert result.tasks["check_transformed_data"] == "failed"
        assert runs_of("ml_europe2") == {}

    def test_a_key_that_the_dag_does_not_know_fails_the_first_task(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        result = run_dag(dag_bag, "data_east1", run=RUN)
        assert (result.state, result.tasks["wait_for_raw_file"]) == ("failed", "failed")
        assert "unknown keys: run" in result.errors["wait_for_raw_file"]
        assert aws.calls == []

    @pytest.mark.verification
    def test_a_run_reads_the_version_that_it_was_started_for(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        bucket, key = EAST["bucket_name"], "raw/10:30 [1].csv.gz"
        aws.put(bucket, key, b"label\n1\n")
        aws.versions[bucket, key] = ('"f"', "w")
        aws.earlier_versions.add((bucket, key, "v"))
        publish(aws, bucket)
        result = run_dag(dag_bag, "data_east1", raw_key=key, raw_version="v")
        assert result.state == "success"
        (job_run,) = aws.glue_runs
        given = {"--source_key": key, "--source_version": "v"}
        assert job_run["Arguments"].items() >= given.items()

    @pytest.mark.verification
    def test_a_run_that_another_one_of_its_name_overtook_fails(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        bucket, key = EAST["bucket_name"], EAST["raw_key"]
        aws.put(bucket, key, b"label\n1\n")
        aws.earlier_versions.add((bucket, key, "u"))
        publish(aws, bucket)
        result = run_dag(dag_bag, "data_east1", raw_key=key, raw_version="u")
        assert (result.state, result.tasks["check_transformed_data"]) == ("failed", "failed")
        assert "'u'" in result.errors["check_transformed_data"]

    @every_airflow
    def test_a_failed_glue_run_fails_the_task_with_glues_own_reason(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        aws.put(EAST["bucket_name"], EAST["raw_key"], b"label\n1\n")
        aws.on_glue_run = lambda _arguments: "FAILED"
        aws.failure_reason = "JobError: the file is empty."
        result = run_dag(dag_bag, "data_east1")
        assert (result.state, result.tasks["raw_to_transform"]) == ("failed", "failed")
        assert "JobError: the file is empty." in result.errors["raw_to_transform"]


@pytest.mark.usefixtures("database")
class TestMachineLearning:
    """A run that has arrived whole becomes a model, and only then its data may be deleted."""

    DAG_ID = "ml_west2"

    @pytest.fixture(autouse=True)
    def _arrived(self, aws: FakeAws) -> None:
        publish(aws, WEST["bucket_name"])
        config = example_data.training_config(WEST["bucket_name"])
        aws.put(WEST["bucket_name"], WEST["training_config_key"], config)

    @every_airflow
    @pytest.mark.usefixtures("no_pauses")
    def test_to_the_model(self, dag_bag: DagBag, aws: FakeAws) -> None:
        looks = arrive_late(aws, WEST["bucket_name"], max(example_data.files()))
        aws.training_statuses = ["InProgress", "InProgress", "InProgress", "Completed"]
        result = run_dag(dag_bag, self.DAG_ID, run=RUN)
        assert result.state == "success"
        assert set(result.tasks.values()) == {"success"}
        assert len(looks) >= 3
        assert_all_done_as(aws, WEST, EAST)
        (counted,) = aws.metrics
        assert counted.pop("RunSeconds") >= counted.pop("ReplicationSeconds") >= 0
        assert counted == {
            "SuccessfulRuns": 1,
            "FailedRuns": 0,
            "TrainingSeconds": 0,
            "train:logloss": 0.25,
        }
        assert aws.payloads == [
            {
                "run": RUN,
                "training": RUN,
                "outcome": "success",
                "training_job_name": f"unified-pipelines-dev-west2-{RUN}",
                "model_artifact": f"s3://{WEST['bucket_name']}/models/run={RUN}/model.tar.gz",
                "metrics": {"train:logloss": 0.25},
                "trained_with": {
                    "image": "image:1.7-1",
                    "hyperparameters": {"objective": "binary:logistic", "num_round": "50"},
                    "code": None,
                },
            }
        ]

    @pytest.mark.verification
    def test_a_failed_replication_fails_the_run_until_it_is_repaired(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        publish(aws, EAST["bucket_name"])
        part = max(example_data.files())
        body = aws.objects.pop((WEST["bucket_name"], part))
        aws.replications[EAST["bucket_name"], part] = "FAILED"
        result = run_dag(dag_bag, self.DAG_ID, run=RUN)
        assert (result.state, result.tasks["wait_for_files"]) == ("failed", "failed")
        assert f"{part} (FAILED in s3://{EAST['bucket_name']})" in result.errors["wait_for_files"]
        # S3 doesn't change the status of what is copied by hand.
        aws.put(WEST["bucket_name"], part, body)
        assert run_dag(dag_bag, self.DAG_ID, run=RUN).state == "success"

    @pytest.mark.usefixtures("no_pauses")
    def test_a_training_that_sagemaker_rejects_is_started_later(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        aws.refused_starts = 2 * ["ResourceLimitExceeded"]
        result = run_dag(dag_bag, self.DAG_ID, run=RUN)
        assert (result.state, result.tasks["train"]) == ("success", "success")
        assert aws.operations().count("sagemaker:CreateTrainingJob") == 3
        assert len(aws.jobs) == 1

    @every_airflow
    def test_a_failed_training_stays_failed_and_keeps_the_data(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        aws.training_statuses = ["InProgress", "InProgress", "Failed"]
        aws.failure_reason = "AlgorithmError: the label must be in [0,1]"
        result = run_dag(dag_bag, self.DAG_ID, run=RUN)
        assert (result.state, result.tasks["train"]) == ("failed", "failed")
        assert "AlgorithmError: the label must be in [0,1]" in result.errors["train"]
        assert result.tasks["dagcleanup"] == "success"
        assert [payload["outcome"] for payload in aws.payloads] == ["failed"]

    @pytest.mark.verification
    def test_a_failed_clean_up_fails_the_run(self, dag_bag: DagBag, aws: FakeAws) -> None:
        aws.cleanup_fails = True
        result = run_dag(dag_bag, self.DAG_ID, run=RUN)
        assert result.tasks["train"] == "success"
        assert (result.state, result.tasks["dagcleanup"]) == ("failed", "failed")
        assert [each for each in aws.metrics if "SuccessfulRuns" in each] == []

    def test_a_cleaned_run_fails_at_once_and_nothing_is_cleaned(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        aws.put(WEST["bucket_name"], f"runs/{RUN}/summary.json", {"outcome": "success"})
        del aws.objects[WEST["bucket_name"], next(iter(example_data.files()))]
        result = run_dag(dag_bag, self.DAG_ID, run=RUN)
        assert (result.state, result.tasks["choose_run"]) == ("failed", "failed")
        assert result.tasks["dagcleanup"] == "upstream_failed"
        assert aws.payloads == []

    @pytest.mark.verification
    def test_a_run_that_has_a_model_is_trained_on_again_as_the_dag_run_says(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        aws.put(WEST["bucket_name"], f"runs/{RUN}/summary.json", {"outcome": "success"})
        with scheduling():
            dag_run = dag_bag.dags[self.DAG_ID].test(
                logical_date=None,
                run_after=DUE + timedelta(days=1),
                run_conf={"run": RUN, "hyperparameters": {"eta": 0.1}},
            )
        assert dag_run.state == "success"
        again = run_due_at(DUE + timedelta(days=1))
        (cleaned,) = aws.payloads
        assert (cleaned["run"], cleaned["training"]) == (RUN, again)
        assert cleaned["training_job_name"] == f"unified-pipelines-dev-west2-{again}"
        assert f"/run={RUN}/" in cleaned["model_artifact"]
        assert cleaned["trained_with"]["hyperparameters"]["eta"] == "0.1"

    @every_airflow
    def test_a_late_source_ends_as_skipped(self, dag_bag: DagBag, aws: FakeAws) -> None:
        publish(aws, EAST["bucket_name"])
        result = run_dag(dag_bag, "ml_world")
        assert (result.state, set(result.tasks.values())) == ("success", {"skipped"})
        assert (aws.payloads, aws.metrics) == ([], [])

    def test_a_key_that_the_dag_does_not_know_fails_the_first_task(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        task = dag_bag.dags[self.DAG_ID].get_task("choose_run")
        task.retries = 3
        result = run_dag(dag_bag, self.DAG_ID, runs=RUN)
        task.retries = 0
        assert (result.state, result.tasks["choose_run"]) == ("failed", "failed")
        assert aws.calls == []

    def test_a_wrong_account_fails_without_a_retry(self, dag_bag: DagBag, aws: FakeAws) -> None:
        aws.impostor = HUB
        task = dag_bag.dags[self.DAG_ID].get_task("choose_run")
        task.retries = 3
        result = run_dag(dag_bag, self.DAG_ID, run=RUN)
        task.retries = 0
        assert (result.state, result.tasks["choose_run"]) == ("failed", "failed")


@pytest.mark.verification
@pytest.mark.usefixtures("database")
class TestTuning:
    """Of many training jobs, the best one is the run's."""

    EUROPE = pipelines()["europe2"]
    JOB = f"abcdefgh-{RUN}"

    @pytest.fixture(autouse=True)
    def _arrived(self, aws: FakeAws) -> None:
        bucket = self.EUROPE["bucket_name"]
        publish(aws, bucket)
        config = example_data.tuning_config(bucket)
        aws.put(bucket, self.EUROPE["training_config_key"], config)

    @every_airflow
    def test_to_the_best_model(self, dag_bag: DagBag, aws: FakeAws) -> None:
        aws.training_statuses = ["InProgress", "InProgress", "Completed"]
        result = run_dag(dag_bag, "ml_europe2", run=RUN)
        assert result.state == "success"
        assert_all_done_as(aws, self.EUROPE)
        best = f"{self.JOB}-001-0123abcd"
        (payload,) = aws.payloads
        assert (payload["outcome"], payload["training_job_name"]) == ("success", best)
        assert payload["trained_with"] == {
            "image": "image:1.7-1",
            "hyperparameters": {"objective": "binary:logistic", "num_round": "50", "eta": "0.1"},
            "code": None,
            "tuning_job": self.JOB,
            "tuning_jobs_completed": 3,
        }
        assert aws.metrics[0]["SuccessfulRuns"] == 1

    @every_airflow
    def test_where_all_fail_a_training_jobs_reason_is_told(
        self, dag_bag: DagBag, aws: FakeAws
    ) -> None:
        aws.training_statuses = ["InProgress", "Failed"]
        aws.failure_reason = "AlgorithmError: label must be in [0,1] for logistic regression"
        result = run_dag(dag_bag, "ml_europe2", run=RUN)
        assert (result.state, result.tasks["train"]) == ("failed", "failed")
        said = result.errors["train"]
        assert f"Tuning job {self.JOB} ended as Failed: All training jobs failed." in said
        assert f"Training job {self.JOB}-001-0123abcd: {aws.failure_reason}" in said
        assert aws.payloads[0]["outcome"] == "failed"
