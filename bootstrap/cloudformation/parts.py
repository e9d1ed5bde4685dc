"""Parts of the template: roles, their policies, and what only the deployment knows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bootstrap.policies.trusts import principals
from components.aws.policy_document import POLICY_VERSION, Statement

ACCOUNT = "${AWS::AccountId}"
"""The account that the template is deployed in."""

_PARTS = {
    "foundation": "HasParts",
    "inventory": None,
    "hub": "IsHub",
    "hub-functions": "IsHub",
    "backup": "IsHub",
    "network": "IsHub",
    "private-network": "IsHub",
    "transit-gateways": "IsHub",
    "environment-endpoints": "HasEndpoints",
    "pipelines": "HasPipelines",
    "pipeline-networks": "HasNetworks",
    "networks": "HasNetworks",
    "results": "HasPipelines",
    "models": "HasPipelines",
    "replication": "HasPipelines",
}
"""The parts of a role's policies, and the condition under which an account has each."""


def role(
    name: str,
    description: str,
    trust: Mapping[str, Any],
    *,
    condition: str | None = None,
    longest_session_seconds: int | None = None,
) -> dict[str, Any]:
    """A role with that trust, in accounts where the condition holds."""
    longest = {"MaxSessionDuration": longest_session_seconds} if longest_session_seconds else {}
    return {
        "Type": "AWS::IAM::Role",
        **({"Condition": condition} if condition else {}),
        "Properties": {
            "RoleName": name,
            "Description": description,
            "AssumeRolePolicyDocument": trust,
            **longest,
        },
    }


def trusting(statements: Sequence[Statement]) -> dict[str, Any]:
    """A trust policy, with `Fn::Sub` where it names what only the deployment knows."""
    found: dict[str, Any] = _substituted({"Version": POLICY_VERSION, "Statement": [*statements]})
    return found


def parameter_trust(parameter: str, organization_id: str | None) -> Statement:
    """The trust of the principals that a parameter names."""
    return {**principals(parameter, [], organization_id), "Principal": {"AWS": {"Ref": parameter}}}


def policies(role_id: str, role_name: str, documents: Mapping[str, str]) -> dict[str, Any]:
    """A role's managed policies, in the accounts that have each part."""
    return {
        f"{role_id}{part.title().replace('-', '')}": {
            "Type": "AWS::IAM::ManagedPolicy",
            **({"Condition": _PARTS[part]} if _PARTS[part] else {}),
            "Properties": {
                "ManagedPolicyName": f"{role_name}-{part}",
                "Roles": [{"Ref": role_id}],
                "PolicyDocument": document(text),
            },
        }
        for part, text in documents.items()
    }


def document(text: str) -> Any:
    """A policy document with `Fn::Sub` where it names what only the deployment knows."""
    return _substituted(json.loads(text))


def _substituted(value: Any) -> Any:
    match value:
        case dict():
            return {key: _substituted(item) for key, item in value.items()}
        case list():
            return [_substituted(item) for item in value]
        case str() if "${" in value:
            return {"Fn::Sub": value}
    return value
