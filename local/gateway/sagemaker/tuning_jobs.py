"""The tuning jobs of Amazon SageMaker."""

from __future__ import annotations

import contextvars
import threading
import time
from typing import TYPE_CHECKING, Any

from local.gateway.api.responses import Response, failure, success
from local.gateway.sagemaker import job_pages, tuning_request
from local.gateway.sagemaker.names import arn
from local.gateway.sagemaker.tuning_job import TuningJob

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.gateway.sagemaker.training_jobs import TrainingJobs

_KIND = "hyper-parameter-tuning-job"
_ECHOED = ("HyperParameterTuningJobConfig", "TrainingJobDefinition")
_LISTED = frozenset({"HyperParameterTuningJobName", "StatusEquals", "MaxResults", "NextToken"})


class TuningJobs:
    """The tuning jobs of every account and Region, whose training jobs are `training_jobs`."""

    def __init__(self, training_jobs: TrainingJobs) -> None:
        self._training_jobs = training_jobs
        self._lock = threading.Lock()
        self._jobs: dict[str, TuningJob] = {}
        self.operations: Mapping[str, Callable[[dict[str, Any]], Response]] = {
            "CreateHyperParameterTuningJob": self.create,
            "DescribeHyperParameterTuningJob": self.describe,
            "ListTrainingJobsForHyperParameterTuningJob": self.list_training_jobs,
        }

    def create(self, request: dict[str, Any]) -> Response:
        """CreateHyperParameterTuningJob."""
        if problems := tuning_request.problems(request):
            return _refuse("; ".join(problems))
        name = request["HyperParameterTuningJobName"]
        problem = self._training_jobs.problem(tuning_request.training_request(request, name, {}))
        if problem is not None:
            return _refuse(problem)
        job_arn = arn(_KIND, name)
        # A thread has no account and Region of its own.
        context = contextvars.copy_context()
        job = TuningJob(
            request=request,
            record=_record(request, job_arn),
            start=lambda training: self._training_jobs.start(training, TuningJobArn=job_arn),
        )
        with self._lock:
            if job_arn in self._jobs:
                return failure(
                    "ResourceInUse", f"Tuning job names must be unique: {name} exists already."
                )
            self._jobs[job_arn] = job
        threading.Thread(
            target=context.run, args=(job.execute,), name=f"tuning-{name}", daemon=True
        ).start()
        return success({"HyperParameterTuningJobArn": job_arn})

    def describe(self, request: dict[str, Any]) -> Response:
        """DescribeHyperParameterTuningJob."""
        job = self._find(request)
        return _not_found(request) if job is None else success(job.described())

    def list_training_jobs(self, request: dict[str, Any]) -> Response:
        """ListTrainingJobsForHyperParameterTuningJob."""
        if problems := job_pages.problems(request, _LISTED):
            return _refuse("; ".join(problems))
        job = self._find(request)
        if job is None:
            return _not_found(request)
        return success(job_pages.page(job.summaries(), request))

    def _find(self, request: dict[str, Any]) -> TuningJob | None:
        return self._jobs.get(arn(_KIND, request["HyperParameterTuningJobName"]))


def _refuse(message: str) -> Response:
    return failure("ValidationException", message)


def _not_found(request: dict[str, Any]) -> Response:
    name = request["HyperParameterTuningJobName"]
    return failure("ResourceNotFound", f"There is no tuning job {name}.")


def _record(request: dict[str, Any], job_arn: str) -> dict[str, Any]:
    now = time.time()
    return {
        **{member: request[member] for member in _ECHOED},
        "HyperParameterTuningJobName": request["HyperParameterTuningJobName"],
        "HyperParameterTuningJobArn": job_arn,
        "HyperParameterTuningJobStatus": "InProgress",
        "CreationTime": now,
        "LastModifiedTime": now,
    }
