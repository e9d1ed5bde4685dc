"""The permission to tag, which AWS requires where a new resource is given tags.

From each action's dependent actions in the Service Authorization Reference.
"""

from __future__ import annotations

import itertools
from typing import Any

from local.gateway.api.request import Request
from local.gateway.authorization.request import ConditionKeys, DependentAction

_TAGGING = {
    "airflow:CreateEnvironment": "airflow:TagResource",
    "events:CreateEventBus": "events:TagResource",
    "events:PutRule": "events:TagResource",
    "glue:CreateConnection": "glue:TagResource",
    "glue:CreateJob": "glue:TagResource",
    "iam:CreatePolicy": "iam:TagPolicy",
    "iam:CreateRole": "iam:TagRole",
    "kms:CreateKey": "kms:TagResource",
    "lambda:CreateEventSourceMapping": "lambda:TagResource",
    "lambda:CreateFunction": "lambda:TagResource",
    "logs:CreateLogGroup": "logs:TagResource",
    "sagemaker:CreateHyperParameterTuningJob": "sagemaker:AddTags",
    "sagemaker:CreateTrainingJob": "sagemaker:AddTags",
    "secretsmanager:CreateSecret": "secretsmanager:TagResource",
    "sqs:CreateQueue": "sqs:TagQueue",
}
"""Actions that create a resource, and the action that its tags need on the same resource."""


def tagging(request: Request, action: str, resource: str) -> list[DependentAction]:
    """The tagging action of a request that creates a resource with tags; nothing for any other."""
    conditions = _conditions(request, action) if action in _TAGGING else {}
    if not conditions:
        return []
    return [
        DependentAction(
            action=_TAGGING[action],
            resource=_tagged(request, action, resource),
            region=request.region,
            conditions=conditions,
        )
    ]


def _tagged(request: Request, action: str, resource: str) -> str:
    """The resource that gets the tags; an event source mapping has no id before it is created."""
    if action != "lambda:CreateEventSourceMapping":
        return resource
    return f"arn:aws:lambda:{request.region}:{request.account_id}:event-source-mapping:*"


def _conditions(request: Request, action: str) -> ConditionKeys:
    """The condition keys of the tags that come with `action`; none where no tags come."""
    tags = _in_form(request) if action.startswith("iam:") else _in_json(request.json())
    if not tags:
        return {}
    keys: ConditionKeys = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    keys["aws:TagKeys"] = list(tags)
    if action.startswith("sagemaker:"):
        keys["sagemaker:TaggingAction"] = action.partition(":")[2]
    return keys


def _in_form(request: Request) -> dict[str, str]:
    tags = {}
    for number in itertools.count(1):
        key = request.parameter(f"Tags.member.{number}.Key")
        if key is None:
            break
        tags[key] = request.parameter(f"Tags.member.{number}.Value") or ""
    return tags


def _in_json(body: dict[str, Any]) -> dict[str, str]:
    given = body.get("Tags") or body.get("tags") or {}
    if isinstance(given, dict):
        return given
    return {
        tag.get("Key", tag.get("TagKey")): tag.get("Value", tag.get("TagValue")) for tag in given
    }
