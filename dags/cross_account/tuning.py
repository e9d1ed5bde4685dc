"""Tuning in a pipeline's account, once per run: many training jobs, of which the best one counts.

As with a training, a job is named after its run, and the task reattaches to one that is running or
has completed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from airflow.providers.amazon.aws.operators.sagemaker import SageMakerTuningOperator, serialize

from cross_account.failure import PipelineError, failing_at_once
from cross_account.job_task import THROTTLED, JobTask, LastJob
from cross_account.sagemaker import (
    FAILED,
    NO_REASON,
    WRONG_LABELS,
    CrossAccountSageMakerHook,
)

MOST_TUNING_JOBS_PER_RUN = 9
"""Names end in at most `-N`: what the deployment leaves of SageMaker's 32 characters."""


class CrossAccountSageMakerTuningHook(CrossAccountSageMakerHook):
    """`CrossAccountSageMakerHook` whose jobs are tuning jobs."""

    kind: ClassVar = "tuning job"
    status_key: ClassVar = "HyperParameterTuningJobStatus"
    most_jobs_per_run: ClassVar = MOST_TUNING_JOBS_PER_RUN

    def describe(self, name: str) -> Mapping[str, Any]:
        """The description of the tuning job `name`."""
        job: Mapping[str, Any] = self.describe_tuning_job(name)
        return job

    def check_tuning_config(self, tuning_config: dict[str, Any]) -> None:
        """Look for nothing, as `check_training_config`."""

    def create_tuning_job(
        self,
        config: dict[str, Any],
        wait_for_completion: bool = True,  # noqa: FBT001, FBT002 (the stock signature)
        check_interval: int = 30,
        max_ingestion_time: int | None = None,
    ) -> Mapping[str, Any]:
        """Start the job, or reattach to one of that name that is running or has completed."""
        create = super().create_tuning_job
        return self.started(
            config["HyperParameterTuningJobName"],
            lambda: create(config, wait_for_completion, check_interval, max_ingestion_time),
        )

    def best_training_job(self, tuning: Mapping[str, Any]) -> dict[str, Any]:
        """The description of the training job with the best metric.

        Raises:
            PipelineError: no training job has that metric.
        """
        best = tuning.get("BestTrainingJob")
        if best is None:
            objective = tuning["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
            raise PipelineError(
                f"Tuning job {tuning['HyperParameterTuningJobName']} has no best training job: "
                f"expected one that prints {objective['MetricName']}. Look at their logs, correct "
                "training.metrics or the training, and clear prepare_training."
            )
        return self.describe_training_job(best["TrainingJobName"])

    def first_failure(self, name: str) -> str | None:
        """Why a training job of the tuning job `name` failed; the tuning job doesn't say it."""
        answer = self.get_conn().list_training_jobs_for_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=name, StatusEquals="Failed", MaxResults=1
        )
        for job in answer["TrainingJobSummaries"]:
            return f"Training job {job['TrainingJobName']}: {job.get('FailureReason', NO_REASON)}"
        return None


class CrossAccountSageMakerTuningOperator(JobTask, SageMakerTuningOperator):
    """`SageMakerTuningOperator` with `CrossAccountSageMakerTuningHook`.

    `config["HyperParameterTuningJobName"]` is the name of the run's first job, as in
    `CrossAccountSageMakerTrainingOperator`. The result is `{"Training": <the description of the
    best training job>, "Tuning": <the tuning job's>}`.
    """

    aws_hook_class = CrossAccountSageMakerTuningHook

    rejections: ClassVar = {
        "ResourceLimitExceeded": (
            "Request a higher SageMaker quota and clear this task, or lower training.tuning."
            "parallel or choose another training.instance_type in the topology and clear "
            "prepare_training."
        ),
        "ThrottlingException": THROTTLED,
    }

    certain_failures: ClassVar = WRONG_LABELS

    @property
    def _hook(self) -> CrossAccountSageMakerTuningHook:
        return cast("CrossAccountSageMakerTuningHook", self.hook)

    def prepare(self, context: Any) -> None:  # noqa: ARG002 (the mix-in's signature)
        """Name the job that is to be started or reattached to."""
        name = self.config["HyperParameterTuningJobName"]
        with failing_at_once():
            self.config["HyperParameterTuningJobName"] = self._hook.usable_job_name(name)

    def execute_complete(
        self, context: Any, event: dict[str, Any] | None = None
    ) -> dict[str, dict[str, Any]]:
        """Return the best training job beside the tuning job."""
        result = super().execute_complete(context, event)
        with failing_at_once():
            best = self._hook.best_training_job(result["Tuning"])
        return {**result, "Training": serialize(best)}

    def last_job(self) -> LastJob | None:
        """The last of the run's tuning jobs."""
        job = self._hook.last_job(self.config["HyperParameterTuningJobName"])
        if job is None:
            return None
        name, status = job["HyperParameterTuningJobName"], job["HyperParameterTuningJobStatus"]
        return LastJob(
            name=f"Tuning job {name}",
            status=status,
            reason=self._reason_of(job) if status in FAILED else None,
        )

    def _reason_of(self, job: Mapping[str, Any]) -> str:
        own = job.get("FailureReason", NO_REASON)
        failure = self._hook.first_failure(job["HyperParameterTuningJobName"])
        return f"{own} {failure}" if failure else own
