"""The training jobs of Amazon SageMaker. MiniStack has no SageMaker."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region

from local.gateway.api import validation
from local.gateway.api.responses import Response, failure, success
from local.gateway.sagemaker import training_job_pages, training_job_regions
from local.gateway.sagemaker.training_job import TrainingJob, is_script
from local.gateway.sts.service_sessions import Caller, CannotAssumeRoleError, ServiceSession, assume

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.gateway.processes import Children
    from local.gateway.settings import Settings

_ECHOED = (
    "TrainingJobName",
    "HyperParameters",
    "AlgorithmSpecification",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "StoppingCondition",
    "Environment",
    "CheckpointConfig",
)
"""Members of CreateTrainingJob that DescribeTrainingJob returns."""

ROUTING = {"target_prefixes": ["SageMaker."], "host_patterns": [r"sagemaker\."]}
"""How MiniStack's router recognizes a request to SageMaker."""

_NO_IMAGES = "the local run can't run images: it trains with AWS's XGBoost and with scripts only"


def _refuse(message: str) -> Response:
    return failure("ValidationException", message)


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{kind}/{name}"


def _record(request: dict[str, Any]) -> dict[str, Any]:
    """What DescribeTrainingJob returns from the start."""
    now = time.time()
    name = request["TrainingJobName"]
    output = request["OutputDataConfig"]["S3OutputPath"].rstrip("/")
    flags = (
        "EnableNetworkIsolation",
        "EnableInterContainerTrafficEncryption",
        "EnableManagedSpotTraining",
    )
    return {
        **{member: request[member] for member in _ECHOED if member in request},
        **{flag: request.get(flag, False) for flag in flags},
        "TrainingJobArn": _arn("training-job", name),
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Starting",
        "SecondaryStatusTransitions": [],
        "CreationTime": now,
        "LastModifiedTime": now,
        "ModelArtifacts": {"S3ModelArtifacts": f"{output}/{name}/output/model.tar.gz"},
    }


class TrainingJobs:
    """The training jobs of every account and Region."""

    def __init__(self, settings: Settings, children: Children) -> None:
        self._settings = settings
        self._children = children
        self._lock = threading.Lock()
        self._jobs: dict[str, TrainingJob] = {}
        self._operations: dict[str, Callable[[dict[str, Any]], Response]] = {
            "CreateTrainingJob": self.create,
            "DescribeTrainingJob": self.describe,
            "StopTrainingJob": self.stop,
            "ListTrainingJobs": self.list_jobs,
        }

    async def handle_request(
        self, _method: str, _path: str, headers: dict[str, str], body: bytes, _query: dict[str, Any]
    ) -> Response:
        """Answer one request."""
        name = headers.get("x-amz-target", "").removeprefix("SageMaker.")
        operation = self._operations.get(name)
        if operation is None:
            known = ", ".join(self._operations)
            return _refuse(f"The local run has no {name} of SageMaker; it has {known}.")
        request = json.loads(body or b"{}")
        problems = validation.problems("sagemaker", name, request)
        return _refuse("; ".join(problems)) if problems else operation(request)

    def create(self, request: dict[str, Any]) -> Response:
        """CreateTrainingJob."""
        image = request["AlgorithmSpecification"].get("TrainingImage", "")
        if "xgboost" not in image and not is_script(request):
            return _refuse(f"TrainingImage {image!r}: {_NO_IMAGES}.")
        if problems := training_job_regions.problems(request, get_region()):
            return _refuse("; ".join(problems))
        name = request["TrainingJobName"]
        try:
            session = self._session(request)
        except CannotAssumeRoleError as error:
            return _refuse(f"Could not assume role {request['RoleArn']}: {error}")
        job = TrainingJob(
            request=request,
            record=_record(request),
            session=session,
            settings=self._settings,
            children=self._children,
        )
        arn = job.record["TrainingJobArn"]
        with self._lock:
            if arn in self._jobs:
                return failure(
                    "ResourceInUse", f"Training job names must be unique: {name} exists already."
                )
            self._jobs[arn] = job
        job.enter("Starting", "Starting the training job")
        threading.Thread(target=job.execute, name=f"training-{name}", daemon=True).start()
        return success({"TrainingJobArn": arn})

    def _session(self, request: dict[str, Any]) -> ServiceSession:
        caller = Caller(
            service="sagemaker.amazonaws.com",
            source_arn=_arn("training-job", request["TrainingJobName"]),
            account_id=get_account_id(),
            region=get_region(),
        )
        return assume(request["RoleArn"], caller, "SageMaker")

    def _find(self, request: dict[str, Any]) -> TrainingJob | None:
        return self._jobs.get(_arn("training-job", request["TrainingJobName"]))

    def describe(self, request: dict[str, Any]) -> Response:
        """DescribeTrainingJob."""
        job = self._find(request)
        if job is None:
            return _refuse("Requested resource not found.")
        return success(dict(job.record))

    def stop(self, request: dict[str, Any]) -> Response:
        """StopTrainingJob."""
        job = self._find(request)
        if job is None:
            return _refuse("Requested resource not found.")
        status = job.record["TrainingJobStatus"]
        if status != "InProgress":
            return _refuse(f"The job is {status}; only a job in progress can be stopped.")
        job.enter("Stopping", "Stopping the training job", TrainingJobStatus="Stopping")
        job.stopping.set()
        return success({})

    def list_jobs(self, request: dict[str, Any]) -> Response:
        """ListTrainingJobs."""
        if problems := training_job_pages.problems(request):
            return _refuse("; ".join(problems))
        start = _arn("training-job", "")
        records = [job.record for arn, job in self._jobs.items() if arn.startswith(start)]
        return success(training_job_pages.page(records, request))
