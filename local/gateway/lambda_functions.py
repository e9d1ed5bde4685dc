"""Lambda functions: MiniStack runs them; their role's trust and rights are added here."""
# ruff: noqa: SLF001 -- hooks into MiniStack's own functions

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from local.gateway.service_sessions import Caller, CannotAssumeRoleError, trusts
from local.gateway.simulation import allowed

_SERVICE = "lambda.amazonaws.com"


def _caller(configuration: dict[str, Any]) -> Caller:
    arn = configuration["FunctionArn"].split(":")
    return Caller(
        service=_SERVICE,
        source_arn=":".join(arn[:7]),
        account_id=arn[4],
        region=arn[3],
    )


def _decrypts_environment(configuration: dict[str, Any], caller: Caller) -> bool:
    """Whether the role may use the key of the function's variables, as Lambda does in its name."""
    key = configuration.get("KMSKeyArn")
    if not key:
        return True
    conditions = {"kms:EncryptionContext:aws:lambda:FunctionArn": caller.source_arn}
    role = configuration["Role"]
    return allowed(role, "kms:Decrypt", key, region=caller.region, conditions=conditions)


def _with_trust(original: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    def execution_credentials(configuration: dict[str, Any]) -> dict[str, str]:
        role, caller = configuration["Role"], _caller(configuration)
        if not trusts(role, caller):
            message = f"The role {role} defined for the function cannot be assumed by Lambda."
            raise CannotAssumeRoleError(message)
        if not _decrypts_environment(configuration, caller):
            message = (
                "Lambda was unable to decrypt the environment variables: "
                f"{role} is not authorized to perform: kms:Decrypt"
            )
            raise PermissionError(message)
        return original(configuration)

    return execution_credentials


def _with_log_rights(original: Callable[..., None]) -> Callable[..., None]:
    def emit(function: dict[str, Any], *arguments: Any, **options: Any) -> None:
        configuration = function.get("config") or function
        caller = _caller(configuration)
        group = f"arn:aws:logs:{caller.region}:{caller.account_id}:log-group:/aws/lambda/"
        stream = f"{group}{configuration['FunctionName']}:log-stream:stream"
        # A function without these rights runs on AWS too, only its output is lost.
        if all(
            allowed(configuration["Role"], action, stream, region=caller.region)
            for action in ("logs:CreateLogStream", "logs:PutLogEvents")
        ):
            original(function, *arguments, **options)

    return emit


def install() -> None:
    """Put the additions in place; both modules took the function by name."""
    with_trust = _with_trust(lambda_runtime.execution_credentials)
    lambda_runtime.execution_credentials = with_trust
    lambda_svc.execution_credentials = with_trust
    lambda_svc._emit_lambda_logs = _with_log_rights(lambda_svc._emit_lambda_logs)


def end_workers() -> None:
    """End the processes in which functions run."""
    lambda_runtime.reset()
