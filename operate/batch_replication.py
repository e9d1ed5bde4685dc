"""A job of S3 Batch Replication: made for one run's files, and followed to its end."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dags.cross_account.run import run_prefix
from operate.outputs import DataPipeline

_POLL_SECONDS = 5.0
_OVER = ("Complete", "Failed", "Cancelled")
_PRIORITY = 10

# Not only FAILED and NONE: an object is COMPLETED for earlier destinations when another one comes.
# S3 passes by those whose replica was there, also if it has been deleted since.
_STATUSES = ["FAILED", "NONE", "COMPLETED"]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A job's state: `failed` counts objects, `reasons` are those of the job as a whole."""

    status: str
    total: int
    succeeded: int
    failed: int
    reasons: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether nothing changes any more."""
        return self.status in _OVER

    def __str__(self) -> str:
        counts = f"{self.succeeded} of {self.total} objects replicated, {self.failed} failed"
        return "; ".join([f"{self.status}: {counts}", *self.reasons])


def start(s3control: Any, data: DataPipeline, run: str, role_arn: str) -> str:
    """Have S3 replicate the run's files to every destination that never had them; the job's id."""
    partition = role_arn.split(":")[1]
    created = s3control.create_job(
        AccountId=data.account_id,
        ConfirmationRequired=False,
        Operation={"S3ReplicateObject": {}},
        Report={"Enabled": False},
        ClientRequestToken=str(uuid.uuid4()),
        Description=f"The files of run {run}",
        Priority=_PRIORITY,
        RoleArn=role_arn,
        ManifestGenerator={
            "S3JobManifestGenerator": {
                "ExpectedBucketOwner": data.account_id,
                "SourceBucket": f"arn:{partition}:s3:::{data.source_bucket_name}",
                "EnableManifestOutput": False,
                "Filter": {
                    "EligibleForReplication": True,
                    "ObjectReplicationStatuses": _STATUSES,
                    "KeyNameConstraint": {"MatchAnyPrefix": [run_prefix(run)]},
                },
            }
        },
    )
    return str(created["JobId"])


def followed(s3control: Any, account_id: str, job_id: str) -> Iterator[Progress]:
    """Each change of the job, up to its end."""
    before = None
    while before is None or not before.is_over:
        now = _progress(s3control.describe_job(AccountId=account_id, JobId=job_id)["Job"])
        if now != before:
            yield now
        before = now
        if not now.is_over:
            time.sleep(_POLL_SECONDS)


def _progress(job: dict[str, Any]) -> Progress:
    summary = job.get("ProgressSummary", {})
    return Progress(
        status=job["Status"],
        total=summary.get("TotalNumberOfTasks", 0),
        succeeded=summary.get("NumberOfTasksSucceeded", 0),
        failed=summary.get("NumberOfTasksFailed", 0),
        reasons=tuple(each["FailureReason"] for each in job.get("FailureReasons", [])),
    )
