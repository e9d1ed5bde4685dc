"""The resource ARN of a request, where MiniStack has none or another one than AWS.

From the Service Authorization Reference, which names each action's resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.gateway.authorization.ec2_parts import first_part

if TYPE_CHECKING:
    from local.gateway.api.request import Request

_AIRFLOW_ROLE_PATHS = frozenset({"webtoken", "restapi"})

_AIRFLOW_ROLES = ("Admin", "Op", "User", "Viewer", "Public")
"""Airflow's roles, from the one that may do most to the one that may do least."""

_JOBS = {
    "TrainingJobName": "training-job",
    "HyperParameterTuningJobName": "hyper-parameter-tuning-job",
}
"""By the member of a request to SageMaker that names a job: the kind of resource."""

_OF_EVENT_BUSES = frozenset(
    {"CreateEventBus", "UpdateEventBus", "DescribeEventBus", "DeleteEventBus"}
)
_OF_RULE_TARGETS = frozenset({"PutTargets", "RemoveTargets", "ListTargetsByRule"})
_OF_RULES = frozenset({"PutRule", "DeleteRule", "DescribeRule", "EnableRule", "DisableRule"})


_OF_GLUE_CONNECTIONS = frozenset(
    {"CreateConnection", "DeleteConnection", "GetConnection", "UpdateConnection"}
)


def _budgets(request: Request) -> str | None:
    body = request.json()
    name = body.get("BudgetName") or body.get("Budget", {}).get("BudgetName")
    return f"arn:aws:budgets::{request.account_id}:budget/{name}"


def _cloudwatch(request: Request) -> str | None:
    """A dashboard or, where alarms are deleted, an alarm: the first that the call names."""
    target = request.headers.get("x-amz-target", "").rpartition(".")[2]
    action = target or request.parameter("Action")
    if action == "DeleteAlarms":
        alarm = _named(request, "AlarmNames")
        return f"arn:aws:cloudwatch:{request.region}:{request.account_id}:alarm:{alarm}"
    name = _named(request, "DashboardNames" if action == "DeleteDashboards" else "DashboardName")
    return f"arn:aws:cloudwatch::{request.account_id}:dashboard/{name}" if name else None


def _named(request: Request, member: str) -> str | None:
    """A member of a request in either of CloudWatch's protocols, of a list the first."""
    value = request.json().get(member)
    if isinstance(value, list):
        value = value[0] if value else None
    return value or request.parameter(member) or request.parameter(f"{member}.member.1")


def _sagemaker(request: Request) -> str | None:
    body = request.json()
    if "ResourceArn" in body:
        return str(body["ResourceArn"])
    start = f"arn:aws:sagemaker:{request.region}:{request.account_id}"
    for member, kind in _JOBS.items():
        name = body.get(member)
        if isinstance(name, str):
            return f"{start}:{kind}/{name}"
    return "*"


def _glue(request: Request) -> str | None:
    action = request.headers.get("x-amz-target", "").rpartition(".")[2]
    if action.endswith(("SecurityConfiguration", "SecurityConfigurations")):
        return "*"  # they have no resource type
    body, start = request.json(), f"arn:aws:glue:{request.region}:{request.account_id}"
    if action in _OF_GLUE_CONNECTIONS:
        given = body.get("ConnectionInput", body)
        return f"{start}:connection/{given.get('Name', given.get('ConnectionName'))}"
    name = body.get("Name")
    return f"{start}:job/{name}" if action == "CreateJob" and isinstance(name, str) else None


def _airflow(request: Request) -> str | None:
    start = f"arn:aws:airflow:{request.region}:{request.account_id}"
    parts = [part for part in request.path.split("/") if part]
    if len(parts) < 2:  # noqa: PLR2004 -- the path /environments names no environment
        return "*"
    kind, name = parts[0], parts[-1]
    if kind in _AIRFLOW_ROLE_PATHS:
        return f"{start}:role/{name}/{_AIRFLOW_ROLES[0]}"
    return f"{start}:environment/{name}"


def _events(request: Request) -> str | None:
    action, body = request.headers.get("x-amz-target", "").rpartition(".")[2], request.json()
    start = f"arn:aws:events:{request.region}:{request.account_id}"
    if action in {"PutPermission", "RemovePermission"}:
        return "*"  # they have no resource type
    if "ResourceARN" in body:
        return str(body["ResourceARN"])
    if action in _OF_EVENT_BUSES:
        name = str(body.get("Name", "default"))
        return name if name.startswith("arn:") else f"{start}:event-bus/{name}"
    if action not in _OF_RULES | _OF_RULE_TARGETS:
        return None
    rule = body.get("Rule" if action in _OF_RULE_TARGETS else "Name")
    bus = str(body.get("EventBusName", "default")).rpartition("/")[2]
    return f"{start}:rule/{rule}" if bus == "default" else f"{start}:rule/{bus}/{rule}"


def _logs(request: Request) -> str | None:
    body = request.json()
    group, stream = body.get("logGroupName"), body.get("logStreamName")
    if not isinstance(group, str) or not isinstance(stream, str):
        return None
    start = f"arn:aws:logs:{request.region}:{request.account_id}"
    return f"{start}:log-group:{group}:log-stream:{stream}"


def _lambda(request: Request) -> str | None:
    name = request.json().get("FunctionName")
    if request.method != "POST" or not request.path.endswith("/functions") or name is None:
        return None
    return f"arn:aws:lambda:{request.region}:{request.account_id}:function:{name}"


def _iam(request: Request) -> str | None:
    name = request.parameter("PolicyName")
    if request.parameter("Action") != "CreatePolicy" or name is None:
        return None
    return f"arn:aws:iam::{request.account_id}:policy/{name}"


def _kms(request: Request) -> str | None:
    alias = request.json().get("AliasName")
    if not isinstance(alias, str):
        return None
    return f"arn:aws:kms:{request.region}:{request.account_id}:{alias}"


_BY_SERVICE = {
    "airflow": _airflow,
    "budgets": _budgets,
    "ec2": first_part,
    "events": _events,
    "glue": _glue,
    "iam": _iam,
    "kms": _kms,
    "lambda": _lambda,
    "logs": _logs,
    "monitoring": _cloudwatch,
    "sagemaker": _sagemaker,
}


def resource_arn(request: Request) -> str | None:
    """The ARN that AWS authorizes `request` on, or None where MiniStack's is right."""
    of_service = _BY_SERVICE.get(request.service)
    return of_service(request) if of_service else None


def other_forms(resource: str) -> tuple[str, ...]:
    """Other ARNs for the same request, any of which a policy may name.

    A log group's ARN ends in `:*` for most actions and not for all of them, and AWS's documents
    don't agree on which. The gateway accepts both. A call to Airflow is made with whichever of
    Airflow's roles the caller may use.
    """
    if ":log-group:" in resource and ":log-stream:" not in resource:
        return (f"{resource}:log-stream:",)
    if is_airflow_role(resource):
        start, _, own = resource.rpartition("/")
        return tuple(f"{start}/{role}" for role in _AIRFLOW_ROLES if role != own)
    return ()


def is_airflow_role(resource: str) -> bool:
    """Whether the ARN is that of one of Airflow's roles in an environment."""
    return resource.startswith("arn:aws:airflow:") and ":role/" in resource
