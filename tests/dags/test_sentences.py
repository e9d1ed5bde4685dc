"""What a user reads when a run fails, word for word: no other test repeats these sentences.

Each says what was found, what was expected, and what to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from unittest.mock import MagicMock

import pytest
from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook
from cross_account.aws_error import ClientError
from cross_account.cleanup import payload
from cross_account.connection_guard import check_connection
from cross_account.failure import AirflowFailException, PipelineError
from cross_account.function import CrossAccountInvokeFunctionOperator
from cross_account.glue import CrossAccountGlueJobHook, CrossAccountGlueJobOperator
from cross_account.job_task import JobTask
from cross_account.manifest import (
    ManifestError,
    ObjectVersion,
    check_files,
    check_source,
    read_manifest,
)
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.raw_file import check_raw_file, require_version
from cross_account.raw_file_choice import RawFileChoiceError, check_choice
from cross_account.raw_file_sensor import AirflowSensorTimeout, RawFileSensor
from cross_account.run import manifest_key, summary_key
from cross_account.run_choice import RunChoiceError, choose, require_name
from cross_account.run_configuration import RunConfigurationError, check_keys
from cross_account.sagemaker import (
    CrossAccountSageMakerHook,
    CrossAccountSageMakerTrainingOperator,
)
from cross_account.settings import MAX_START_WAITS
from cross_account.tasks import list_files, prepare_training
from cross_account.topology_file import TopologyFileError, load_topology_file
from cross_account.training_request import TrainingConfigError, fill_in

from tests.dags import example_data
from tests.dags.changes import changed
from tests.dags.example_data import RUN, folder
from tests.dags.example_topology import SECRETS, connection, pipelines, topology
from tests.dags.fake_aws import HUB, FakeAws

GOOD = example_data.manifest()
MANIFEST = f"transformed/run={RUN}/_manifest.json"
FIRST, SECOND, THIRD = (file["key"] for file in GOOD["files"])
EAST, WEST = pipelines()["east1"], pipelines()["west2"]
SECRET = f"{SECRETS}/{EAST['connection_id']}"


class TestManifest:
    """The manifest that the Glue job wrote, and the files that arrived."""

    @pytest.mark.parametrize(
        ("path", "value", "sentence"),
        [
            ("version", 2, "version: expected 1, got 2."),
            ("rows", ..., "rows: Field required."),
            ("rows.train", -1, "rows.train: expected greater than or equal to 0, got -1."),
            ("files.1.size", "9", "files.1.size: expected a valid integer, got '9'."),
            (
                "rows.input",
                8,
                (
                    "rows: 8 rows came in, but train, validation, rejected and duplicates are 7 "
                    "together."
                ),
            ),
            (
                "run",
                "x",
                (
                    f"expected the run {RUN} with the channels {GOOD['channels']}, got x with "
                    f"{GOOD['channels']}."
                ),
            ),
            (
                "files.1.key",
                FIRST,
                f"files: expected each key once, got {FIRST} more than once.",
            ),
            (
                "files.1.key",
                "a",
                "files: expected keys directly below a channel's prefix, got a.",
            ),
            (
                "files",
                [],
                "files: expected at least one in each channel, got none in train, validation.",
            ),
        ],
    )
    def test_a_wrong_one(self, path: str, value: object, sentence: str) -> None:
        with pytest.raises(ManifestError) as raised:
            read_manifest(RUN, changed(GOOD, path, value))
        assert str(raised.value) == f"{MANIFEST}: {sentence}"

    def test_several_problems(self) -> None:
        content = {**GOOD, "version": 2, "attempt": "", "rows": 1, "files": 1}
        with pytest.raises(ManifestError) as raised:
            read_manifest(RUN, content)
        assert str(raised.value) == (
            f"{MANIFEST}: version: expected 1, got 2; "
            "attempt: String should match pattern '^[^/]+$', got ''; "
            "rows: expected a valid dictionary or instance of Rows, got 1 and 1 more."
        )

    def test_other_files_than_it_lists(self) -> None:
        found = {FIRST: 1, THIRD: 8, **{f"{folder()}train/{name}": 0 for name in "abcd"}}
        with pytest.raises(ManifestError) as raised:
            check_files(read_manifest(RUN, GOOD), found)
        assert str(raised.value) == (
            f"The files of run {RUN} differ from {MANIFEST}: missing: {SECOND}; "
            f"of another size: {FIRST} (1 bytes, not 13); "
            f"not in the manifest: {folder()}train/a, {folder()}train/b, {folder()}train/c "
            "and 1 more. Start a new run of the data-processing DAG."
        )

    @pytest.mark.parametrize(
        ("found", "sentence"),
        [
            ({}, f"missing: {FIRST}, {SECOND}, {THIRD}"),
            ({SECOND: 7, THIRD: 8}, f"missing: {FIRST}"),
        ],
    )
    def test_missing_files(self, found: dict[str, int], sentence: str) -> None:
        with pytest.raises(ManifestError) as raised:
            check_files(read_manifest(RUN, GOOD), found)
        assert str(raised.value) == (
            f"The files of run {RUN} differ from {MANIFEST}: {sentence}. "
            "Start a new run of the data-processing DAG."
        )


def bucket_of(objects: dict[str, object]) -> PipelineBucket:
    """A bucket of these JSON objects, without a client."""
    bucket = PipelineBucket("bucket", None)
    object.__setattr__(bucket, "read_json", objects.get)
    object.__setattr__(bucket, "prefixes", lambda _prefix: [])
    return bucket


class TestRunChoice:
    """Which run a model is trained on."""

    def test_no_run(self) -> None:
        with pytest.raises(RunChoiceError) as raised:
            choose(bucket_of({}), "yesterday", RUN)
        assert str(raised.value) == (
            "run: expected a run such as 20261122T123336123456, got 'yesterday'. Give the "
            "data-processing DAG run's run_after in UTC, or nothing for the newest run."
        )

    def test_nothing_arrived(self) -> None:
        with pytest.raises(RunChoiceError) as raised:
            choose(bucket_of({}), None, RUN)
        assert str(raised.value) == (
            f"s3://bucket/transformed/ has no manifest of a run up to {RUN}: run the "
            "data-processing DAG of this pipeline's source, and check that replication works."
        )

    def test_cleaned(self) -> None:
        with pytest.raises(RunChoiceError) as raised:
            choose(bucket_of({summary_key(RUN): {"outcome": "success"}}), RUN, RUN)
        assert str(raised.value) == (
            f"The training data of run {RUN} was deleted after a successful training, see "
            f"s3://bucket/runs/{RUN}/summary.json: it is kept for keep_training_data_days of the "
            "topology. Choose another run, or start a new one with the data-processing DAG."
        )

    def test_a_training_named_as_another_run(self) -> None:
        with pytest.raises(RunChoiceError) as raised:
            require_name(bucket_of({manifest_key(RUN): GOOD}), "20200101T000000000000", RUN)
        assert str(raised.value) == (
            f"The DAG run's moment {RUN} is also the name of a run in s3://bucket/: "
            "trigger a new DAG run without a logical date."
        )

    def test_another_raw_file(self) -> None:
        bucket = bucket_of({manifest_key(RUN): GOOD})
        object.__setattr__(bucket, "version", lambda _key: ObjectVersion(etag="other"))
        with pytest.raises(PipelineError) as raised:
            check_raw_file(bucket, RUN, "raw/file.csv")
        assert str(raised.value) == (
            f"Run {RUN} is complete and was made from an earlier version of "
            "s3://bucket/raw/file.csv: trigger a new DAG run to process the current version, or "
            "mark this task as success to continue with the run as it is."
        )

    def test_a_version_that_is_not_there(self) -> None:
        bucket = bucket_of({})
        object.__setattr__(bucket, "version", lambda _key, _version: None)
        with pytest.raises(PipelineError) as raised:
            require_version(bucket, RUN, "raw/file.csv", "v1")
        assert str(raised.value) == (
            "There is no version 'v1' of s3://bucket/raw/file.csv: it was deleted, or it is "
            "another object's. Trigger a new DAG run with a version that exists, or without "
            "raw_version for the current one."
        )

    def test_a_run_of_another_version(self) -> None:
        with pytest.raises(ManifestError) as raised:
            check_source(read_manifest(RUN, GOOD), "v1")
        assert str(raised.value) == (
            f"{MANIFEST}: expected the version 'v1' of the raw file as its source, got 'v': "
            "another DAG run has the same name. Trigger a new DAG run with the same raw_key and "
            "raw_version."
        )

    @pytest.mark.parametrize(
        ("conf", "sentence"),
        [
            (
                {"raw_key": "config/x.csv"},
                (
                    "raw_key: expected the key of an object below raw/, got 'config/x.csv'. "
                    "Trigger a new DAG run with such a key, or without one."
                ),
            ),
            (
                {"raw_version": "v1"},
                (
                    "raw_version: expected raw_key beside it, got 'v1' alone. Trigger a new DAG "
                    "run with both."
                ),
            ),
            (
                {"raw_key": "raw/day/", "raw_version": "v1"},
                (
                    "raw_version: expected none beside 'raw/day/', which stands for several "
                    "objects, got 'v1'. Trigger a new DAG run without it."
                ),
            ),
        ],
    )
    def test_a_choice_of_no_raw_file(self, conf: dict[str, str], sentence: str) -> None:
        with pytest.raises(RawFileChoiceError) as raised:
            check_choice(SimpleNamespace(conf=conf))
        assert str(raised.value) == sentence

    def test_a_raw_file_that_airflow_may_not_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise ClientError({"Error": {"Code": "403"}}, "HeadObject")

        monkeypatch.setattr(S3Hook, "head_object", refuse)
        sensor = RawFileSensor(
            task_id="wait",
            aws_conn_id=None,
            bucket_name="bucket",
            bucket_key="raw/other.csv",
            version_id="",
            deferrable=True,
        )
        with pytest.raises(RuntimeError) as raised:
            sensor.execute({"dag_run": SimpleNamespace(conf={"raw_key": "raw/other.csv"})})
        assert str(raised.value) == (
            "Airflow may not read s3://bucket/raw/other.csv: it may read what the pipeline's "
            "raw_key names in the topology, and versions of what start.on_upload matches. Trigger "
            "a new DAG run with such a key, and its version, or change the topology."
        )

    def test_a_prefix_that_stays_empty(self, monkeypatch: pytest.MonkeyPatch) -> None:
        there: list[str] = []
        monkeypatch.setattr(
            S3Hook,
            "iter_file_metadata",
            lambda _hook, prefix, bucket_name: iter([{"Key": key} for key in there]),
        )
        sensor = RawFileSensor(
            task_id="wait",
            aws_conn_id=None,
            bucket_name="bucket",
            bucket_key="raw/day [1]/",
            version_id="",
            timeout=7200,
            deferrable=True,
        )
        timed_out = ("__fail__", {"error": "Trigger timeout"})
        with pytest.raises(AirflowSensorTimeout) as raised:
            sensor.resume_execution(*timed_out, {})
        assert str(raised.value) == (
            "Missing in bucket bucket after 120 minutes: raw/day [[]1]/*. "
            "Upload it, then clear this task."
        )
        there.append("raw/day [1]/a.csv")
        assert sensor.resume_execution(*timed_out, {}) is None

    def test_unknown_configuration(self) -> None:
        with pytest.raises(RunConfigurationError) as raised:
            check_keys({"rum": RUN, "day": 1, "run": RUN}, ["run"])
        assert str(raised.value) == (
            "The DAG run's configuration has unknown keys: day, rum; expected run. "
            "Trigger a new DAG run without them."
        )


class TestTrainingRequest:
    """The training configuration that the deployment wrote."""

    NEXT_STEP = "Delete the file and run `pulumi up --refresh`, which writes it again."

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [([], "expected an object, got []."), ({}, "'InputDataConfig' is missing.")],
    )
    def test_an_unusable_one(self, content: object, sentence: str) -> None:
        with pytest.raises(TrainingConfigError) as raised:
            fill_in(content, read_manifest(RUN, GOOD), "name")
        assert str(raised.value) == f"training configuration: {sentence} {self.NEXT_STEP}"

    @pytest.mark.parametrize(
        ("path", "sentence"),
        [
            (
                "InputDataConfig.1.DataSource.S3DataSource.S3Uri",
                "channel validation needs the placeholder {validation}, got 'fixed'.",
            ),
            (
                "OutputDataConfig.S3OutputPath",
                "S3OutputPath needs the placeholder run={run}/, got 'fixed'.",
            ),
        ],
    )
    def test_a_fixed_path(self, path: str, sentence: str) -> None:
        configuration = changed(example_data.training_config("bucket"), path, "fixed")
        with pytest.raises(TrainingConfigError) as raised:
            fill_in(configuration, read_manifest(RUN, GOOD), "name")
        assert str(raised.value) == f"training configuration: {sentence} {self.NEXT_STEP}"

    def test_fewer_files_than_instances(self) -> None:
        given = example_data.training_config("bucket")
        source = given["InputDataConfig"][1]["DataSource"]["S3DataSource"]
        source["S3DataDistributionType"] = "ShardedByS3Key"
        given["ResourceConfig"]["InstanceCount"] = 2
        with pytest.raises(TrainingConfigError) as raised:
            fill_in(given, read_manifest(RUN, GOOD), "name")
        assert str(raised.value) == (
            f"channel validation of run {RUN}: expected at least one file for each of 2 instances, "
            "got 1. Lower training.instance_count in the topology, or process more rows."
        )


class TestTopologyFile:
    """`topology.json`, which the deployment wrote."""

    NEXT_STEP = "Delete it and run `pulumi up --refresh`, which writes it again; don't edit it."

    def refusal(self, file: Path) -> str:
        with pytest.raises(TopologyFileError) as raised:
            load_topology_file(file)
        sentence = str(raised.value)
        assert sentence.startswith(f"{file}")
        assert sentence.endswith(f". {self.NEXT_STEP}")
        return sentence.removeprefix(str(file)).removesuffix(f". {self.NEXT_STEP}")

    def test_a_missing_file(self, tmp_path: Path) -> None:
        assert self.refusal(tmp_path / "topology.json") == (
            " can't be read (No such file or directory), so there are no DAGs"
        )

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (
                "[",
                "Invalid JSON: EOF while parsing a list at line 1 column 1, got b'['",
            ),
            ("[]", "expected an object, got []"),
            (
                json.dumps(changed(topology(), "data_pipelines.east1.glue_timeout_minutes", "60")),
                "data_pipelines.east1.glue_timeout_minutes: expected a valid integer, got '60'",
            ),
            (
                json.dumps(changed(topology(), "ml_pipelines.west2.source", "north")),
                "ml_pipelines.west2.source: expected a data pipeline, got 'north'",
            ),
        ],
    )
    def test_a_wrong_file(self, tmp_path: Path, content: str, sentence: str) -> None:
        file = tmp_path / "topology.json"
        file.write_text(content, encoding="utf-8")
        assert self.refusal(file) == f": {sentence}"


class TestConnection:
    """A connection that doesn't lead to its pipeline's role."""

    WRITE_AGAIN = "Run `pulumi up --refresh`, which writes the secret again."
    RESTORE = "Run `pulumi up --refresh`, which restores all of these."
    FIND_CHANGE = (
        "The connection is right, so the environment's own access to AWS was changed: find out who "
        "did it before you run anything again."
    )
    ROLE = EAST["cross_account_role_arn"]

    def sentence(self, aws: FakeAws, next_step: str = WRITE_AGAIN, **extra: object) -> str:
        """What is said between the connection's name and the next step, with `extra` changed."""
        content = connection("east1")
        content["extra"].update(extra)
        aws.secrets[SECRET] = json.dumps(content)
        return self.refusal(next_step)

    def refusal(self, next_step: str = WRITE_AGAIN) -> str:
        with pytest.raises(AirflowFailException) as raised:
            check_connection(EAST["connection_id"])
        text = str(raised.value)
        start = (
            f"Connection '{EAST['connection_id']}' of pipeline 'east1' (account "
            f"{EAST['account_id']}): expected "
        )
        assert text.startswith(start)
        sentence, _, code = text.removeprefix(start).rpartition(f". {next_step} ")
        assert re.fullmatch(r"\[[a-z_]+\]", code)
        return sentence

    def test_no_secret(self, aws: FakeAws) -> None:
        del aws.secrets[SECRET]
        assert self.refusal() == (
            f"{self.ROLE}, but its secret can't be read (ResourceNotFoundException)"
        )

    def test_a_secret_without_permissions(self, aws: FakeAws) -> None:
        aws.secret_faults = ["AccessDeniedException"] * 2
        assert self.refusal() == (
            f"{self.ROLE}, but its secret can't be read (AccessDeniedException: the hub's "
            "execution role needs secretsmanager:GetSecretValue on it and kms:Decrypt on its key)"
        )

    def test_a_secret_that_is_no_json(self, aws: FakeAws) -> None:
        aws.secrets[SECRET] = "{"
        assert self.refusal() == (
            f"{self.ROLE}, but its secret can't be read (its content is no connection in JSON)"
        )

    def test_no_role(self, aws: FakeAws) -> None:
        assert self.sentence(aws, role_arn="") == f'{self.ROLE}, but no role_arn in its "extra"'

    def test_another_role(self, aws: FakeAws) -> None:
        other = WEST["cross_account_role_arn"]
        assert self.sentence(aws, role_arn=other) == f"{self.ROLE}, but {other}"

    def test_another_region(self, aws: FakeAws) -> None:
        assert self.sentence(aws, region_name="us-west-2") == (
            "'us-east-1', but region_name 'us-west-2'"
        )

    def test_no_external_id(self, aws: FakeAws) -> None:
        assert self.sentence(aws, assume_role_kwargs={}) == (
            'the ExternalId of the role, but no ExternalId in the assume_role_kwargs of its "extra"'
        )

    def test_a_wrong_external_id(self, aws: FakeAws) -> None:
        wrong = {"ExternalId": "guessed"}
        assert self.sentence(aws, self.RESTORE, assume_role_kwargs=wrong) == (
            f"{self.ROLE}, but it may not assume the role: the ExternalId differs from the one in "
            "the role's trust policy, the trust policy lacks the hub's execution role, the role "
            "doesn't exist, or the execution role's policy lacks sts:AssumeRole on it"
        )

    def test_another_caller(self, aws: FakeAws) -> None:
        aws.impostor = HUB
        assert self.refusal(self.FIND_CHANGE) == (
            f"a session of {self.ROLE}, but its calls are made as {HUB}"
        )

    def test_a_secret_that_is_no_connection(
        self, aws: FakeAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreadable(_hook: AwsBaseHook) -> None:
            raise TypeError

        monkeypatch.setattr(AwsBaseHook, "conn_config", property(unreadable))
        assert self.refusal() == f"{self.ROLE}, but its secret is no connection"

    @pytest.mark.parametrize("connection_id", ["aws_default", None])
    def test_a_connection_of_no_pipeline(self, connection_id: str | None) -> None:
        with pytest.raises(AirflowFailException) as raised:
            check_connection(connection_id)
        assert str(raised.value) == (
            f"Connection {connection_id!r} is not in topology.json, so this task would work in "
            "the hub's account; use a connection that the stack makes. [unknown]"
        )


class TestTasks:
    """What a task finds in the bucket, and what it doesn't."""

    BUCKET = (WEST["connection_id"], WEST["bucket_name"])

    @staticmethod
    def refusal(act: Callable[[], object]) -> str:
        with pytest.raises(AirflowFailException) as raised:
            act()
        return str(raised.value)

    def test_no_manifest(self, aws: FakeAws) -> None:
        assert self.refusal(lambda: list_files.function(*self.BUCKET, RUN)) == (
            f"s3://{WEST['bucket_name']}/{MANIFEST} does not exist, so run {RUN} is not complete."
        )

    def test_a_manifest_that_is_no_json(self, aws: FakeAws) -> None:
        aws.put(WEST["bucket_name"], MANIFEST, b"[")
        assert self.refusal(lambda: list_files.function(*self.BUCKET, RUN)) == (
            f"s3://{WEST['bucket_name']}/{MANIFEST} is not JSON: "
            "Expecting value: line 1 column 2 (char 1)"
        )

    def test_no_training_configuration(self, aws: FakeAws) -> None:
        for key, body in example_data.files().items():
            aws.put(WEST["bucket_name"], key, body)
        aws.put(WEST["bucket_name"], MANIFEST, GOOD)
        refusal = self.refusal(
            lambda: prepare_training.function(
                *self.BUCKET,
                RUN,
                "config/west2.json",
                "prefix",
                algorithm="xgboost",
                dag_run=SimpleNamespace(run_id=RUN, conf={}),
                params={"hyperparameters": None},
            )
        )
        assert refusal == (
            f"s3://{WEST['bucket_name']}/config/west2.json does not exist: "
            "run `pulumi up --refresh`, which writes it."
        )

    def test_a_model_of_another_run(self) -> None:
        other = "20200101T000000000000"
        job = {
            "TrainingJobName": f"prefix-{other}",
            "OutputDataConfig": {"S3OutputPath": f"s3://bucket/models/run={other}/"},
        }
        with pytest.raises(ValueError, match="prefix-2020") as raised:
            payload(RUN, {"Training": job}, RUN)
        assert str(raised.value) == (
            f"Training job prefix-20200101T000000000000 is not of run {RUN}: "
            "clear the whole DAG run instead of single tasks."
        )

    def test_a_failed_function(self) -> None:
        operator = CrossAccountInvokeFunctionOperator(
            task_id="dagcleanup", aws_conn_id=None, function_name="name", payload="{}"
        )
        assert operator._failure('{"errorMessage": "It timed out"}') == (
            "Function name failed: It timed out. Its log group is /aws/lambda/name."
        )


class TestJobs:
    """A job that AWS rejects, and a job that fails."""

    NEXT_STEPS: ClassVar = {
        "ConcurrentRunsExceededException": (
            "Other runs of the job use up the topology's glue.max_concurrent_runs: see why they "
            "take so long, or raise it, then clear this task."
        ),
        "ResourceNumberLimitExceededException": (
            "Request a higher AWS Glue quota for this account and Region, or start fewer jobs at a "
            "time, then clear this task."
        ),
        "ResourceLimitExceeded": (
            "Request a higher SageMaker quota and clear this task, or choose another "
            "training.instance_type in the topology and clear prepare_training."
        ),
        "ThrottlingException": (
            "Find out what makes so many calls in this account and Region, then clear this task."
        ),
    }

    @pytest.fixture
    def log(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        lines: list[str] = []
        logger = MagicMock()
        logger.info = lambda text, *values: lines.append(text % values)
        for kind in (JobTask, CrossAccountGlueJobHook, CrossAccountSageMakerHook):
            monkeypatch.setattr(kind, "log", logger, raising=False)
        return lines

    @staticmethod
    def glue() -> CrossAccountGlueJobOperator:
        arguments = {"--run": RUN}
        return CrossAccountGlueJobOperator(
            task_id="raw_to_transform", aws_conn_id=None, job_name="job", script_args=arguments
        )

    @staticmethod
    def training() -> CrossAccountSageMakerTrainingOperator:
        return CrossAccountSageMakerTrainingOperator(
            task_id="train", aws_conn_id=None, config={"TrainingJobName": "name"}
        )

    def rejected(self, code: str, waits: int) -> None:
        kinds = (self.glue(), self.training())
        operator = next(kind for kind in kinds if code in kind.rejections)
        error = ClientError({"Error": {"Code": code, "Message": "No more."}}, "Start")
        operator._wait(error, waits)

    @pytest.mark.parametrize(("code", "next_step"), NEXT_STEPS.items())
    def test_a_job_that_aws_rejects(self, code: str, next_step: str) -> None:
        with pytest.raises(AirflowFailException) as raised:
            self.rejected(code, MAX_START_WAITS)
        assert str(raised.value) == (
            "AWS rejected the job for two hours (quota or throttling): An error occurred "
            f"({code}) when calling the Start operation: No more. {next_step}"
        )

    def test_a_job_that_aws_rejects_for_now(
        self, log: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(CrossAccountGlueJobOperator, "defer", lambda *_, **__: None)
        self.rejected("ThrottlingException", 3)
        (line,) = log
        assert line == (
            "AWS rejected the job (quota or throttling): An error occurred (ThrottlingException) "
            "when calling the Start operation: No more. Wait 4 of at most 28: 80 seconds."
        )

    @pytest.mark.parametrize(
        ("found", "sentence"),
        [
            (None, "The wait failed: over. AWS has no job of this task."),
            (
                {"JobRunState": "RUNNING"},
                "The wait failed: over. Run jr_1 of Glue job job is RUNNING.",
            ),
            (
                {"JobRunState": "FAILED", "ErrorMessage": "The file is empty."},
                "Run jr_1 of Glue job job ended as FAILED: The file is empty.",
            ),
            (
                {"JobRunState": "STOPPED", "ErrorMessage": ""},
                "Run jr_1 of Glue job job ended as STOPPED: Glue gives no reason.",
            ),
            (
                {"JobRunState": "TIMEOUT", "Timeout": 60, "ErrorMessage": "Too long."},
                (
                    "Run jr_1 of Glue job job ended as TIMEOUT: the topology's "
                    "glue.timeout_minutes is 60. Too long."
                ),
            ),
        ],
    )
    def test_a_glue_job(
        self, monkeypatch: pytest.MonkeyPatch, found: dict[str, Any] | None, sentence: str
    ) -> None:
        job_run = found and {"Id": "jr_1", **found}
        monkeypatch.setattr(CrossAccountGlueJobHook, "last_job_run", lambda *_: job_run)
        assert self.glue()._reason(ValueError("over")) == sentence

    @pytest.mark.parametrize(
        ("found", "sentence"),
        [
            (None, "The wait failed: over. AWS has no job of this task."),
            (
                {"TrainingJobStatus": "InProgress"},
                "The wait failed: over. Training job name-2 is InProgress.",
            ),
            (
                {"TrainingJobStatus": "Failed", "FailureReason": "AlgorithmError: label"},
                "Training job name-2 ended as Failed: AlgorithmError: label",
            ),
            (
                {"TrainingJobStatus": "Stopped"},
                "Training job name-2 ended as Stopped: SageMaker gives no reason.",
            ),
        ],
    )
    def test_a_training_job(
        self, monkeypatch: pytest.MonkeyPatch, found: dict[str, Any] | None, sentence: str
    ) -> None:
        job = found and {"TrainingJobName": "name-2", **found}
        monkeypatch.setattr(CrossAccountSageMakerHook, "last_job", lambda *_: job)
        assert self.training()._reason(ValueError("over")) == sentence

    def test_too_many_failed_jobs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(CrossAccountSageMakerHook, "job_status", lambda *_: "Failed")
        hook = CrossAccountSageMakerHook(aws_conn_id=None)  # type: ignore[no-untyped-call]
        with pytest.raises(PipelineError) as raised:
            hook.usable_job_name("name")
        assert str(raised.value) == (
            "99 training jobs named name have failed or were stopped: find out why before "
            "training on this run again."
        )

    def test_a_task_reattaches(self, log: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        job_run = {"Id": "jr_1", "JobRunState": "RUNNING"}
        monkeypatch.setattr(CrossAccountGlueJobHook, "usable_job_run", lambda *_: job_run)
        CrossAccountGlueJobHook(job_name="job", aws_conn_id=None).initialize_job({"--run": RUN})
        job = {"TrainingJobArn": "arn", "TrainingJobStatus": "InProgress"}
        monkeypatch.setattr(SageMakerHook, "describe_training_job", lambda *_: job)
        hook = CrossAccountSageMakerHook(aws_conn_id=None)  # type: ignore[no-untyped-call]
        hook.create_training_job({"TrainingJobName": "name"})
        assert log == [
            "Reattaching to Glue job run jr_1, which has the same arguments and is RUNNING.",
            "Reattaching to training job name.",
        ]
