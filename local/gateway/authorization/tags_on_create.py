"""The right to tag, which AWS asks for when something new is given tags.

From each action's dependent actions in the Service Authorization Reference.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local.gateway.api.request import Request

Conditions = dict[str, str | list[str]]

ACTIONS = {
    "airflow:CreateEnvironment": "airflow:TagResource",
    "glue:CreateJob": "glue:TagResource",
    "iam:CreatePolicy": "iam:TagPolicy",
    "iam:CreateRole": "iam:TagRole",
    "lambda:CreateFunction": "lambda:TagResource",
    "logs:CreateLogGroup": "logs:TagResource",
    "sagemaker:CreateTrainingJob": "sagemaker:AddTags",
    "secretsmanager:CreateSecret": "secretsmanager:TagResource",
}
"""What makes something new, and the right that its tags take on the same resource."""


def conditions(request: Request, action: str) -> Conditions | None:
    """The condition keys of the tags that come with `action`; None where none come."""
    tags = _in_form(request) if action.startswith("iam:") else _in_json(request.json())
    if not tags:
        return None
    keys: Conditions = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    keys["aws:TagKeys"] = list(tags)
    if action == "sagemaker:CreateTrainingJob":
        keys["sagemaker:TaggingAction"] = "CreateTrainingJob"
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
    return given if isinstance(given, dict) else {tag["Key"]: tag["Value"] for tag in given}
