"""Rotation of secrets: Secrets Manager calls the function in four steps, as itself.

MiniStack makes a copy of the value the current version, calls no function, and can't cancel.
Nothing here rotates by a schedule: RotateSecret starts each rotation.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from ministack.core.responses import get_account_id, get_region, json_response, request_scope
from ministack.services import lambda_svc, secretsmanager

from local.gateway.api.responses import failure
from local.gateway.authorization import service_calls
from local.gateway.secretsmanager.versions import Handler, Request, Secret, found

_logger = logging.getLogger(__name__)

_SERVICE = "secretsmanager.amazonaws.com"
_STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
_TEST = ("testSecret",)


def rotate_secret(original: Handler) -> Handler:
    """Store what the request says of the rotation, and start it or a test of the function."""

    def rotating(request: Request) -> Any:
        secret = found(request)
        if secret is None:
            return original(request)
        function = request.get("RotationLambdaARN") or secret.get("RotationLambdaARN")
        problem = _problem(secret, function)
        if problem is not None:
            return problem
        unfinished = _unfinished(secret)
        if unfinished is not None:
            _start(secret, unfinished, _STEPS)
            message = "A previous rotation isn't complete. That rotation will be reattempted."
            return failure("InvalidRequestException", message)
        secret["RotationLambdaARN"], secret["RotationEnabled"] = function, True
        if "RotationRules" in request:
            secret["RotationRules"] = request["RotationRules"]
        is_now = request.get("RotateImmediately", True)
        token = request.get("ClientRequestToken") or str(uuid.uuid4())
        # A test has a copy of the current value, a rotation no value yet.
        _, current = secretsmanager._find_stage_version(secret, "AWSCURRENT")
        value = None if is_now or current is None else current["SecretString"]
        _add_pending(secret, token, value)
        _start(secret, token, _STEPS if is_now else _TEST)
        return json_response({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token})

    return rotating


def handle_request(
    original: Callable[..., Awaitable[Any]],
) -> Callable[..., Awaitable[Any]]:
    """Answer CancelRotateSecret, which MiniStack doesn't know."""

    async def handling(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any
    ) -> Any:
        if headers.get("x-amz-target", "").endswith(".CancelRotateSecret"):
            secret = found(json.loads(body))
            if secret is not None:
                secret["RotationEnabled"] = False
                return json_response({"ARN": secret["ARN"], "Name": secret["Name"]})
        return await original(method, path, headers, body, query)

    return handling


def _problem(secret: Secret, function: str | None) -> Any:
    """The refusal of a rotation that can't work; None where it can."""
    if function is None:
        message = "No Lambda rotation function ARN is associated with this secret."
        return failure("InvalidRequestException", message)
    region = get_region()
    source = {"aws:SourceAccount": get_account_id(), "aws:SourceArn": secret["ARN"]}
    if lambda_svc._get_func_record_for_ref(function)[0] is not None and service_calls.allowed(
        _SERVICE, "lambda:InvokeFunction", function, region=region, conditions=source
    ):
        return None
    message = (
        "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function "
        f"policy grants access to the principal {_SERVICE}."
    )
    return failure("AccessDeniedException", message)


def _unfinished(secret: Secret) -> str | None:
    """The version that is pending, unless it is the current one."""
    version, found = secretsmanager._find_stage_version(secret, "AWSPENDING")
    return None if found is None or "AWSCURRENT" in found["Stages"] else version


def _add_pending(secret: Secret, token: str, value: str | None) -> None:
    secretsmanager._remove_stage_everywhere(secret, "AWSPENDING")
    secret["Versions"][token] = {
        "SecretString": value,
        "SecretBinary": None,
        "CreatedDate": int(time.time()),
        "Stages": ["AWSPENDING"],
    }


def _start(secret: Secret, token: str, steps: Sequence[str]) -> None:
    arguments = (secret, token, steps, get_account_id(), get_region())
    threading.Thread(target=_rotate, args=arguments, daemon=True).start()


def _rotate(secret: Secret, token: str, steps: Sequence[str], account_id: str, region: str) -> None:
    """Call the function for each step, until one fails: then the version stays pending."""
    with request_scope(account_id, region):
        function, configuration, _ = lambda_svc._get_func_record_for_ref(
            secret["RotationLambdaARN"]
        )
        record = lambda_svc._execution_record_for_config(function, configuration)
        for step in steps:
            event = {"SecretId": secret["ARN"], "ClientRequestToken": token, "Step": step}
            result = lambda_svc._execute_function_with_config_scope(record, event)
            if result.get("error"):
                _logger.warning("%s: %s failed: %s", secret["Name"], step, result.get("body"))
                break
        else:
            if steps == _STEPS:
                secret["LastRotatedDate"] = int(time.time())
        if steps == _TEST:
            del secret["Versions"][token]
