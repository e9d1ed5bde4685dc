"""Lambda functions: MiniStack runs them; the gateway checks what their role allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime

from local.gateway.authorization.simulation import allowed
from local.gateway.stores import function_sessions
from local.gateway.stores.keys import key_problem
from local.gateway.sts.service_sessions import Caller, CannotAssumeRoleError, trusts

_SERVICE = "lambda.amazonaws.com"


def _caller(configuration: dict[str, Any]) -> Caller:
    arn = configuration["FunctionArn"].split(":")
    return Caller(
        service=_SERVICE,
        source_arn=":".join(arn[:7]),
        account_id=arn[4],
        region=arn[3],
    )


def _undecryptable(configuration: dict[str, Any], caller: Caller) -> str | None:
    """Why Lambda can't use the key of the function's variables as its role; None where it can."""
    key = configuration.get("KMSKeyArn")
    if not key:
        return None
    conditions = {"kms:EncryptionContext:aws:lambda:FunctionArn": caller.source_arn}
    role = configuration["Role"]
    if not allowed(role, "kms:Decrypt", key, region=caller.region, conditions=conditions):
        return f"{role} is not authorized to perform: kms:Decrypt"
    problem = key_problem(key, caller.region)
    return None if problem is None else problem.message


def execution_credentials(
    original: Callable[..., dict[str, str]],
) -> Callable[..., dict[str, str]]:
    """Give a function credentials where its role trusts Lambda and may use the variables' key."""

    def checking(configuration: dict[str, Any]) -> dict[str, str]:
        role, caller = configuration["Role"], _caller(configuration)
        if not trusts(role, caller):
            message = f"The role {role} defined for the function cannot be assumed by Lambda."
            raise CannotAssumeRoleError(message)
        reason = _undecryptable(configuration, caller)
        if reason is not None:
            message = f"Lambda was unable to decrypt the environment variables: {reason}"
            raise PermissionError(message)
        credentials = original(configuration)
        function_sessions.note(credentials["AWS_ACCESS_KEY_ID"], caller.source_arn)
        return credentials

    return checking


def emit_lambda_logs(original: Callable[..., None]) -> Callable[..., None]:
    """Write a function's output where its role may."""

    def emit(function: dict[str, Any], *arguments: Any, **options: Any) -> None:
        configuration = function.get("config") or function
        caller = _caller(configuration)
        group = f"arn:aws:logs:{caller.region}:{caller.account_id}:log-group:/aws/lambda/"
        stream = f"{group}{configuration['FunctionName']}:log-stream:stream"
        # Without these permissions a function runs on AWS, too; only its output is lost.
        if all(
            allowed(configuration["Role"], action, stream, region=caller.region)
            for action in ("logs:CreateLogStream", "logs:PutLogEvents")
        ):
            original(function, *arguments, **options)

    return emit


def end_workers() -> None:
    """End the processes in which functions run."""
    lambda_runtime.reset()
