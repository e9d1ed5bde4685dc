"""The right account, or nothing.

A connection that is missing or malformed doesn't stop Airflow's Amazon hooks: they warn and go on
as the hub itself, in the hub's account. So every task asks first whose credentials it would use,
and fails at once where they aren't those of its pipeline's role in its pipeline's account.

Only a definite answer fails at once. A fault on the way (network, throttling), be it to STS or to
Secrets Manager, is raised as it is, and retried as any other.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

from cross_account.aws_error import ClientError, code_of
from cross_account.connection_secret import why_unreadable
from cross_account.failure import AirflowFailException
from cross_account.topology import Pipeline, load_topology

_WRITE_ANEW = "`pulumi up --refresh` writes the connection's secret anew."

_MEND_TRUST = "`pulumi up --refresh` mends whichever of these was changed by hand."

_FIND_OUT = (
    "The connection's settings are right, so somebody changed how the environment reaches AWS: "
    "find out who before running anything again."
)

_DENIALS = frozenset({"AccessDenied", "ValidationError"})
"""What STS answers to an ExternalId that is wrong, or that can't be one."""


def require_pipeline_role(context: Any) -> None:
    """`pre_execute` of every task: check the task's connection, if it is of a kind that has one.

    Tasks that make a hook of their own have none to be seen here: they call `check_connection`.
    """
    task = context["task"]
    if hasattr(task, "aws_conn_id"):
        check_connection(task.aws_conn_id)


def check_connection(connection_id: str | None) -> None:
    """Fail without retries unless `connection_id` leads to its pipeline's role and Region."""
    pipeline = load_topology().of_connection(connection_id) if connection_id else None
    if pipeline is None:
        raise AirflowFailException(
            f"Connection {connection_id!r} belongs to no pipeline of topology.json, so this task "
            "would work in the hub's own account; give the task its pipeline's connection."
        )
    hook = AwsBaseHook(aws_conn_id=connection_id, client_type="sts")
    _check_settings(pipeline, hook)
    _check_identity(pipeline, _caller(pipeline, hook))


def _check_settings(pipeline: Pipeline, hook: AwsBaseHook) -> None:
    """What the connection itself says, before anything is called with it."""
    try:
        settings = hook.conn_config
    except (AttributeError, NotImplementedError, TypeError, ValueError) as error:
        raise _refused(
            pipeline, "has a secret that isn't shaped like a connection", pipeline.role_arn
        ) from error
    if not settings:
        raise _refused(
            pipeline,
            f"has no secret that can be read ({why_unreadable(pipeline.connection_id)})",
            pipeline.role_arn,
        )
    if not settings.role_arn:
        raise _refused(pipeline, 'has no role_arn in its "extra"', pipeline.role_arn)
    if settings.role_arn != pipeline.role_arn:
        raise _refused(pipeline, f"names the role {settings.role_arn}", pipeline.role_arn)
    if settings.region_name != pipeline.region:
        raise _refused(
            pipeline, f"names the Region {settings.region_name!r}", repr(pipeline.region)
        )
    kwargs: object = settings.assume_role_kwargs
    if not isinstance(kwargs, dict) or "ExternalId" not in kwargs:
        raise _refused(
            pipeline,
            'gives no ExternalId in its "extra"',
            '"assume_role_kwargs": {"ExternalId": ...} for the role',
        )


def _caller(pipeline: Pipeline, hook: AwsBaseHook) -> str:
    """The ARN of whoever the connection makes the task be."""
    try:
        return str(hook.get_conn().get_caller_identity()["Arn"])
    except ClientError as error:
        if code_of(error) not in _DENIALS:
            raise
        raise _refused(
            pipeline,
            "may not assume the role: the ExternalId it gives isn't the one in the role's trust "
            "policy, or the trust policy doesn't name the hub's execution role, or the role "
            "doesn't exist, or the hub's own policy doesn't let it assume the role",
            pipeline.role_arn,
            _MEND_TRUST,
        ) from error


def _check_identity(pipeline: Pipeline, caller: str) -> None:
    """Compare by role and account: hub and pipeline may share an account."""
    # arn:<partition>:sts::<account>:assumed-role/<role's name without its path>/<session>
    account = caller.split(":")[4]
    role = caller.split("/")[1] if ":assumed-role/" in caller else None
    if (account, role) != (pipeline.account_id, pipeline.role_arn.rsplit("/", 1)[-1]):
        raise _refused(
            pipeline, f"acts as {caller}", f"a session of {pipeline.role_arn}", _FIND_OUT
        )


def _refused(
    pipeline: Pipeline, found: str, expected: str, next_step: str = _WRITE_ANEW
) -> AirflowFailException:
    return AirflowFailException(
        f"Connection {pipeline.connection_id!r}, whose secret takes tasks into the account of "
        f"pipeline {pipeline.name!r}, {found}; expected: {expected} "
        f"in account {pipeline.account_id}. {next_step}"
    )
