"""Event source mappings of queues: Lambda polls with the permissions of the function's role.

MiniStack polls without any, and creates mappings that Lambda refuses.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc

from local.gateway.api.responses import REST_JSON, failure
from local.gateway.authorization.simulation import allowed
from local.gateway.stores import queues
from local.gateway.stores.keys import key_problem

_logger = logging.getLogger(__name__)

_ACTIONS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")

_DEFAULT_VISIBILITY_SECONDS = 30


def create(original: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Refuse a mapping that couldn't work: the role's permissions, the queue's time-out."""

    def creating(request: dict[str, Any]) -> Any:
        queue = queues.queue_of(request.get("EventSourceArn", ""))
        function = _function(request.get("FunctionName", ""))
        if queue is None or function is None:
            return original(request)
        problem = _problem(queue, function["config"])
        if problem is None:
            return original(request)
        return failure("InvalidParameterValueException", problem, content_type=REST_JSON)

    return creating


def _function(reference: str) -> dict[str, Any] | None:
    """MiniStack's record of the function that a name or ARN stands for."""
    name, _ = lambda_svc._resolve_request_scoped_name_and_qualifier(reference)
    found: dict[str, Any] | None = lambda_svc._functions.get(name)
    return found


def _problem(queue: dict[str, Any], configuration: dict[str, Any]) -> str | None:
    attributes = queue["attributes"]
    missing = _missing_action(configuration["Role"], attributes["QueueArn"])
    if missing is not None:
        return f"The provided execution role does not have permissions to call {missing} on SQS"
    hidden = int(attributes.get("VisibilityTimeout", _DEFAULT_VISIBILITY_SECONDS))
    if hidden < configuration["Timeout"]:
        return (
            f"Queue visibility timeout: {hidden} seconds is less than Function timeout: "
            f"{configuration['Timeout']} seconds"
        )
    return None


def _missing_action(role: str, queue_arn: str) -> str | None:
    region = queue_arn.split(":")[3]
    return next(
        (
            action
            for action in _ACTIONS
            if not allowed(role, f"sqs:{action}", queue_arn, region=region)
        ),
        None,
    )


def concurrency(original: Callable[..., int]) -> Callable[..., int]:
    """How many batches a mapping may have in flight: none where its role can't read the queue.

    MiniStack asks this before each batch.
    """

    def limited(
        mapping: dict[str, Any], function: Any, configuration: Any, queue: Any = None
    ) -> int:
        limit = original(mapping, function, configuration, queue)
        is_full = lambda_svc._esm_inflight.get(mapping["UUID"], 0) >= limit
        if queue is None or is_full or not _has_messages(queue):
            return limit
        problem = _unreadable(configuration["Role"], queue["attributes"]["QueueArn"])
        if problem is None:
            return limit
        if mapping["LastProcessingResult"] != f"PROBLEM: {problem}":
            mapping["LastProcessingResult"] = f"PROBLEM: {problem}"
            _logger.warning("%s: %s", mapping["EventSourceArn"], problem)
        return 0

    return limited


def _has_messages(queue: dict[str, Any]) -> bool:
    now = time.time()
    return any(message["visible_at"] <= now for message in queue["messages"])


def _unreadable(role: str, queue_arn: str) -> str | None:
    """Why Lambda can't read and delete messages as the function's role; None where it can."""
    missing = _missing_action(role, queue_arn)
    if missing is not None:
        return f"{role} is not authorized to perform: sqs:{missing}"
    key = queues.key_of(queue_arn)
    if key is None:
        return None
    if not allowed(role, "kms:Decrypt", key.key_arn, region=key.region, conditions=key.conditions):
        return f"{role} is not authorized to perform: kms:Decrypt"
    problem = key_problem(key.key_arn, key.region)
    return None if problem is None else problem.message
