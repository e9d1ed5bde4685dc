"""The training jobs of Amazon SageMaker."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region

from local.gateway.api.responses import Response, failure, success
from local.gateway.authorization.network_interfaces import Calls, refused
from local.gateway.sagemaker import job_pages, training_job_regions
from local.gateway.sagemaker.names import arn
from local.gateway.sagemaker.training_job import TrainingJob, is_script
from local.gateway.sts.service_sessions import Caller, CannotAssumeRoleError, ServiceSession, assume

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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

_FILTERS = frozenset({"NameContains", "StatusEquals", "MaxResults", "NextToken"})
_LISTED = ("TrainingJobName", "TrainingJobArn", "CreationTime", "TrainingJobStatus")

_NETWORK_CALLS = Calls(
    look=(
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
    ),
    on_interface=("ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"),
    on_anything=("ec2:DeleteNetworkInterfacePermission",),
)
"""Amazon SageMaker AI developer guide, "How to use SageMaker AI execution roles"."""

_NO_IMAGES = "the local run can't run images: it trains with AWS's XGBoost and with scripts only"


def _refuse(message: str) -> Response:
    return failure("ValidationException", message)


class NameInUseError(ValueError):
    """There is a job of that name."""


def _unsupported(request: dict[str, Any]) -> str | None:
    image = request["AlgorithmSpecification"].get("TrainingImage", "")
    if "xgboost" not in image and not is_script(request):
        return f"TrainingImage {image!r}: {_NO_IMAGES}."
    if network := request.get("VpcConfig"):
        calls = (network["Subnets"], network["SecurityGroupIds"], _NETWORK_CALLS)
        if refusal := refused(request["RoleArn"], *calls):
            return refusal
    return "; ".join(training_job_regions.problems(request, get_region())) or None


def _not_assumed(request: dict[str, Any], error: CannotAssumeRoleError) -> str:
    return f"Could not assume role {request['RoleArn']}: {error}"


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
        "TrainingJobArn": arn("training-job", name),
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
        self.operations: Mapping[str, Callable[[dict[str, Any]], Response]] = {
            "CreateTrainingJob": self.create,
            "DescribeTrainingJob": self.describe,
            "StopTrainingJob": self.stop,
            "ListTrainingJobs": self.list_jobs,
        }

    def create(self, request: dict[str, Any]) -> Response:
        """CreateTrainingJob."""
        problem = _unsupported(request)
        if problem is not None:
            return _refuse(problem)
        try:
            job = self.start(request)
        except CannotAssumeRoleError as error:
            return _refuse(_not_assumed(request, error))
        except NameInUseError as error:
            return failure("ResourceInUse", str(error))
        return success({"TrainingJobArn": job.record["TrainingJobArn"]})

    def problem(self, request: dict[str, Any]) -> str | None:
        """Why a job of `request`, to be started later, could not be, if so."""
        problem = _unsupported(request)
        if problem is not None:
            return problem
        try:
            self._session(request)
        except CannotAssumeRoleError as error:
            return _not_assumed(request, error)
        return None

    def start(self, request: dict[str, Any], **described: Any) -> TrainingJob:
        """Start a job; `described` are further members of its description.

        Raises:
            CannotAssumeRoleError: the job's role doesn't let SageMaker in.
            NameInUseError: there is a job of that name.
        """
        name = request["TrainingJobName"]
        job = TrainingJob(
            request=request,
            record={**_record(request), **described},
            session=self._session(request),
            settings=self._settings,
            children=self._children,
        )
        job_arn = job.record["TrainingJobArn"]
        with self._lock:
            if job_arn in self._jobs:
                raise NameInUseError(f"Training job names must be unique: {name} exists already.")
            self._jobs[job_arn] = job
        job.enter("Starting", "Starting the training job")
        threading.Thread(target=job.execute, name=f"training-{name}", daemon=True).start()
        return job

    def _session(self, request: dict[str, Any]) -> ServiceSession:
        caller = Caller(
            service="sagemaker.amazonaws.com",
            source_arn=arn("training-job", request["TrainingJobName"]),
            account_id=get_account_id(),
            region=get_region(),
        )
        return assume(request["RoleArn"], caller, "SageMaker")

    def _find(self, request: dict[str, Any]) -> TrainingJob | None:
        return self._jobs.get(arn("training-job", request["TrainingJobName"]))

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
        if problems := job_pages.problems(request, _FILTERS):
            return _refuse("; ".join(problems))
        start = arn("training-job", "")
        summaries = [
            {member: job.record[member] for member in _LISTED}
            for job_arn, job in self._jobs.items()
            if job_arn.startswith(start)
        ]
        return success(job_pages.page(summaries, request))
