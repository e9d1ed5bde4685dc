"""One training job, from its channels in S3 to its model in S3, as its role."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local.gateway import environment_variables
from local.gateway.authorization.simulation import allowed
from local.gateway.logs import job_logs
from local.gateway.processes import ClosingError
from local.gateway.sagemaker import training_files, training_metrics

if TYPE_CHECKING:
    from local.gateway.processes import Child, Children
    from local.gateway.settings import Settings
    from local.gateway.sts.service_sessions import ServiceSession

_logger = logging.getLogger(__name__)

CONCURRENT_JOBS = threading.BoundedSemaphore(2)
"""Training jobs that may run at the same time, each on two threads."""

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
_POLL_SECONDS = 0.1

_CONTAINER_FOLDER = "/opt/ml"
_XGBOOST = Path(__file__).with_name("xgboost_training.py")
_SCRIPT = Path(__file__).with_name("script_training.py")


class TrainingError(Exception):
    """The job fails with this FailureReason."""


class TrainingStopped(Exception):
    """The job ends early; the argument is its last SecondaryStatus."""


def is_script(request: Mapping[str, Any]) -> bool:
    """Whether a job's image runs a script, as SageMaker's script mode asks it to."""
    return "sagemaker_program" in request.get("HyperParameters", {})


@dataclass(kw_only=True)
class TrainingJob:
    """A training job; `record` is what DescribeTrainingJob returns."""

    request: dict[str, Any]
    record: dict[str, Any]
    session: ServiceSession
    settings: Settings
    children: Children
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        """The job's name."""
        return str(self.request["TrainingJobName"])

    @property
    def key(self) -> str:
        """The job's name among those of all accounts and Regions, for its files."""
        return "-".join([*self.record["TrainingJobArn"].split(":")[3:5], self.name])

    @property
    def log(self) -> Path:
        """Everything that the training prints."""
        return self.settings.folder("sagemaker") / f"{self.key}.log"

    def enter(self, secondary: str, message: str, **changes: Any) -> None:
        """Enter the next secondary status."""
        now = time.time()
        *earlier, last = self.record["SecondaryStatusTransitions"] or [None]
        closed = [*earlier, {"EndTime": now, **last}] if last else []
        entered = {"Status": secondary, "StartTime": now, "StatusMessage": message}
        # One update with new values: another thread may be reading the old ones.
        self.record.update(
            changes,
            SecondaryStatus=secondary,
            SecondaryStatusTransitions=[*closed, entered],
            LastModifiedTime=now,
        )

    def execute(self) -> None:
        """Run to the end, and write the result to the record."""
        try:
            with CONCURRENT_JOBS:
                self._train()
        except TrainingStopped as stopped:
            self._end("Stopped", str(stopped), "Training job stopped")
        except (TrainingError, ClientError) as error:
            self._fail(_reason(error))
        except ClosingError:
            return
        except Exception as error:
            _logger.exception("training job %s", self.name)
            self._fail(f"InternalServerError: the local run could not train: {error!r}")
        _logger.info("training job %s: %s", self.name, self.record["TrainingJobStatus"])

    def _fail(self, reason: str) -> None:
        self._end("Failed", "Failed", "Training job failed", FailureReason=reason[:1024])

    def _end(self, status: str, secondary: str, message: str, **changes: Any) -> None:
        now = time.time()
        started = self.record.get("TrainingStartTime")
        if started is not None:
            seconds = max(1, int(now - started))
            changes |= {
                "TrainingEndTime": now,
                "TrainingTimeInSeconds": seconds,
                "BillableTimeInSeconds": seconds,
            }
        self.enter(secondary, message, **changes, TrainingJobStatus=status)

    def _train(self) -> None:
        self._check_volume_key()
        folder = self.settings.folder(f"sagemaker/{self.key}")
        training_files.create(folder, self.request)
        self.enter("Downloading", "Downloading input data", TrainingStartTime=time.time())
        s3 = self.session.client("s3", self.settings)
        for channel in self.request.get("InputDataConfig", []):
            self._download(s3, channel, folder)
        training_files.download_checkpoints(s3, folder, self.request)
        self.enter("Training", "Training image download completed. Training in progress.")
        try:
            self._run(folder)
        finally:
            self._write_logs()
            training_files.upload_checkpoints(s3, folder, self.request)
        self.enter("Uploading", "Uploading generated training model")
        uri = self.record["ModelArtifacts"]["S3ModelArtifacts"]
        training_files.upload_model(
            s3, folder, uri, self.request["OutputDataConfig"].get("KmsKeyId")
        )
        self._end(
            "Completed",
            "Completed",
            "Training job completed",
            FinalMetricDataList=self._metrics(folder),
        )

    def _check_volume_key(self) -> None:
        """Before anything else SageMaker creates a grant on the volume's key, as the role."""
        key = self.request["ResourceConfig"].get("VolumeKmsKeyId")
        role, region = self.request["RoleArn"], self.session.region
        conditions = {"kms:GrantIsForAWSResource": "true"}
        if key is None or not key.startswith("arn:"):
            return
        if not allowed(role, "kms:CreateGrant", key, region=region, conditions=conditions):
            message = f"ClientError: {role} is not authorized to perform: kms:CreateGrant on {key}"
            raise TrainingError(message)

    def _download(self, s3: Any, channel: dict[str, Any], folder: Path) -> None:
        uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
        count = 0
        for _ in training_files.download(s3, uri, folder / "input/data" / channel["ChannelName"]):
            self._raise_if_stopping()
            count += 1
        if not count:
            message = f"ClientError: Data download failed: no S3 objects found under {uri}"
            raise TrainingError(message)

    def _raise_if_stopping(self) -> None:
        if self.stopping.is_set():
            raise TrainingStopped("Stopped")

    def _metrics(self, folder: Path) -> list[dict[str, Any]]:
        if not is_script(self.request):
            return training_files.metrics(folder)
        log = self.log.read_text(encoding="utf-8", errors="replace")
        return training_metrics.final_metrics(self.request, log)

    def _run(self, folder: Path) -> None:
        name = f"sagemaker/{self.key}"
        program = _SCRIPT if is_script(self.request) else _XGBOOST
        # None of it gives access to AWS: a job without a network has no use for its role.
        environment = {
            **environment_variables.of_child(name, self.settings),
            **{
                variable: value.replace(_CONTAINER_FOLDER, str(folder), 1)
                for variable, value in self.request.get("Environment", {}).items()
            },
            "TRAINING_JOB_NAME": self.name,
        }
        child = self.children.start(
            name,
            [sys.executable, "-P", program, folder],
            environment=environment,
            folder=folder,
            log=self.log,
        )
        try:
            status = self._wait(child)
        finally:
            self.children.stop(child)
        if status:
            failure = folder / "output/failure"
            reason = failure.read_text(encoding="utf-8") if failure.exists() else "AlgorithmError"
            message = f"{reason}, exit code: {status}"
            raise TrainingError(message)

    def _wait(self, child: Child) -> int:
        seconds = self.request["StoppingCondition"].get("MaxRuntimeInSeconds", 86400)
        deadline = self.record["TrainingStartTime"] + seconds
        while time.time() < deadline:
            self._raise_if_stopping()
            try:
                return child.process.wait(_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        raise TrainingStopped("MaxRuntimeExceeded")

    def _write_logs(self) -> None:
        logs = self.session.client("logs", self.settings)
        text = self.log.read_text(encoding="utf-8", errors="replace")
        stream = f"{self.name}/algo-1-{int(self.record['CreationTime'])}"
        refused = job_logs.write(logs, LOG_GROUP, stream, text)
        if refused:
            _logger.warning("training job %s: no logs in %s", self.name, refused)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, TrainingError) else f"ClientError: {error}"
