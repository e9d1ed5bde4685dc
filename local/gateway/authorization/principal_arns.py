"""The ARNs of callers, as policies and the record name them."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

_SESSION = ":assumed-role/"

_Resolve = Callable[[str, iam_evaluator.EvalContext], object]


def is_session(principal_arn: str) -> bool:
    """Whether the principal is a session of a role."""
    return _SESSION in principal_arn


def role_of(role_arn: str) -> dict[str, Any] | None:
    """MiniStack's record of the role with this ARN; None where there is no such role."""
    _, _, account_and_name = role_arn.partition(":iam::")
    account_id, _, name = account_and_name.partition(":")
    found: dict[str, Any] | None = iam._roles.get_scoped(account_id, None, name.rpartition("/")[2])
    return found


def role_arn(principal_arn: str) -> str:
    """The ARN of the role for a session of a role; any other principal's own ARN.

    That is what `aws:PrincipalArn` holds on AWS. MiniStack gives the session's ARN.
    """
    if not is_session(principal_arn):
        return principal_arn
    account_id, name = principal_arn.split(":")[4], principal_arn.split("/")[1]
    role = iam._roles.get_scoped(account_id, None, name) or {}
    return str(role.get("Arn") or f"arn:aws:iam::{account_id}:role/{name}")


def caller_arn(access_key_id: str, account_id: str) -> str:
    """The ARN of an access key's root user, user or session; `unknown` where there is none."""
    found = iam_evaluator.resolve_credential(access_key_id or "", account_id)
    failed = isinstance(found, iam_evaluator.CredentialResolutionError)
    return "unknown" if failed else str(found.principal_arn)


def resolve_condition_key(original: _Resolve) -> _Resolve:
    """Make `aws:PrincipalArn` of a session the role's ARN, in every policy evaluated.

    And `s3:ResourceAccount` the bucket's owner where the request says so: MiniStack takes the
    caller's account.
    """

    def resolve(key: str, context: iam_evaluator.EvalContext) -> object:
        given = context.service_context.get(key.lower())
        value = given if key.lower() == "s3:resourceaccount" and given else original(key, context)
        return role_arn(str(value)) if key.lower() == "aws:principalarn" and value else value

    return resolve
