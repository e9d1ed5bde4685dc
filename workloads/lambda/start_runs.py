"""Starts a DAG run for each uploaded object, as the hub's queue delivers them.

A message holds `dag_id`, `bucket`, `key` and `version_id`: what a rule of the hub makes of an event
of S3. ENVIRONMENT_NAME names the Amazon MWAA environment, QUEUE_URL the queue.

The DAG run's id is computed from the object's version, so that Airflow itself refuses a second run
of it: S3, EventBridge and SQS each may deliver an event more than once. After any other failure
the message stays in the queue and comes again, after a longer pause each time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ALREADY_THERE = 409
"""Airflow's status for a DAG run whose id is taken."""

LONGEST_PAUSE_SECONDS = 900

ATTEMPT_MILLISECONDS = 20_000
"""What an attempt can take: Amazon MWAA answers within 10 seconds, and the client tries once."""

METRICS = "UnifiedPipelines"
"""The namespace of the metric of uploads that wait, which CloudWatch reads from the log."""

LOG = logging.getLogger("start_runs")
LOG.setLevel(logging.INFO)

_CONFIG = Config(connect_timeout=3, read_timeout=12, retries={"total_max_attempts": 1})


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A version of an object, and the DAG whose run reads it."""

    dag_id: str
    bucket: str
    key: str
    version_id: str

    @property
    def dag_run_id(self) -> str:
        """Always the same for the same version, and 21 characters: fit for the REST API's paths."""
        version = f"{self.bucket}\0{self.key}\0{self.version_id}"
        return f"upload_{hashlib.sha256(version.encode()).hexdigest()[:14]}"

    @property
    def dag_run(self) -> dict[str, Any]:
        """What Airflow's REST API is asked to start."""
        return {
            "dag_run_id": self.dag_run_id,
            "logical_date": None,
            "conf": {"raw_key": self.key, "raw_version": self.version_id},
        }

    @property
    def is_folder(self) -> bool:
        """Whether it is the empty object that S3's console makes for a folder."""
        return self.key.endswith("/")


@cache
def mwaa() -> Any:
    """The client of Amazon MWAA, created at the first invocation and reused."""
    return boto3.client("mwaa", config=_CONFIG)


@cache
def sqs() -> Any:
    """The client of SQS."""
    return boto3.client("sqs", config=_CONFIG)


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point: the messages that it returns stay in the queue."""
    failed = [record for record in event["Records"] if not _is_done(record, context)]
    return {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in failed]}


def _is_done(record: Mapping[str, Any], context: Any) -> bool:
    """Whether a message can be deleted; where not, its next attempt is put off."""
    try:
        if context.get_remaining_time_in_millis() < ATTEMPT_MILLISECONDS:
            raise TimeoutError("no time is left in this invocation")
        LOG.info(start(Upload(**json.loads(record["body"]))))
    except (BotoCoreError, ClientError, TimeoutError, TypeError, ValueError) as error:
        pause = pause_seconds(int(record["attributes"]["ApproximateReceiveCount"]))
        LOG.error(
            "Not started, again in %s seconds: %s. Message: %s",
            pause,
            reason(error),
            record["body"],
        )
        _report_age(record)
        _put_off(record, pause)
        return False
    return True


def start(upload: Upload) -> str:
    """Start the DAG run unless it is there; returns what was done as a sentence."""
    if upload.is_folder:
        return f"{upload.key} is a folder: there is nothing to start"
    try:
        mwaa().invoke_rest_api(
            Name=os.environ["ENVIRONMENT_NAME"],
            Method="POST",
            Path=f"/dags/{upload.dag_id}/dagRuns",
            Body=upload.dag_run,
        )
    except ClientError as error:
        if error.response.get("RestApiStatusCode") != ALREADY_THERE:
            raise
        return f"{upload.dag_id} {upload.dag_run_id} is there already: {upload.key}"
    return f"{upload.dag_id} {upload.dag_run_id} started: {upload.key}"


def reason(error: Exception) -> str:
    """What went wrong, with Airflow's own answer where there is one."""
    answer = error.response.get("RestApiResponse") if isinstance(error, ClientError) else None
    return f"{error} {json.dumps(answer)}" if answer else str(error)


def pause_seconds(receive_count: int) -> int:
    """The pause after so many attempts: 2 seconds, twice as long each time, 15 minutes at most."""
    return int(min(LONGEST_PAUSE_SECONDS, 2 ** min(receive_count, 10)))


def _report_age(record: Mapping[str, Any]) -> None:
    """Print how long the upload has waited, in CloudWatch's embedded metric format.

    The queue's own metric leaves out messages that were received three times.
    """
    sent = int(record["attributes"]["SentTimestamp"]) / 1000
    metric = {"Name": "UploadAge", "Unit": "Seconds"}
    about = {"Namespace": METRICS, "Dimensions": [["FunctionName"]], "Metrics": [metric]}
    line = {
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [about]},
        "FunctionName": os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        "UploadAge": max(0.0, time.time() - sent),
    }
    print(json.dumps(line))  # noqa: T201 (CloudWatch reads no line with a prefix)


def _put_off(record: Mapping[str, Any], pause: int) -> None:
    """Hide the message for the pause."""
    try:
        sqs().change_message_visibility(
            QueueUrl=os.environ["QUEUE_URL"],
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=pause,
        )
    except (BotoCoreError, ClientError) as error:
        LOG.error("The pause wasn't set, so the queue's own timeout is the pause: %s", error)
