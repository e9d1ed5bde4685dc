"""Sessions of the roles that AWS services assume: for Airflow, for a job, for a function.

The role's trust policy decides, with the service as the principal and the resource that it works
for as `aws:SourceArn`.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from ministack.core import iam_evaluator
from ministack.services import sts

from local.gateway.authorization import call_record, principal_arns
from local.gateway.authorization.call_record import Call

if TYPE_CHECKING:
    from local.gateway.settings import Settings

_SESSION_NAME_LIMIT = 64

# One for all, so that a service's model is read once. Creating clients isn't thread-safe.
_boto3 = boto3.session.Session()
_creating_client = threading.Lock()


class CannotAssumeRoleError(Exception):
    """The role doesn't exist, or doesn't trust the service."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The service that assumes a role, and the resource that it works for."""

    service: str
    """For example `glue.amazonaws.com`."""

    source_arn: str
    account_id: str
    region: str


@dataclass(frozen=True, kw_only=True)
class ServiceSession:
    """The credentials of a role's session. They don't expire while the gateway runs."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    region: str

    def variables(self, settings: Settings) -> dict[str, str]:
        """The environment variables that make an SDK use this session and the gateway."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": self.session_token,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": settings.endpoint,
        }

    def client(self, service: str, settings: Settings) -> Any:
        """A client of `service` that uses this session."""
        create: Any = _boto3.client
        with _creating_client:
            return create(
                service,
                region_name=self.region,
                endpoint_url=settings.endpoint,
                aws_access_key_id=self.access_key_id,
                aws_secret_access_key=self.secret_access_key,
                aws_session_token=self.session_token,
                config=Config(retries={"total_max_attempts": 2}, proxies={}),
            )


def _role(role_arn: str) -> dict[str, Any]:
    role = principal_arns.role_of(role_arn)
    if role is None:
        message = f"The role {role_arn} does not exist."
        raise CannotAssumeRoleError(message)
    return role


def trusts(role_arn: str, caller: Caller) -> bool:
    """Whether the role's trust policy allows the service to assume it."""
    conditions = {"aws:SourceAccount": caller.account_id, "aws:SourceArn": caller.source_arn}
    context = iam_evaluator.EvalContext(
        principal_arn=caller.service,
        principal_type="AWSService",
        principal_account="",
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=caller.region,
        service_context={key.lower(): value for key, value in conditions.items()},
    )
    document = _role(role_arn)["AssumeRolePolicyDocument"]
    decided = iam_evaluator.evaluate_resource_policy(document, context, service=caller.service)
    call_record.add(
        Call(
            principal=caller.service,
            action=context.action,
            resource=role_arn,
            region=caller.region,
            decision=call_record.decision_of(decided),
            policy="trust",
            conditions=conditions,
        )
    )
    return bool(decided.decision == "Allow")


def assume(
    role_arn: str, caller: Caller, session_name: str, policy: str | None = None
) -> ServiceSession:
    """A new session of the role for the service; raises `CannotAssumeRoleError`.

    `policy` is a session policy: the session may do what it and the role's policies allow.
    """
    role = _role(role_arn)
    if not trusts(role_arn, caller):
        message = f"The trust policy of {role_arn} does not allow {caller.service} to assume it."
        raise CannotAssumeRoleError(message)
    account_id, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    shortened = session_name[:_SESSION_NAME_LIMIT]
    session = ServiceSession(
        access_key_id=f"ASIA{secrets.token_hex(8).upper()}",
        secret_access_key=secrets.token_hex(20),
        session_token=secrets.token_urlsafe(120),
        region=caller.region,
    )
    sts.register_session(
        session.access_key_id,
        {
            "Arn": f"arn:aws:sts::{account_id}:assumed-role/{name}/{shortened}",
            "UserId": f"{role.get('RoleId', name)}:{shortened}",
            "AccountId": account_id,
            "SecretAccessKey": session.secret_access_key,
            "SessionToken": session.session_token,
            "SessionPolicies": {"Policy": policy} if policy else None,
        },
    )
    return session
