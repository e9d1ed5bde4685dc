"""A Glue job run in a pipeline's account, once per run of the pipeline.

The stock operator starts, and AWS bills, another job run with each retry of its task, even while
the first one is running: its worker died after the start, or only the wait failed. Here the task
reattaches to a job run with the same arguments that is running or has succeeded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar, cast

from airflow.providers.amazon.aws.hooks.glue import GlueJobHook
from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from botocore.config import Config  # type: ignore[import-untyped]

from cross_account.failure import failing_at_once
from cross_account.job_task import THROTTLED, JobTask, LastJob
from cross_account.pipeline_bucket import open_bucket
from cross_account.raw_file import check_raw_file
from cross_account.run import moment_of
from cross_account.session_policy import session_policy

_USABLE = frozenset({"STARTING", "RUNNING", "WAITING", "SUCCEEDED"})

_FAILED = frozenset({"FAILED", "STOPPED", "ERROR", "EXPIRED", "TIMEOUT"})

_NO_REASON = "Glue gives no reason."

_CLOCKS_DIFFER = timedelta(minutes=5)
"""Tolerated between Airflow, which names a run after a time, and Glue's `StartedOn`."""


class CrossAccountGlueJobHook(GlueJobHook):
    """`GlueJobHook` that reattaches to a job run instead of starting another one."""

    def initialize_job(
        self,
        script_arguments: dict[str, str] | None = None,
        run_kwargs: dict[str, Any] | None = None,
    ) -> dict[str, str]:
        """Start the job, or reattach to its run with the same arguments; `{"JobRunId": ...}`."""
        arguments = script_arguments or {}
        earlier = self.usable_job_run(arguments)
        if earlier is None:
            return self._start(arguments, run_kwargs or {})
        self.log.info(
            "Reattaching to Glue job run %s, which has the same arguments and is %s.",
            earlier["Id"],
            earlier["JobRunState"],
        )
        return {"JobRunId": str(earlier["Id"])}

    def _start(self, arguments: dict[str, str], run_kwargs: dict[str, Any]) -> dict[str, str]:
        client = self._client_that_calls_once()
        request = {"JobName": self.job_name, "Arguments": arguments, **run_kwargs}
        takes = client.meta.service_model.operation_model("StartJobRun").input_shape.members
        # The SDK of Airflow 3.0.6 on Amazon MWAA doesn't know this parameter yet.
        if "ExecutionRoleSessionPolicy" in takes:
            request["ExecutionRoleSessionPolicy"] = session_policy(
                client.meta.partition, arguments["--bucket_name"], arguments["--run"]
            )
        started: dict[str, str] = client.start_job_run(**request)
        return started

    def usable_job_run(self, arguments: Mapping[str, str]) -> Mapping[str, Any] | None:
        """The newest job run with `arguments` that is running or has succeeded."""
        usable = (run for run in self._job_runs(arguments) if run["JobRunState"] in _USABLE)
        return next(usable, None)

    def last_job_run(self, arguments: Mapping[str, str]) -> Mapping[str, Any] | None:
        """The newest job run with `arguments`, whatever its state."""
        return next(self._job_runs(arguments), None)

    def _job_runs(self, arguments: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """The job runs with `arguments`, which name the run as `--run`; newest first."""
        earliest = moment_of(arguments["--run"]) - _CLOCKS_DIFFER
        pages = self.conn.get_paginator("get_job_runs").paginate(JobName=self.job_name)
        for page in pages:
            for job_run in page["JobRuns"]:
                if arguments.items() <= job_run.get("Arguments", {}).items():
                    yield job_run
            # Glue lists the newest first, and no job run can be older than the run it processes.
            if any(job_run["StartedOn"] < earliest for job_run in page["JobRuns"]):
                break

    def _client_that_calls_once(self) -> Any:
        """A client that doesn't retry a lost call: Airflow retries, and looks for job runs first.

        StartJobRun has no idempotency token: a repeated call starts a second job run.
        """
        return self.get_client_type(config=Config(retries={"total_max_attempts": 1}))


class CrossAccountGlueJobOperator(JobTask, GlueJobOperator):
    """`GlueJobOperator` with `CrossAccountGlueJobHook`."""

    aws_hook_class = CrossAccountGlueJobHook

    rejections: ClassVar = {
        "ConcurrentRunsExceededException": (
            "Other runs of the job use up the topology's glue.max_concurrent_runs: see why they "
            "take so long, or raise it, then clear this task."
        ),
        "ResourceNumberLimitExceededException": (
            "Request a higher AWS Glue quota for this account and Region, or start fewer jobs at "
            "a time, then clear this task."
        ),
        "ThrottlingException": THROTTLED,
    }

    # As the job's script begins the sentence.
    certain_failures: ClassVar = ("Input refused: ", "Script failed: ")

    def render_template_fields(self, context: Any, jinja_env: Any = None) -> None:
        """Leave out the arguments that this run doesn't have: Glue would pass them empty."""
        super().render_template_fields(context, jinja_env)
        self.script_args = {name: value for name, value in self.script_args.items() if value}

    def prepare(self, context: Any) -> None:
        """Fail where a user clears a complete run in order to process a new raw file."""
        given = self.script_args
        # Not so for a retry: the next raw file may have arrived before the run is complete. Nor
        # where the run has a version of its own.
        if context["dag_run"].clear_number and "--source_version" not in given:
            bucket = open_bucket(self.aws_conn_id, given["--bucket_name"])
            with failing_at_once():
                check_raw_file(bucket, given["--run"], given["--source_key"])

    def last_job(self) -> LastJob | None:
        """The newest job run with this task's arguments."""
        job_run = cast("CrossAccountGlueJobHook", self.hook).last_job_run(self.script_args)
        if job_run is None:
            return None
        state, reason = job_run["JobRunState"], job_run.get("ErrorMessage") or _NO_REASON
        if state == "TIMEOUT":
            reason = f"the topology's glue.timeout_minutes is {job_run['Timeout']}. {reason}"
        return LastJob(
            name=f"Run {job_run['Id']} of Glue job {self.job_name}",
            status=state,
            reason=reason if state in _FAILED else None,
        )
