"""Every task checks that its connection leads to its own role, in the right account.

Its own is that of the pipeline or the access that the connection is named after.

Where a connection is missing or malformed, Airflow's Amazon hooks only warn and go on with the
hub's own credentials, in the hub's account.

Only a definite answer fails the task at once. A transient error (network, throttling) of STS or
Secrets Manager is raised unchanged, and Airflow retries.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

from cross_account.aws_error import ClientError, code_of
from cross_account.connection_secret import why_unreadable
from cross_account.failure import AirflowFailException
from cross_account.topology_file import ConnectionEntry, load_topology_file

_WRITE_AGAIN = "Run `pulumi up --refresh`, which writes the secret again."

_RESTORE_TRUST = "Run `pulumi up --refresh`, which restores all of these."

_FIND_CHANGE = (
    "The connection is right, so the environment's own access to AWS was changed: find out who "
    "did it before you run anything again."
)

_DENIALS = frozenset({"AccessDenied", "ValidationError"})
"""What STS answers to an ExternalId that is wrong or malformed."""


class ConnectionCheckError(AirflowFailException):
    """A task's connection doesn't lead to its own role; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} [{code}]")
        self.code = code


def require_role(context: Any) -> None:
    """Before a task: check `aws_conn_id`, where the operator has one.

    Tasks that create a hook themselves call `check_connection`.
    """
    task = context["task"]
    if hasattr(task, "aws_conn_id"):
        check_connection(task.aws_conn_id)


def check_connection(connection_id: str | None) -> None:
    """Fail without retries unless `connection_id` leads to its own role and Region."""
    entry = load_topology_file().of_connection(connection_id) if connection_id else None
    if entry is None:
        raise ConnectionCheckError(
            "unknown",
            f"Connection {connection_id!r} is not in topology.json, so this task would work in "
            "the hub's account; use a connection that the stack makes.",
        )
    hook = AwsBaseHook(aws_conn_id=connection_id, client_type="sts")
    _check_settings(entry, hook)
    _check_identity(entry, _caller(entry, hook))


def _check_settings(entry: ConnectionEntry, hook: AwsBaseHook) -> None:
    """Check what the connection says, before it is used for a call."""
    expected = entry.cross_account_role_arn
    try:
        settings = hook.conn_config
    except (AttributeError, NotImplementedError, TypeError, ValueError) as error:
        raise _error(entry, "malformed", "its secret is no connection", expected) from error
    if not settings:
        found = f"its secret can't be read ({why_unreadable(entry.connection_id)})"
        raise _error(entry, "unreadable", found, expected)
    if not settings.role_arn:
        raise _error(entry, "no_role", 'no role_arn in its "extra"', expected)
    if settings.role_arn != expected:
        raise _error(entry, "other_role", settings.role_arn, expected)
    if settings.region_name != entry.region:
        found = f"region_name {settings.region_name!r}"
        raise _error(entry, "other_region", found, repr(entry.region))
    kwargs: object = settings.assume_role_kwargs
    if not isinstance(kwargs, dict) or "ExternalId" not in kwargs:
        found = 'no ExternalId in the assume_role_kwargs of its "extra"'
        raise _error(entry, "no_external_id", found, "the ExternalId of the role")


def _caller(entry: ConnectionEntry, hook: AwsBaseHook) -> str:
    """The ARN with which the connection's calls are made."""
    try:
        return str(hook.get_conn().get_caller_identity()["Arn"])
    except ClientError as error:
        if code_of(error) not in _DENIALS:
            raise
        raise _error(
            entry,
            "denied",
            "it may not assume the role: the ExternalId differs from the one in the role's trust "
            "policy, the trust policy lacks the hub's execution role, the role doesn't exist, or "
            "the execution role's policy lacks sts:AssumeRole on it",
            entry.cross_account_role_arn,
            _RESTORE_TRUST,
        ) from error


def _check_identity(entry: ConnectionEntry, caller: str) -> None:
    """Compare role and account: hub and role may share an account."""
    # arn:<partition>:sts::<account>:assumed-role/<role's name without its path>/<session>
    account = caller.split(":")[4]
    role = caller.split("/")[1] if ":assumed-role/" in caller else None
    expected = entry.cross_account_role_arn
    if (account, role) != (entry.account_id, expected.rsplit("/", 1)[-1]):
        found, wanted = f"its calls are made as {caller}", f"a session of {expected}"
        raise _error(entry, "other_caller", found, wanted, _FIND_CHANGE)


def _error(
    entry: ConnectionEntry, code: str, found: str, expected: str, next_step: str = _WRITE_AGAIN
) -> ConnectionCheckError:
    return ConnectionCheckError(
        code,
        f"Connection {entry.connection_id!r} of {entry.kind} {entry.name!r} (account "
        f"{entry.account_id}): expected {expected}, but {found}. {next_step}",
    )
