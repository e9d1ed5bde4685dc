"""A Glue job run in a pipeline's account, once per run of the pipeline.

The stock operator starts, and bills, another job run whenever its task is tried again, also where
the first one goes on: its worker died after the start, or only the wait for it failed. Here a job
run with the same arguments that is at work or done is taken up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar, cast

from airflow.providers.amazon.aws.hooks.glue import GlueJobHook
from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from botocore.config import Config  # type: ignore[import-untyped]

from cross_account.failure import failing_at_once
from cross_account.job_task import THROTTLED, JobTask
from cross_account.pipeline_bucket import open_bucket
from cross_account.raw_file import check_raw_file
from cross_account.run import moment_of

_USABLE = frozenset({"STARTING", "RUNNING", "WAITING", "SUCCEEDED"})

_OVER = frozenset({"FAILED", "STOPPED", "ERROR", "EXPIRED"})
"""Besides `TIMEOUT`, which has a sentence of its own."""

_NO_REASON = "Glue gives no reason."

_CLOCKS_DIFFER = timedelta(minutes=5)
"""Between Airflow, which names a run after a moment, and Glue, which says when a job started."""


class CrossAccountGlueJobHook(GlueJobHook):
    """`GlueJobHook` that takes up a job run instead of starting it again."""

    def initialize_job(
        self,
        script_arguments: dict[str, str] | None = None,
        run_kwargs: dict[str, Any] | None = None,
    ) -> dict[str, str]:
        """Start the job, or take up its run with the same arguments; `{"JobRunId": ...}`."""
        arguments = script_arguments or {}
        earlier = self.usable_job_run(arguments)
        if earlier is None:
            started: dict[str, str] = self._client_that_calls_once().start_job_run(
                JobName=self.job_name, Arguments=arguments, **(run_kwargs or {})
            )
            return started
        self.log.info(
            "Glue job run %s has these arguments and is %s; taking it up.",
            earlier["Id"],
            earlier["JobRunState"],
        )
        return {"JobRunId": str(earlier["Id"])}

    def usable_job_run(self, arguments: Mapping[str, str]) -> Mapping[str, Any] | None:
        """The newest job run with `arguments` that is at work or done."""
        usable = (run for run in self._job_runs(arguments) if run["JobRunState"] in _USABLE)
        return next(usable, None)

    def last_job_run(self, arguments: Mapping[str, str]) -> Mapping[str, Any] | None:
        """The newest job run with `arguments`, however it stands."""
        return next(self._job_runs(arguments), None)

    def _job_runs(self, arguments: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """The job runs with `arguments`, which name the run as `--run`; the newest comes first."""
        earliest = moment_of(arguments["--run"]) - _CLOCKS_DIFFER
        pages = self.conn.get_paginator("get_job_runs").paginate(JobName=self.job_name)
        for page in pages:
            for job_run in page["JobRuns"]:
                if arguments.items() <= job_run.get("Arguments", {}).items():
                    yield job_run
            # Glue lists the newest first, and none can be older than the run that it works on.
            if any(job_run["StartedOn"] < earliest for job_run in page["JobRuns"]):
                break

    def _client_that_calls_once(self) -> Any:
        """A client that doesn't repeat a call whose answer is lost: Airflow does, and looks first.

        Glue knows no token by which it could tell a repeated StartJobRun from a second one.
        """
        return self.get_client_type(config=Config(retries={"total_max_attempts": 1}))


class CrossAccountGlueJobOperator(JobTask, GlueJobOperator):
    """`GlueJobOperator` on `CrossAccountGlueJobHook`; `script_args` are those of the DAG."""

    aws_hook_class = CrossAccountGlueJobHook

    shortages: ClassVar = {
        "ConcurrentRunsExceededException": (
            "As many runs of the job are at work as the topology's glue.max_concurrent_runs "
            "allows: see what holds them up, or raise it, then clear this task."
        ),
        "ResourceNumberLimitExceededException": (
            "The account's quota for AWS Glue jobs in this Region is used up: have Service Quotas "
            "raise it, or let fewer jobs run at a time, then clear this task."
        ),
        "ThrottlingException": THROTTLED,
    }

    def prepare(self, context: Any) -> None:
        """Refuse to do nothing where somebody clears a complete run for the sake of a new file."""
        # A retry is none of that: the next raw file may be there while the run isn't done yet.
        if context["dag_run"].clear_number:
            given = self.script_args
            bucket = open_bucket(self.aws_conn_id, given["--bucket_name"])
            with failing_at_once():
                check_raw_file(bucket, given["--run"], given["--source_key"])

    def ending(self, error: Exception) -> str:
        """Glue's own reason where the last job run failed, else what the wait ended with."""
        hook = cast("CrossAccountGlueJobHook", self.hook)
        job_run = hook.last_job_run(self.script_args)
        if job_run is None:
            return f"The Glue job {self.job_name} has no run with this task's arguments: {error}"
        what = f"run {job_run['Id']} of the Glue job {self.job_name}"
        state, reason = job_run["JobRunState"], job_run.get("ErrorMessage") or _NO_REASON
        if state == "TIMEOUT":
            return (
                f"The {what} was ended by its time-out of {job_run['Timeout']} minutes, which is "
                f"the topology's glue.timeout_minutes: {reason}"
            )
        if state in _OVER:
            return f"The {what} ended as {state}: {reason}"
        return f"Waiting for the {what}, which is {state}, failed: {error}"
