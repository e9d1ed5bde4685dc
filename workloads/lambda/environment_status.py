"""Tells a topic that the Amazon MWAA environment has failed, as EventBridge reports its changes.

ENVIRONMENT_NAME names the environment, TOPIC_ARN the topic. AWS documents no member of the event
(Amazon EventBridge events reference, "Amazon Managed Workflows for Apache Airflow events"), so the
function asks Amazon MWAA for the status. Lambda calls it again, twice, after an error.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

ADVICE: Mapping[str, str] = {
    "CREATE_FAILED": "The environment exists, and can't be used. Fix the cause, then replace the "
    'environment: see the runbook, "The environment could not be created or updated".',
    "UPDATE_FAILED": "Amazon MWAA has restored the environment as it was before the update, and "
    "runs go on. Fix the cause, and run `pulumi up --refresh`.",
    "UNAVAILABLE": "No task starts. Fix the cause, and run `pulumi up --refresh`.",
}
"""What has happened and what to do, by the statuses that are failures (Amazon MWAA API reference,
Environment: Status)."""

SUBJECT_LENGTH = 100
"""Characters (Amazon SNS API reference, Publish)."""

LOG = logging.getLogger("environment_status")
LOG.setLevel(logging.INFO)

_CONFIG = Config(connect_timeout=3, read_timeout=12, retries={"mode": "standard"})


@cache
def mwaa() -> Any:
    """The client of Amazon MWAA, created at the first invocation and reused."""
    return boto3.client("mwaa", config=_CONFIG)


@cache
def sns() -> Any:
    """The client of Amazon SNS."""
    return boto3.client("sns", config=_CONFIG)


def handler(event: Mapping[str, Any], _context: Any) -> None:
    """Lambda's entry point: tells of the environment's status if it is a failure."""
    name = os.environ["ENVIRONMENT_NAME"]
    if is_about_another(event, name):
        LOG.info("Not of %s: %s", name, event["detail"])
        return
    try:
        environment = mwaa().get_environment(Name=name)["Environment"]
    except mwaa().exceptions.ResourceNotFoundException:
        LOG.info("%s is gone", name)
        return
    status = environment["Status"]
    LOG.info("%s is %s", name, status)
    if status in ADVICE:
        sns().publish(
            TopicArn=os.environ["TOPIC_ARN"],
            Subject=f"{name} is {status}"[:SUBJECT_LENGTH],
            Message=message(environment),
        )


def is_about_another(event: Mapping[str, Any], name: str) -> bool:
    """Whether the event names another environment of the account and Region.

    One that names none is taken for the stack's: a message too many is better than none.
    """
    return bool(event.get("detail", {}).get("name", name) != name)


def message(environment: Mapping[str, Any]) -> str:
    """What the topic is told of an environment that failed."""
    error = environment.get("LastUpdate", {}).get("Error", {})
    reason = ": ".join(error[key] for key in ("ErrorCode", "ErrorMessage") if error.get(key))
    status = environment["Status"]
    lines = [
        f"Environment: {environment['Name']}, {environment['Arn']}",
        f"Status: {status}",
        f"Reason: {reason or 'Amazon MWAA gives none; see the logs of the environment.'}",
        f"What to do: {ADVICE[status]} `python -m operate status` shows what AWS does.",
    ]
    return "\n".join(lines)
