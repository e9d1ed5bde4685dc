"""One job run: the job's script, from S3, on a real Spark, as the job's role."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from clients.s3_uri import bucket_and_key
from local.gateway import environment_variables
from local.gateway.glue import job_code, spark
from local.gateway.glue.error_message import error_message
from local.gateway.logs import job_logs
from local.gateway.processes import ClosingError
from local.gateway.stores import buckets

if TYPE_CHECKING:
    from pathlib import Path

    from local.gateway.processes import Child, Children
    from local.gateway.settings import Settings
    from local.gateway.sts.service_sessions import ServiceSession

_logger = logging.getLogger(__name__)

CONCURRENT_RUNS = threading.BoundedSemaphore(2)
"""Spark processes that may run at the same time: two of them need about 2 GB."""

_SECONDS_A_MINUTE = 60
_POLL_SECONDS = 0.1

DEFAULT_LOG_GROUP = "/aws-glue/jobs"


@dataclass(kw_only=True)
class Run:
    """A run and what it needs; `record` is what GetJobRun returns."""

    record: dict[str, Any]
    script_location: str
    session: ServiceSession
    settings: Settings
    children: Children
    log_key_arn: str | None
    """The key of the security configuration's log encryption, if it has one."""

    refusal: str | None = None
    """Why the run can't be connected to its network, if so."""

    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def id(self) -> str:
        """The run's id."""
        return str(self.record["Id"])

    @property
    def arguments(self) -> dict[str, str]:
        """The script's arguments: those of the run, and those that Glue adds."""
        own = {"--JOB_NAME": self.record["JobName"], "--JOB_RUN_ID": self.id}
        return {**self.record["Arguments"], **own}

    @property
    def log(self) -> Path:
        """Everything that the script and Spark print."""
        return self.settings.folder("glue") / f"{self.id}.log"

    def execute(self) -> None:
        """Wait for a free slot, run to the end, and write the result to the record."""
        try:
            with CONCURRENT_RUNS:
                state, message = self._executed()
        except (ClientError, OSError, spark.SparkMissingError) as error:
            state, message = "FAILED", str(error)
        except ClosingError:
            return
        except Exception as error:
            _logger.exception("Glue run %s", self.id)
            state, message = "FAILED", f"The local run could not run the job: {error!r}"
        if self.children.closing:
            return
        self._write_logs()
        self._finish(state, message)

    def _executed(self) -> tuple[str, str]:
        if self.stopping.is_set():
            return "STOPPED", ""
        self.record.update(JobRunState="RUNNING", LastModifiedOn=time.time())
        if self.refusal is not None:
            return "FAILED", self.refusal
        folder = self.settings.folder(f"glue/{self.id}")
        locations = [self.script_location, *job_code.python_files(self.arguments)]
        script, *python_files = (
            job_code.fetch(location, folder, self.session, self.settings) for location in locations
        )
        wheels = [
            job_code.fetch(location, folder, self.session, self.settings)
            for location in job_code.wheels(self.arguments)
        ]
        python_files += job_code.unpacked(wheels, folder / "modules")
        child = self._start(script, python_files, folder)
        try:
            return self._wait(child)
        finally:
            self.children.stop(child)

    def _start(self, script: Path, python_files: list[Path], folder: Path) -> Child:
        name = f"glue/{self.id}"
        configuration = self.settings.folder(f"{name}/configuration")
        variables = environment_variables.of_child(name, self.settings)
        variables |= spark.variables(configuration, folder / "temporary")
        variables |= self.session.variables(self.settings)
        variables |= job_code.python_path(python_files)
        bucket, _ = bucket_and_key(self.script_location)
        defaults = spark.defaults(self.settings, folder, buckets.largest_object(bucket))
        spark.write_defaults(defaults | configured(self.arguments), configuration)
        arguments = [part for pair in self.arguments.items() for part in pair]
        return self.children.start(
            name,
            [sys.executable, "-P", script, *arguments],
            environment=variables,
            folder=folder,
            log=self.log,
        )

    def _wait(self, child: Child) -> tuple[str, str]:
        deadline = time.monotonic() + self.record["Timeout"] * _SECONDS_A_MINUTE
        while time.monotonic() < deadline:
            if self.stopping.is_set():
                return "STOPPED", ""
            try:
                status = child.process.wait(_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            if status == 0:
                return "SUCCEEDED", ""
            output = self.log.read_text(encoding="utf-8", errors="replace")
            return "FAILED", error_message(output, status)
        return "TIMEOUT", f"Job run exceeded its time-out of {self.record['Timeout']} minutes."

    def _finish(self, state: str, message: str) -> None:
        now = time.time()
        self.record.update(
            CompletedOn=now,
            LastModifiedOn=now,
            ExecutionTime=int(now - self.record["StartedOn"]),
            ErrorMessage=message,
            JobRunState=state,
        )
        _logger.info("Glue run %s of %s: %s %s", self.id, self.record["JobName"], state, message)

    def _write_logs(self) -> None:
        """Write the output to the run's log groups, with the role's permissions, as Glue does."""
        if not self.log.exists():
            return
        logs = self.session.client("logs", self.settings)
        text = self.log.read_text(encoding="utf-8", errors="replace")
        groups = [f"{self.record['LogGroupName']}/{kind}" for kind in ("output", "error")]
        refused = [
            self._encrypt(logs, group) or job_logs.write(logs, group, self.id, text)
            for group in groups
        ]
        lines = [f"local run: no logs in {reason}" for reason in refused if reason]
        with self.log.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        for line in lines:
            _logger.warning("Glue run %s: %s", self.id, line)

    def _encrypt(self, logs: Any, group: str) -> str | None:
        """Set the group's key: Glue does in each run with an encrypting security configuration."""
        if self.log_key_arn is None:
            return None
        try:
            logs.associate_kms_key(logGroupName=group, kmsKeyId=self.log_key_arn)
        except logs.exceptions.ResourceNotFoundException:
            return None  # the group is created with the first line
        except ClientError as error:
            return f"{group}: {error}"
        return None


def configured(arguments: dict[str, str]) -> dict[str, str]:
    """The Spark settings of `--conf`, whose value may hold further `--conf`, as in Glue."""
    pairs = arguments["--conf"].split(" --conf ") if "--conf" in arguments else []
    parts = (pair.strip().partition("=") for pair in pairs)
    return {name: value for name, _, value in parts}


def arguments_of(job: dict[str, Any], given: dict[str, str]) -> dict[str, str]:
    """A run's arguments: it overrides the job's defaults, and not those that are fixed."""
    fixed = job.get("NonOverridableArguments") or {}
    return {**(job.get("DefaultArguments") or {}), **given, **fixed}
