"""Roles passed to services: only within an account, which MiniStack doesn't look at."""

from __future__ import annotations

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id

from local.gateway.authorization import principal_arns
from local.gateway.authorization.request import Denial, Question


def denial(asked: Question) -> Denial | None:
    """A role is only passed to a service of its own account, whatever policies and root may."""
    account_id = get_account_id()
    if asked.action != "iam:PassRole" or asked.resource.split(":")[4:5] in ([], [account_id]):
        return None
    return iam_evaluator.EvalResult(
        "ImplicitDeny", principal_arns.caller_arn(asked.access_key_id, account_id)
    )
