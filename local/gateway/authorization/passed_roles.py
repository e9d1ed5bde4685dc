"""`iam:PassRole`, which a caller needs who gives a role to a service."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import re

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam

from local.gateway.api.request import Request
from local.gateway.authorization import principal_arns
from local.gateway.authorization.request import AuthorizationRequest, Denied, DependentAction

_PASSED = {
    "airflow:CreateEnvironment": ("ExecutionRoleArn", "airflow.amazonaws.com"),
    "airflow:UpdateEnvironment": ("ExecutionRoleArn", "airflow.amazonaws.com"),
    "events:PutTargets": ("RoleArn", "events.amazonaws.com"),
    "ec2:CreateFlowLogs": ("DeliverLogsPermissionArn", "vpc-flow-logs.amazonaws.com"),
    "glue:CreateJob": ("Role", "glue.amazonaws.com"),
    "glue:UpdateJob": ("Role", "glue.amazonaws.com"),
    "lambda:CreateFunction": ("Role", "lambda.amazonaws.com"),
    "lambda:UpdateFunctionConfiguration": ("Role", "lambda.amazonaws.com"),
    "s3:CreateJob": ("RoleArn", "batchoperations.s3.amazonaws.com"),
    "s3:PutReplicationConfiguration": ("Role", "s3.amazonaws.com"),
    "sagemaker:CreateHyperParameterTuningJob": ("RoleArn", "sagemaker.amazonaws.com"),
    "sagemaker:CreateTrainingJob": ("RoleArn", "sagemaker.amazonaws.com"),
}
"""Which member of a request names a role, and the service that the role is passed to."""

_XML_ROLE = re.compile(rb"<Role(?:Arn)?>\s*([^<\s]+)\s*</Role(?:Arn)?>")


def decision(request: AuthorizationRequest) -> Denied | None:
    """Deny passing another account's role, which no policy can allow; MiniStack does.

    None for anything else: the policies decide.
    """
    account_id = get_account_id()
    if request.action != "iam:PassRole" or request.resource.split(":")[4:5] in ([], [account_id]):
        return None
    return iam_evaluator.EvalResult(
        "ImplicitDeny", principal_arns.caller_arn(request.access_key_id, account_id)
    )


def pass_role(request: Request, action: str) -> list[DependentAction]:
    """The `iam:PassRole` for each role that a request names; nothing for any other."""
    if action not in _PASSED:
        return []
    member, service = _PASSED[action]
    return [
        DependentAction(
            action="iam:PassRole",
            resource=role if role.startswith("arn:") else _arn(request.account_id, role),
            region=request.region,
            conditions={"iam:PassedToService": service},
        )
        for role in _named_roles(request, member)
        if isinstance(role, str)
    ]


def _arn(account_id: str, name: str) -> str:
    known = iam._roles.get_scoped(account_id, None, name) or {}
    return str(known.get("Arn", name))


def _named_roles(request: Request, member: str) -> list[object]:
    if request.service == "s3":
        found = _XML_ROLE.search(request.body)
        return [found.group(1).decode()] if found else []
    if request.service == "ec2":
        return [request.parameter(member)]
    body = request.json()
    inner = body.get("JobUpdate") or body.get("TrainingJobDefinition") or body
    holders = body.get("Targets", [inner])
    return list(dict.fromkeys(holder.get(member) for holder in holders))
