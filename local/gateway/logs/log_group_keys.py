"""The keys of log groups: AssociateKmsKey, and whether CloudWatch Logs may use the key.

MiniStack accepts any key for a new group, and has no AssociateKmsKey, which Glue calls in each run
of a job whose security configuration encrypts logs.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs

from local.gateway.api.responses import Response, failure, success
from local.gateway.authorization import service_calls
from local.gateway.stores.keys import key_problem

_NEEDED_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey")
"""The actions that CloudWatch Logs, as a service, does with the key of a group."""


def _usable(key: str, group: str) -> bool:
    """Whether the key works, and its policy allows CloudWatch Logs to use it for the group."""
    region = get_region()
    group_arn = f"arn:aws:logs:{region}:{get_account_id()}:log-group:{group}"
    context = {"kms:EncryptionContext:aws:logs:arn": group_arn}
    service = f"logs.{region}.amazonaws.com"
    is_allowed = all(
        service_calls.allowed(service, action, key, region=region, conditions=context)
        for action in _NEEDED_ACTIONS
    )
    return is_allowed and key_problem(key, region) is None


def _refusal(key: str, group: str) -> Response:
    message = (
        f"The specified KMS key {key} does not exist or is not allowed to be used with {group}"
    )
    return failure("InvalidParameterException", message)


def create_log_group(original: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Refuse a key that CloudWatch Logs can't use for the new group."""

    def checking(request: dict[str, Any]) -> Any:
        key, group = request.get("kmsKeyId"), request.get("logGroupName", "")
        return _refusal(key, group) if key and not _usable(key, group) else original(request)

    return checking


def _associate(request: dict[str, Any]) -> Response:
    key, name = request["kmsKeyId"], request["logGroupName"]
    group = cloudwatch_logs._log_groups.get(name)
    if group is None:
        message = f"The specified log group does not exist: {name}"
        return failure("ResourceNotFoundException", message)
    if not _usable(key, name):
        return _refusal(key, name)
    group["kmsKeyId"] = key
    return success({})


def handle_request(original: Callable[..., Any]) -> Callable[..., Any]:
    """Handle AssociateKmsKey, and leave the rest to MiniStack."""

    async def answering(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Any:
        if headers.get("x-amz-target", "").endswith(".AssociateKmsKey"):
            return _associate(json.loads(body))
        return await original(method, path, headers, body, query)

    return answering
