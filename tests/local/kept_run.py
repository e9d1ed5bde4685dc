"""A local run that stays, and what the tests do with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from components.aws.account_region import AccountRegion
from components.aws.naming import Names
from components.pipeline.connection_names import connection_secret_name
from local.run.accounts import Accounts
from local.run.airflow_api import AirflowApi
from local.run.data_files import DataFiles
from local.run.options import Options
from local.run.plan import DataPipeline, MlPipeline, Plan
from local.run.preparation import Prepared, prepare
from local.run.run_directory import CHECKOUT, RunDirectory
from local.run.states import DagRun, Task, dag_run_of
from local.run.task_logs import log_file, readable

LIMIT_SECONDS = 900.0
"""How long anything is waited for; far more than it takes, so that no test depends on speed."""

_POLL_SECONDS = 1.0

Value = TypeVar("Value")


@cache
def _client(endpoint: str, service: str, account_region: AccountRegion) -> Any:
    """Made once: that takes longer than a call, and tests ask every second."""
    return Accounts(endpoint).client(service, account_region.account_id, account_region.region)


def wait_for(what: str, ask: Callable[[], Value | None]) -> Value:
    """The first answer of `ask` that isn't None."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while (answer := ask()) is None:
        assert time.monotonic() < deadline, f"{what} didn't happen"
        time.sleep(_POLL_SECONDS)
    return answer


def start(*arguments: str | Path, output: Path) -> subprocess.Popen[bytes]:
    """`python -m local` with these arguments, from a shell whose variables must not matter."""
    misleading = {
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "333333333333",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AIRFLOW_HOME": "/nonexistent",
        "http_proxy": "http://127.0.0.1:9",
    }
    with output.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "local", *map(str, arguments)],
            cwd=CHECKOUT,
            env={**os.environ, **misleading},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def operated(process: subprocess.Popen[str], status: int = 0) -> Any:
    """What a command printed as JSON, once it has ended with that exit status."""
    printed, errors = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == status, errors
    return json.loads(printed)


@dataclass(frozen=True)
class KeptRun:
    """Airflow and the embedded AWS after `python -m local run --keep`."""

    directory: Path
    output: str
    """Everything that it printed."""

    stack: str = "local"
    """The stack's name, or the path of a file of that name."""

    data_files: DataFiles = field(default_factory=DataFiles)
    """What it was given with `DATA=`."""

    calls_of_the_run: Sequence[dict[str, Any]] = ()
    """The authorized calls up to its end: what tests do after it is not among them."""

    @property
    def run_directory(self) -> RunDirectory:
        return RunDirectory(self.directory)

    @property
    def endpoint(self) -> str:
        """The embedded AWS."""
        return str(self.summary["endpoint"])

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The report that it wrote."""
        report: dict[str, Any] = json.loads(self.run_directory.summary.read_text(encoding="utf-8"))
        return report

    @cached_property
    def prepared(self) -> Prepared:
        return prepare(
            Options(stack=self.stack, data=self.data_files, keep=True, directory=self.directory)
        )

    @property
    def plan(self) -> Plan:
        return self.prepared.plan

    @property
    def names(self) -> Names:
        stack = self.prepared.stack
        return Names(project=stack.project, stack=stack.name)

    @property
    def data(self) -> DataPipeline:
        (pipeline,) = self.plan.data_pipelines
        return pipeline

    @property
    def ml(self) -> MlPipeline:
        (pipeline,) = self.plan.ml_pipelines
        return pipeline

    @cached_property
    def api(self) -> AirflowApi:
        return AirflowApi(self.client("mwaa", self.plan.hub), self.plan.environment)

    def client(self, service: str, account_region: AccountRegion) -> Any:
        """A client as the root of the account."""
        return _client(self.endpoint, service, account_region)

    def document(self, pipeline: DataPipeline | MlPipeline, key: str) -> dict[str, Any]:
        """A JSON object of a pipeline's bucket."""
        s3 = self.client("s3", pipeline.account_region)
        body = s3.get_object(Bucket=pipeline.bucket, Key=key)["Body"].read()
        document: dict[str, Any] = json.loads(body)
        return document

    def manifest(self, run: str) -> dict[str, Any]:
        """A run's manifest, as its source published it."""
        return self.document(self.data, f"transformed/run={run}/_manifest.json")

    def parts(self, run: str) -> list[str]:
        """The keys of the rows that a finished data run has published."""
        return [file["key"] for file in self.manifest(run)["files"]]

    def outliving(self, run: str) -> list[str]:
        """The keys of what stays of a run's data after its model is trained."""
        return sorted(
            [f"transformed/run={run}/_manifest.json", self.manifest(run)["schema"]["key"]]
        )

    def summary_of(self, run: str) -> dict[str, Any]:
        """What the clean-up wrote about a run."""
        return self.document(self.ml, f"runs/{run}/summary.json")

    def keys(self, pipeline: DataPipeline | MlPipeline, prefix: str) -> list[str]:
        """Every key of a pipeline's bucket under `prefix`."""
        s3 = self.client("s3", pipeline.account_region)
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=pipeline.bucket, Prefix=prefix)
        return [row["Key"] for page in pages for row in page.get("Contents", [])]

    def operating(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """`python -m operate` on this run, which prints JSON."""
        options = ("--outputs", self.run_directory.summary, "--json")
        return subprocess.Popen(
            [sys.executable, "-m", "operate", *map(str, (*arguments, *options))],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def operate(self, *arguments: str | Path) -> Any:
        """What `python -m operate` prints as JSON, once it has ended well."""
        return operated(self.operating(*arguments))

    def upload(self, file: Path) -> str:
        """Put `file` where the data pipeline looks for its raw data; returns its version id."""
        s3 = self.client("s3", self.data.account_region)
        stored = s3.put_object(
            Bucket=self.data.bucket, Key=self.data.raw_key, Body=file.read_bytes()
        )
        return str(stored["VersionId"])

    def trigger_data_pipeline(self, version: str) -> DagRun:
        """Start the data pipeline's DAG on one version of its raw file."""
        conf = {"raw_key": self.data.raw_key, "raw_version": version}
        body = {"logical_date": None, "conf": conf}
        return dag_run_of(self.api._call("POST", f"/dags/{self.data.dag_id}/dagRuns", body))

    def and_one_by_hand(self) -> KeptRun:
        """Once another run has ended that was started by hand, and a backup was made of both.

        While it works, the ExternalIds of both connections are rotated. Its calls and those of the
        backup are of the run, too.
        """
        self.upload(self.directory / f"sample-{self.data.name}.csv")
        run = self.api.trigger(self.data.dag_id)
        for pipeline in (self.data, self.ml):
            self.rotate(pipeline)
        assert self.ended(run.dag_id, run.run_id).state == "success"
        assert self.ended(self.ml.dag_id, run.run).state == "success"
        assert len(self.operate("backup")["backups"]) == 1
        return replace(self, calls_of_the_run=self.calls())

    def rotate(self, pipeline: DataPipeline | MlPipeline) -> None:
        """Rotate the ExternalId of a pipeline's connection, and wait until it is in use."""
        secrets = self.client("secretsmanager", self.plan.hub)
        secret = connection_secret_name(self.plan.environment, pipeline.name)
        version = secrets.rotate_secret(SecretId=secret)["VersionId"]

        def in_use() -> bool | None:
            stages = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
            labels = stages[version]
            return True if "AWSCURRENT" in labels and "AWSPENDING" not in labels else None

        wait_for(f"the rotation of {secret}", in_use)

    def trigger_ml_pipeline(self, run: str | None) -> DagRun:
        """Start the ML pipeline's DAG by hand."""
        body = {"logical_date": None, "conf": {"run": run} if run else {}}
        path = f"/dags/{self.ml.dag_id}/dagRuns"
        return dag_run_of(self.api._call("POST", path, body))

    @contextmanager
    def paused_ml_pipeline(self) -> Iterator[None]:
        """The ML pipeline's DAG paused, for as long as the block lasts."""
        self.api.pause(self.ml.dag_id)
        try:
            yield
        finally:
            self.api.unpause(self.ml.dag_id)

    def repeat(self, run: DagRun) -> DagRun:
        """Start a failed ML run's work once more, by hand, and wait for the end."""
        started = self.trigger_ml_pipeline(run.run)
        return self.ended(started.dag_id, started.run_id)

    def clear(self, run: DagRun) -> None:
        """Have a DAG run do all of its tasks again."""
        # Not the path of the DAG run itself: Amazon MWAA takes one of 64 characters at most.
        body = {"dag_run_id": run.run_id, "dry_run": False, "only_failed": False}
        self.api._call("POST", f"/dags/{run.dag_id}/clearTaskInstances", body)

    def delete(self, runs: Sequence[DagRun]) -> None:
        """Delete DAG runs from Airflow."""
        entities = [{"dag_id": run.dag_id, "dag_run_id": run.run_id} for run in runs]
        body = {"actions": [{"action": "delete", "entities": entities}]}
        self.api._call("PATCH", "/dags/~/dagRuns", body)

    def dag_run(self, dag_id: str, run_id: str) -> DagRun | None:
        """A DAG run, if there is one."""
        return next((run for run in self.api.dag_runs(dag_id) if run.run_id == run_id), None)

    def ended(self, dag_id: str, run_id: str) -> DagRun:
        """A DAG run, once it is over."""

        def over() -> DagRun | None:
            run = self.dag_run(dag_id, run_id)
            return run if run is not None and run.is_over else None

        return wait_for(f"the end of {dag_id} {run_id}", over)

    def tasks(self, run: DagRun) -> dict[str, Task]:
        """A DAG run's tasks."""
        found = [task for task in self.api.tasks(run.dag_id) if task.key.run_id == run.run_id]
        return {task.key.task_id: task for task in found}

    def log(self, task: Task, attempt: int | None = None) -> str:
        """The end of the log of a task's last attempt, or of another one."""
        log = log_file(self.run_directory, replace(task, attempt=attempt or task.attempt))
        assert log is not None, task
        return "\n".join(readable(log))

    def calls(self) -> list[dict[str, Any]]:
        """Every authorized call so far."""
        lines = (self.run_directory.aws / "authorized_calls.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in lines.splitlines()]

    @cached_property
    def deployed(self) -> dict[str, Any]:
        """The topology.json that the deployment wrote for the DAGs."""
        (file,) = self.run_directory.aws.glob("airflow/*/dags/topology.json")
        topology: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return topology

    def glue_runs(self, run: str) -> list[dict[str, Any]]:
        """Every job run that works on `run`, in the order of their starts."""
        glue = self.client("glue", self.data.account_region)
        name = self.deployed["data_pipelines"][self.data.name]["glue_job_name"]
        jobs = glue.get_job_runs(JobName=name)["JobRuns"]
        found = [job for job in jobs if job["Arguments"]["--run"] == run]
        return sorted(found, key=lambda job: str(job["StartedOn"]))

    def training_jobs(self, run: str) -> list[dict[str, Any]]:
        """Every training job of `run`, in the order of their starts."""
        sagemaker = self.client("sagemaker", self.ml.account_region)
        pages = sagemaker.get_paginator("list_training_jobs").paginate(
            NameContains=self.names.training_job_prefix(self.ml.name)
        )
        listed = [job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]]
        jobs = [sagemaker.describe_training_job(TrainingJobName=name) for name in reversed(listed)]
        return [job for job in jobs if f"/run={run}/" in job["OutputDataConfig"]["S3OutputPath"]]

    def ml_run(self, data_run: DagRun) -> DagRun | None:
        """The ML run that a data run started, if it has."""
        return self.dag_run(self.ml.dag_id, data_run.run)

    @contextmanager
    def denied(
        self, account_region: AccountRegion, role: str, action: str, resource: str
    ) -> Iterator[None]:
        """A role without a permission, for as long as the block lasts."""
        iam = self.client("iam", account_region)
        statement = {"Effect": "Deny", "Action": action, "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=role, PolicyName="fault", PolicyDocument=document)
        try:
            yield
        finally:
            iam.delete_role_policy(RoleName=role, PolicyName="fault")

    @contextmanager
    def connection(self, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Iterator[None]:
        """The data pipeline's connection with its extras changed, for as long as it lasts."""

        def changed(before: str) -> str:
            connection = json.loads(before)
            return json.dumps({**connection, "extra": change(connection["extra"])})

        with self.secret(self.data, changed):
            yield

    @contextmanager
    def secret(
        self, pipeline: DataPipeline | MlPipeline, change: Callable[[str], str]
    ) -> Iterator[None]:
        """A pipeline's connection with another string as its secret, for as long as it lasts."""
        manager = self.client("secretsmanager", self.plan.hub)
        name = connection_secret_name(self.plan.environment, pipeline.name)
        before = manager.get_secret_value(SecretId=name)["SecretString"]
        manager.put_secret_value(SecretId=name, SecretString=change(before))
        try:
            yield
        finally:
            manager.put_secret_value(SecretId=name, SecretString=before)

    @contextmanager
    def glue_job(self, **changes: Any) -> Iterator[None]:
        """The Glue job with other settings, for as long as the block lasts."""
        glue = self.client("glue", self.data.account_region)
        name = self.deployed["data_pipelines"][self.data.name]["glue_job_name"]
        read_only = {"Name", "CreatedOn", "LastModifiedOn", "AllocatedCapacity", "MaxCapacity"}
        job = {
            member: value
            for member, value in glue.get_job(JobName=name)["Job"].items()
            if member not in read_only
        }
        glue.update_job(JobName=name, JobUpdate={**job, **changes})
        try:
            yield
        finally:
            glue.update_job(JobName=name, JobUpdate=job)

    @contextmanager
    def function_timeout(self, *, seconds: int) -> Iterator[None]:
        """The clean-up function with another time-out, for as long as the block lasts."""
        functions = self.client("lambda", self.ml.account_region)
        name = self.deployed["ml_pipelines"][self.ml.name]["cleanup_function_name"]
        before = functions.get_function_configuration(FunctionName=name)["Timeout"]
        functions.update_function_configuration(FunctionName=name, Timeout=seconds)
        try:
            yield
        finally:
            functions.update_function_configuration(FunctionName=name, Timeout=before)

    @contextmanager
    def no_connection(self) -> Iterator[None]:
        """The data pipeline's connection deleted, for as long as the block lasts."""
        manager = self.client("secretsmanager", self.plan.hub)
        name = connection_secret_name(self.plan.environment, self.data.name)
        manager.delete_secret(SecretId=name, RecoveryWindowInDays=7)
        try:
            yield
        finally:
            manager.restore_secret(SecretId=name)


@contextmanager
def keeping(
    directory: Path, stack: str = "local", files: Mapping[str, Path] | None = None
) -> Iterator[KeptRun]:
    """What `KEEP=1 make local STACK= DATA=` leaves; everything is ended afterwards."""
    output = directory / "output.txt"
    given = DataFiles(by_pipeline=files or {})
    data = ",".join(f"{name}={path}" for name, path in given.by_pipeline.items())
    arguments = ("run", "--keep", "--stack", stack, "--data", data, "--directory", directory)
    process = start(*arguments, output=output)
    try:
        status = process.wait(LIMIT_SECONDS)
        text = output.read_text(encoding="utf-8")
        assert status == 0, text
        kept = KeptRun(directory, text, stack, given)
        yield replace(kept, calls_of_the_run=kept.calls())
    finally:
        process.kill()
        start("stop", "--directory", directory, output=output).wait(LIMIT_SECONDS)
