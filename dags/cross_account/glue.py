"""A Glue job run in a pipeline's account, once per run of the pipeline.

The stock operator starts, and bills, another job run whenever its task is tried again, also where
the first one goes on: its worker died after the start, or only the wait for it failed. Here a job
run with the same arguments that is at work or done is taken up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from airflow.providers.amazon.aws.hooks.glue import GlueJobHook
from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from botocore.config import Config  # type: ignore[import-untyped]

try:
    from airflow.sdk.exceptions import AirflowException
except ImportError:  # Airflow 3.0 has it elsewhere
    from airflow.exceptions import AirflowException  # type: ignore[attr-defined]

from cross_account.run import moment_of

_USABLE = frozenset({"STARTING", "RUNNING", "WAITING", "SUCCEEDED"})

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
        """The job run with `arguments`, which name the run as `--run`, that is at work or done."""
        earliest = moment_of(arguments["--run"]) - _CLOCKS_DIFFER
        pages = self.conn.get_paginator("get_job_runs").paginate(JobName=self.job_name)
        for page in pages:
            for job_run in page["JobRuns"]:
                given = job_run.get("Arguments", {})
                if job_run["JobRunState"] in _USABLE and arguments.items() <= given.items():
                    found: Mapping[str, Any] = job_run
                    return found
            # The newest come first, and none can be older than the run that it works on.
            if any(job_run["StartedOn"] < earliest for job_run in page["JobRuns"]):
                break
        return None

    def _client_that_calls_once(self) -> Any:
        """A client that doesn't repeat a call whose answer is lost: Airflow does, and looks first.

        Glue knows no token by which it could tell a repeated StartJobRun from a second one.
        """
        return self.get_client_type(config=Config(retries={"total_max_attempts": 1}))


class CrossAccountGlueJobOperator(GlueJobOperator):
    """`GlueJobOperator` on `CrossAccountGlueJobHook`; `script_args` holds `--run`."""

    aws_hook_class = CrossAccountGlueJobHook

    def execute_complete(self, context: Any, event: dict[str, Any] | None = None) -> str:
        """The job run's id; where it failed, raise with Glue's own reason."""
        try:
            job_run_id: str = super().execute_complete(context, event)
        except AirflowException as error:
            # Without an event there is no job run to ask for.
            if not event:
                raise
            hook = cast("CrossAccountGlueJobHook", self.hook)
            answer = hook.conn.get_job_run(JobName=self.job_name, RunId=event["run_id"])
            raise RuntimeError(_ending(answer["JobRun"], event)) from error
        return job_run_id


def _ending(job_run: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    what = f"run {job_run['Id']} of the Glue job {job_run['JobName']}"
    state, reason = job_run["JobRunState"], job_run.get("ErrorMessage") or "Glue gives no reason."
    if state == "TIMEOUT":
        return (
            f"The {what} was ended by its time-out of {job_run['Timeout']} minutes, which is the "
            f"topology's glue.timeout_minutes: {reason}"
        )
    if state in {"FAILED", "STOPPED", "ERROR", "EXPIRED"}:
        return f"The {what} ended as {state}: {reason}"
    return f"Waiting for the {what}, which is {state}, failed: {event.get('message')}"
