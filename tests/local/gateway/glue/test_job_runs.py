"""Glue job runs: their states, limits and logs, and the script on real Spark."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from local.deployment.assets import archive_bytes
from local.gateway.glue.job_run import configured
from tests.local.gateway.aws import (
    DATA,
    EAST,
    HUB,
    Aws,
    Statement,
    allow,
    deny,
    document,
    refusal,
    service_trust,
    trust,
    wait_until,
)

_ENDED = {"SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED"}

_REPORT = """
import json, os, sys
import boto3
print(json.dumps({
    "arguments": sys.argv[1:],
    "as": boto3.client("sts").get_caller_identity()["Arn"],
    "region": boto3.client("s3").meta.region_name,
    "foreign": sorted(name for name in os.environ if name in ("AWS_PROFILE", "PYTHONPATH")),
}))
"""

_SPARK = """
import sys
from pyspark.sql import SparkSession
bucket = sys.argv[sys.argv.index("--bucket_name") + 1]
spark = SparkSession.builder.getOrCreate()
rows = spark.read.option("header", True).csv(f"s3://{bucket}/raw/a.csv")
rows.repartition(2).write.csv(f"s3://{bucket}/staging/out")
print("rows", rows.count())
"""


class _Job:
    """A Glue job with a script, run as a role that may do what a job must and `more`."""

    def __init__(
        self, aws: Aws, script: str, *more: Statement, trusted: str = "", **settings: Any
    ) -> None:
        self.aws, self.bucket = aws, aws.bucket()
        self.s3 = aws.client("s3")
        self.s3.put_object(Bucket=self.bucket, Key="scripts/job.py", Body=script.encode())
        self.role = aws.role(
            "glue",
            allow("s3:GetObject", f"arn:aws:s3:::{self.bucket}/scripts/*"),
            allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "*"),
            *more,
            trusted=trusted or service_trust("glue.amazonaws.com"),
        )
        self.name = aws.unique("job")
        self.glue = aws.client("glue")
        self.glue.create_job(
            Name=self.name,
            Role=self.role,
            Command={"Name": "glueetl", "ScriptLocation": f"s3://{self.bucket}/scripts/job.py"},
            GlueVersion="5.1",
            **settings,
        )

    def start(self, **arguments: str) -> str:
        given = {f"--{name}": value for name, value in arguments.items()}
        run: str = self.glue.start_job_run(JobName=self.name, Arguments=given)["JobRunId"]
        return run

    def look(self, run: str) -> dict[str, Any]:
        found: dict[str, Any] = self.glue.get_job_run(JobName=self.name, RunId=run)["JobRun"]
        return found

    def ended(self, run: str) -> dict[str, Any]:
        return wait_until(lambda: self.look(run), lambda row: row["JobRunState"] in _ENDED)

    def printed(self, run: str) -> list[str]:
        group = f"{self.look(run)['LogGroupName']}/output"
        logs = self.aws.client("logs")
        events = logs.get_log_events(logGroupName=group, logStreamName=run)["events"]
        return [event["message"] for event in events]


def test_the_script_gets_glues_arguments_and_its_role(aws: Aws) -> None:
    job = _Job(aws, _REPORT, DefaultArguments={"--default": "one two", "--both": "job"})
    run = job.start(both="run")
    row = job.ended(run)
    assert (row["JobRunState"], row.get("ErrorMessage")) == ("SUCCEEDED", "")
    assert row["LogGroupName"] == "/aws-glue/jobs"
    name = job.role.rpartition("/")[2]
    (line,) = job.printed(run)
    assert line == (
        '{"arguments": ["--default", "one two", "--both", "run", '
        f'"--JOB_NAME", "{job.name}", "--JOB_RUN_ID", "{run}"], '
        f'"as": "arn:aws:sts::{DATA}:assumed-role/{name}/GlueJobRunnerSession-{run[:12]}", '
        f'"region": "{EAST}", "foreign": []}}'
    )


def test_a_run_overrides_no_argument_that_the_job_fixes(aws: Aws) -> None:
    fixed = {"--fixed": "job", "--extra-py-files": ""}
    job = _Job(aws, _REPORT, NonOverridableArguments=fixed)
    job.s3.put_object(Bucket=job.bucket, Key="scripts/other.py", Body=b"print('other')")
    other = f"s3://{job.bucket}/scripts/other.py"
    run = job.start(**{"fixed": "run", "extra-py-files": other, "mine": "run"})
    assert job.ended(run)["Arguments"] == {**fixed, "--mine": "run"}
    assert '"--fixed", "job", "--extra-py-files", "", "--mine", "run"' in job.printed(run)[0]


def test_the_script_imports_from_its_extra_python_files_and_wheels(aws: Aws) -> None:
    job = _Job(aws, "import one, two, three\nprint(one.NAME, two.NAME, three.NAME)")
    wheel = archive_bytes(pulumi.AssetArchive({"three.py": pulumi.StringAsset("NAME = 'wheel'")}))
    name = "scripts/three-1.0-py3-none-any.whl"
    job.s3.put_object(Bucket=job.bucket, Key=name, Body=wheel)
    archive = archive_bytes(pulumi.AssetArchive({"one.py": pulumi.StringAsset("NAME = 'zip'")}))
    job.s3.put_object(Bucket=job.bucket, Key="scripts/package.zip", Body=archive)
    job.s3.put_object(Bucket=job.bucket, Key="scripts/two.py", Body=b"NAME = 'module'")
    files = [f"s3://{job.bucket}/scripts/{name}" for name in ("package.zip", "two.py")]
    modules = {"additional-python-modules": f"s3://{job.bucket}/{name}"}
    run = job.start(**{"extra-py-files": ",".join(files), **modules})
    assert job.ended(run)["JobRunState"] == "SUCCEEDED"
    assert job.printed(run) == ["zip module wheel"]


@pytest.mark.parametrize(("fixed", "printed"), [(False, ["other"]), (True, ["own"])])
def test_a_run_brings_a_script_of_its_own_unless_the_job_fixes_it(
    aws: Aws, *, fixed: bool, printed: list[str]
) -> None:
    job = _Job(aws, "print('own')")
    own = f"s3://{job.bucket}/scripts/job.py"
    job.s3.put_object(Bucket=job.bucket, Key="scripts/other.py", Body=b"print('other')")
    if fixed:
        job.glue.update_job(
            JobName=job.name,
            JobUpdate={
                "Role": job.role,
                "Command": {"Name": "glueetl", "ScriptLocation": own},
                "NonOverridableArguments": {"--scriptLocation": own},
            },
        )
    run = job.start(scriptLocation=f"s3://{job.bucket}/scripts/other.py")
    job.ended(run)
    assert job.printed(run) == printed


def test_a_session_policy_narrows_the_role_for_one_run(aws: Aws) -> None:
    write = "import boto3, sys\nboto3.client('s3').put_object(Bucket=sys.argv[2], Key='runs/1')"
    job = _Job(aws, write, allow("s3:PutObject", "*"), DefaultArguments={"--bucket_name": ""})
    policy = document(
        allow("*", "*"), deny("s3:PutObject", NotResource=f"arn:aws:s3:::{job.bucket}/runs/2*")
    )
    narrowed = job.glue.start_job_run(
        JobName=job.name,
        Arguments={"--bucket_name": job.bucket},
        ExecutionRoleSessionPolicy=policy,
    )["JobRunId"]
    row = job.ended(narrowed)
    assert (row["JobRunState"], "explicit deny" in row["ErrorMessage"]) == ("FAILED", True)
    assert job.ended(job.start(bucket_name=job.bucket))["JobRunState"] == "SUCCEEDED"


def test_logs_go_where_the_job_says(aws: Aws) -> None:
    prefix = aws.unique("/aws-glue/mine")
    job = _Job(aws, "print('said')", DefaultArguments={"--custom-logGroup-prefix": prefix})
    run = job.start()
    job.ended(run)
    assert job.look(run)["LogGroupName"] == prefix
    assert job.printed(run) == ["said"]


class TestEncryptedLogs:
    """With a security configuration that encrypts logs Glue sets the groups' key at each run."""

    def _job(self, aws: Aws, *more: Statement) -> tuple[_Job, str]:
        prefix, configuration = aws.unique("/aws-glue/encrypted"), aws.unique("configuration")
        groups = f"arn:aws:logs:{EAST}:{DATA}:log-group:{prefix}/*"
        use = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"]
        key = aws.key(
            DATA,
            EAST,
            allow(
                use,
                "*",
                Principal={"Service": f"logs.{EAST}.amazonaws.com"},
                Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
            ),
        )
        encryption = {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key}
        aws.client("glue").create_security_configuration(
            Name=configuration, EncryptionConfiguration={"CloudWatchEncryption": encryption}
        )
        arguments = {"--custom-logGroup-prefix": prefix}
        settings: dict[str, Any] = {
            "SecurityConfiguration": configuration,
            "DefaultArguments": arguments,
        }
        return _Job(aws, "print('said')", *more, **settings), key

    def _groups(self, aws: Aws, job: _Job) -> str:
        """Make the groups that Glue writes to, as its developer guide names them."""
        found = job.glue.get_job(JobName=job.name)["Job"]
        prefix = found["DefaultArguments"]["--custom-logGroup-prefix"]
        role = job.role.rpartition("/")[2]
        groups = f"{prefix}/{found['SecurityConfiguration']}-role/{role}"
        for kind in ("output", "error"):
            aws.client("logs").create_log_group(logGroupName=f"{groups}/{kind}")
        return groups

    def test_with_the_right_to_set_it(self, aws: Aws) -> None:
        job, key = self._job(aws, allow("logs:AssociateKmsKey", "*"))
        prefix = self._groups(aws, job)
        run = job.start()
        job.ended(run)
        assert job.look(run)["LogGroupName"] == prefix
        assert job.printed(run) == ["said"]
        groups = aws.client("logs").describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]
        assert {group["kmsKeyId"] for group in groups} == {key}

    def test_without_it_nothing_is_logged(self, aws: Aws) -> None:
        job, _ = self._job(aws)
        self._groups(aws, job)
        run = job.start()
        assert job.ended(run)["JobRunState"] == "SUCCEEDED"
        assert refusal(lambda: job.printed(run)).startswith("ResourceNotFound")
        assert "not authorized to perform: logs:AssociateKmsKey" in aws.log()

    def test_a_key_that_cloudwatch_logs_may_not_use_is_refused(self, aws: Aws) -> None:
        logs, key = aws.client("logs"), aws.key()
        said = refusal(
            lambda: logs.create_log_group(logGroupName=aws.unique("/group"), kmsKeyId=key)
        )
        assert "is not allowed to be used with" in said

    def test_a_key_that_is_disabled_is_refused(self, aws: Aws) -> None:
        service = {"Service": f"logs.{EAST}.amazonaws.com"}
        logs, key = aws.client("logs"), aws.key(DATA, EAST, allow("kms:*", "*", Principal=service))
        logs.create_log_group(logGroupName=aws.unique("/group"), kmsKeyId=key)
        aws.client("kms").disable_key(KeyId=key)
        said = refusal(
            lambda: logs.create_log_group(logGroupName=aws.unique("/group"), kmsKeyId=key)
        )
        assert "is not allowed to be used with" in said


def test_without_log_rights_the_run_goes_on_and_says_so(aws: Aws) -> None:
    job = _Job(aws, "print('said')")
    aws.permit(job.role, allow("s3:GetObject", "*"))
    run = job.start()
    assert job.ended(run)["JobRunState"] == "SUCCEEDED"
    wait_until(aws.log, lambda log: f"Glue run {run}: local run: no logs in" in log)


def test_a_failure_has_the_scripts_own_words(aws: Aws) -> None:
    job = _Job(aws, "import sys\nsys.exit('raw/a.csv has no column label')")
    row = job.ended(job.start())
    assert (row["JobRunState"], row["ErrorMessage"]) == ("FAILED", "raw/a.csv has no column label")


def test_a_script_that_the_role_may_not_read_fails_the_run(aws: Aws) -> None:
    job = _Job(aws, "print('never')")
    aws.permit(job.role, allow("s3:GetObject", "arn:aws:s3:::elsewhere/*"))
    row = job.ended(job.start())
    assert row["JobRunState"] == "FAILED"
    assert "403" in row["ErrorMessage"]


def test_a_role_that_does_not_trust_glue_starts_nothing(aws: Aws) -> None:
    job = _Job(aws, "", trusted=trust({"AWS": f"arn:aws:iam::{HUB}:root"}))
    assert "does not allow glue.amazonaws.com to assume it" in refusal(job.start)


class TestLimits:
    _SLEEP = "import time\ntime.sleep(600)"

    def test_concurrent_runs(self, aws: Aws) -> None:
        job = _Job(aws, self._SLEEP, ExecutionProperty={"MaxConcurrentRuns": 1})
        first = job.start()
        assert refusal(job.start).startswith("ConcurrentRunsExceededException")
        self._stop(job, first)
        self._stop(job, job.start())

    def test_an_update_keeps_its_execution_property(self, aws: Aws) -> None:
        job = _Job(aws, self._SLEEP)
        command = {"Name": "glueetl", "ScriptLocation": f"s3://{job.bucket}/scripts/job.py"}
        job.glue.update_job(
            JobName=job.name,
            JobUpdate={
                "Role": job.role,
                "Command": command,
                "ExecutionProperty": {"MaxConcurrentRuns": 2},
            },
        )
        runs = [job.start(), job.start()]
        assert refusal(job.start).startswith("ConcurrentRunsExceededException")
        listed = job.glue.get_job_runs(JobName=job.name)["JobRuns"]
        assert [run["Id"] for run in listed] == runs[::-1]
        for run in runs:
            self._stop(job, run)

    def _stop(self, job: _Job, run: str) -> None:
        answer = job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run])
        assert [row["JobRunId"] for row in answer["SuccessfulSubmissions"]] == [run]
        assert job.ended(run)["JobRunState"] == "STOPPED"

    def test_stopping_what_has_ended_or_never_was(self, aws: Aws) -> None:
        job = _Job(aws, "pass")
        run = job.start()
        job.ended(run)
        answer = job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run, "jr_none"])
        codes = [row["ErrorDetail"]["ErrorCode"] for row in answer["Errors"]]
        assert codes == ["InvalidInputException", "EntityNotFoundException"]


def test_a_run_has_the_execution_class_of_its_job(aws: Aws) -> None:
    job = _Job(aws, "", ExecutionClass="FLEX")
    assert job.ended(job.start())["ExecutionClass"] == "FLEX"


def test_a_job_that_is_not_there(aws: Aws) -> None:
    glue = aws.client("glue")
    assert refusal(lambda: glue.start_job_run(JobName="none")).startswith("EntityNotFound")


def _deny_other_encryption(job: _Job, key: str) -> None:
    """The bucket policy of the pipelines: no key but the bucket's, whether named or not."""
    algorithm = "s3:x-amz-server-side-encryption"
    key_id = f"{algorithm}-aws-kms-key-id"
    conditions: list[dict[str, dict[str, str]]] = [
        {"Null": {key_id: "false"}, "StringNotEquals": {key_id: key}},
        {"StringEquals": {algorithm: "aws:kms"}, "Null": {key_id: "true"}},
    ]
    objects = f"arn:aws:s3:::{job.bucket}/*"
    denies = [
        deny("s3:PutObject", objects, Principal="*", Condition=condition)
        for condition in conditions
    ]
    job.s3.put_bucket_policy(Bucket=job.bucket, Policy=document(*denies))


@pytest.mark.verification
@pytest.mark.spark
def test_a_script_on_real_spark_reads_and_writes_an_encrypted_bucket(aws: Aws) -> None:
    key = aws.key()
    job = _Job(
        aws,
        _SPARK,
        allow("s3:ListBucket", "*"),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], key),
        allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "arn:aws:s3:::*/staging/*"),
        allow("s3:GetObject", "arn:aws:s3:::*/raw/*"),
    )
    aws.encrypt(job.bucket, key)
    _deny_other_encryption(job, key)
    job.s3.put_object(Bucket=job.bucket, Key="raw/a.csv", Body=b"label,x\n1,2\n0,3\n")
    run = job.start(bucket_name=job.bucket)
    assert job.ended(run)["JobRunState"] == "SUCCEEDED"
    listed = job.s3.list_objects_v2(Bucket=job.bucket, Prefix="staging/out/part-")["Contents"]
    parts = [job.s3.get_object(Bucket=job.bucket, Key=row["Key"])["Body"].read() for row in listed]
    assert sorted(b"".join(parts).split()) == [b"0,3", b"1,2"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, {}),
        ({"--conf": "spark.one=1"}, {"spark.one": "1"}),
        (
            {"--conf": "spark.one=1 --conf spark.two=a=b c"},
            {"spark.one": "1", "spark.two": "a=b c"},
        ),
    ],
)
def test_conf_sets_what_spark_finds(arguments: dict[str, str], expected: dict[str, str]) -> None:
    assert configured(arguments) == expected


@pytest.mark.verification
@pytest.mark.spark
def test_spark_without_the_right_to_write_fails_the_run(aws: Aws) -> None:
    readable = ("arn:aws:s3:::*/raw/*", "arn:aws:s3:::*/staging/*")
    job = _Job(aws, _SPARK, allow("s3:ListBucket", "*"), allow("s3:GetObject", *readable))
    job.s3.put_object(Bucket=job.bucket, Key="raw/a.csv", Body=b"label,x\n1,2\n")
    row = job.ended(job.start(bucket_name=job.bucket))
    assert row["JobRunState"] == "FAILED"
    written = [
        call["decision"]
        for call in aws.calls("s3:PutObject")
        if f"{job.bucket}/staging/" in call["resource"]
    ]
    assert set(written) == {"implicit-deny"}
