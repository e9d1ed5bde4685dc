"""Training in a pipeline's account, once per run.

Where a job's name exists, the stock operator adds a timestamp to it, so a retried or cleared task
starts, and AWS bills, a second job. Here a job is named after its run, and the task reattaches to
a job that is running or has completed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, cast

from airflow.providers.amazon.aws.hooks.sagemaker import SageMakerHook
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTrainingOperator

from cross_account.aws_error import ClientError, code_of
from cross_account.failure import PipelineError, failing_at_once
from cross_account.job_task import THROTTLED, JobTask, LastJob

MOST_JOBS_PER_RUN = 99
"""Names end in at most `-NN`: the deployment leaves space for that in SageMaker's 63 characters."""

FAILED = frozenset({"Failed", "Stopped"})

NO_REASON = "SageMaker gives no reason."

# XGBoost's sentences about them.
WRONG_LABELS = ("label must be in [0", "base_score must be in (0,1)")

# SageMaker's codes for a job that doesn't exist: of a training job, and of a tuning job.
_NOT_FOUND = frozenset({"ValidationException", "ResourceNotFound"})


class CrossAccountSageMakerHook(SageMakerHook):
    """`SageMakerHook` that reattaches to a training job instead of starting another one.

    The session is the stock one, which renews the assumed role's credentials: those of a single
    AssumeRole would expire after an hour.
    """

    kind: ClassVar = "training job"
    """What its jobs are called, in the singular."""

    status_key: ClassVar = "TrainingJobStatus"
    """The member of a job's description that has its status."""

    most_jobs_per_run: ClassVar = MOST_JOBS_PER_RUN

    def describe_training_job(self, name: str) -> dict[str, Any]:
        """The job's description, without metrics that aren't finite.

        It becomes the task's result, and JSON has no NaN, as some metrics of a bad model are.
        """
        job: dict[str, Any] = super().describe_training_job(name)
        metrics = job.get("FinalMetricDataList") or []
        finite = [metric for metric in metrics if math.isfinite(metric["Value"])]
        return {**job, "FinalMetricDataList": finite}

    def check_training_config(self, training_config: dict[str, Any]) -> None:
        """Look for nothing: `prepare_training` has compared the channels with the manifest.

        The stock hook reads the head of each channel's object. The hub has no permission to read a
        script's code, and SageMaker itself says what it doesn't find.
        """

    def describe(self, name: str) -> Mapping[str, Any]:
        """The description of the job `name`."""
        return self.describe_training_job(name)

    def job(self, name: str) -> Mapping[str, Any] | None:
        """The description of the job `name`, or `None` where there is none."""
        try:
            return self.describe(name)
        except ClientError as error:
            if code_of(error) not in _NOT_FOUND:
                raise
            return None

    def job_status(self, name: str) -> str | None:
        """The status of the job `name`, or `None` where there is none."""
        job = self.job(name)
        return None if job is None else str(job[self.status_key])

    def usable_job_name(self, name: str) -> str:
        """`name`, or the next of `name-2`, `name-3`... while the job of that name has failed."""
        for candidate in self._names(name):
            if self.job_status(candidate) not in FAILED:
                return candidate
        raise PipelineError(
            f"{self.most_jobs_per_run} {self.kind}s named {name} have failed or were stopped: "
            "find out why before training on this run again."
        )

    def last_job(self, name: str) -> Mapping[str, Any] | None:
        """The description of the last of the jobs `name`, `name-2`..., if there is one."""
        last = None
        for candidate in self._names(name):
            job = self.job(candidate)
            if job is None:
                break
            last = job
        return last

    def started(self, name: str, start: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Start the job, or reattach to one of that name that is running or has completed."""
        if self.job_status(name) not in {None, *FAILED}:
            return self._reattached(name)
        try:
            return start()
        except ClientError as error:
            # Another attempt of this task has started it since the look.
            if code_of(error) != "ResourceInUse":
                raise
            return self._reattached(name)

    def _names(self, name: str) -> Iterator[str]:
        """The names that a run's jobs can have, in order."""
        yield name
        for number in range(2, self.most_jobs_per_run + 1):
            yield f"{name}-{number}"

    def _reattached(self, name: str) -> Mapping[str, Any]:
        """What the stock operators expect of a successful start."""
        self.log.info("Reattaching to %s %s.", self.kind, name)
        return {"ResponseMetadata": {"HTTPStatusCode": 200}}

    def create_training_job(
        self,
        config: dict[str, Any],
        wait_for_completion: bool = True,  # noqa: FBT001, FBT002 (the stock signature)
        print_log: bool = True,  # noqa: FBT001, FBT002
        check_interval: int = 30,
        max_ingestion_time: int | None = None,
    ) -> Mapping[str, Any]:
        """Start the job, or reattach to one of that name that is running or has completed."""
        create = super().create_training_job
        return self.started(
            config["TrainingJobName"],
            lambda: create(
                config, wait_for_completion, print_log, check_interval, max_ingestion_time
            ),
        )


class CrossAccountSageMakerTrainingOperator(JobTask, SageMakerTrainingOperator):
    """`SageMakerTrainingOperator` with `CrossAccountSageMakerHook`.

    `config["TrainingJobName"]` is the name of the run's first job; the next name is used only
    where the earlier job failed or was stopped. The result is
    `{"Training": <the job's description>}`.
    """

    aws_hook_class = CrossAccountSageMakerHook

    rejections: ClassVar = {
        "ResourceLimitExceeded": (
            "Request a higher SageMaker quota and clear this task, or choose another "
            "training.instance_type in the topology and clear prepare_training."
        ),
        "ThrottlingException": THROTTLED,
    }

    certain_failures: ClassVar = WRONG_LABELS

    def prepare(self, context: Any) -> None:  # noqa: ARG002 (the mix-in's signature)
        """Name the job that is to be started or reattached to."""
        hook = cast("CrossAccountSageMakerHook", self.hook)
        with failing_at_once():
            self.config["TrainingJobName"] = hook.usable_job_name(self.config["TrainingJobName"])

    def last_job(self) -> LastJob | None:
        """The last of the run's training jobs."""
        hook = cast("CrossAccountSageMakerHook", self.hook)
        job = hook.last_job(self.config["TrainingJobName"])
        if job is None:
            return None
        status = job["TrainingJobStatus"]
        reason = job.get("FailureReason", NO_REASON)
        return LastJob(
            name=f"Training job {job['TrainingJobName']}",
            status=status,
            reason=reason if status in FAILED else None,
        )
