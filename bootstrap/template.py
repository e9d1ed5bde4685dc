"""The bootstrap as a CloudFormation template, for organizations that deploy it by StackSets.

One template serves every account: what differs is looked up by the id of the account that it is
deployed in, which stands for itself in every policy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bootstrap.accounts import scopes
from bootstrap.policies.documents import (
    boundary_policy,
    deploy_policies,
    hub_operators_trust,
    operator_policies,
)
from bootstrap.policies.scope import Scope
from bootstrap.state_store import state_name
from components.aws.arns import account_root, bucket_arn, policy_arn
from components.aws.customer_key_policy import account_delegation
from components.aws.naming import Names
from components.aws.policy_document import POLICY_VERSION, policy_document
from components.aws.secure_bucket_policy import encryption_denies, tls_only
from components.providers import operator_role_arns
from components.topology.model import Topology

_ACCOUNT = "${AWS::AccountId}"
_PARTS = {
    "foundation": None,
    "hub": "IsHub",
    "network": "IsHub",
    "pipelines": "HasPipelines",
    "results": "HasPipelines",
    "models": "HasPipelines",
}
"""The parts of a role's policies, and the condition under which an account has each."""

_NOTHING_PUBLIC = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)


def template(topology: Topology, names: Names) -> dict[str, Any]:
    """The template; a ValueError where the topology names roles or a boundary of its own."""
    if topology.permissions_boundary or any(
        account.deploy_role_arn for account in topology.accounts.values()
    ):
        raise ValueError(
            "the template makes the deploy roles and the boundary under names of its own: remove"
            " deploy_role_arn and permissions_boundary from the topology"
        )
    found = scopes(topology, names)
    scope = _any_account(found, names)
    hub_id = topology.accounts[topology.hub.account].id
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Prepares an account for {names.prefix}",
        "Parameters": {
            "Deployers": {
                "Type": "CommaDelimitedList",
                "Default": account_root(topology.hub.region, hub_id),
                "Description": "The principals that may assume the deploy role",
            },
            "Operators": {
                "Type": "CommaDelimitedList",
                "Default": account_root(topology.hub.region, hub_id),
                "Description": "The principals that may assume the hub's operator role",
            },
        },
        "Mappings": {"Accounts": {each.account_id: _facts(each) for each in found.values()}},
        "Conditions": {name: _condition(name) for name in ("IsHub", "HasPipelines")},
        "Resources": {
            **_boundary(scope),
            **_deploy_role(scope),
            **_operator_role(scope, operator_role_arns(topology, names)[hub_id]),
            **_state(scope),
        },
        "Outputs": {
            f"{role}Arn": {"Value": {"Fn::GetAtt": [role, "Arn"]}}
            for role in ("DeployRole", "OperatorRole")
        },
    }


def _any_account(found: Mapping[str, Scope], names: Names) -> Scope:
    """A scope of all that any account has, whose id is the one of the deployment."""
    first = next(iter(found.values()))
    return replace(
        first,
        account_id=_ACCOUNT,
        boundary_arn=policy_arn(first.hub_region, _ACCOUNT, names.boundary),
        images=tuple(sorted({image for each in found.values() for image in each.images})),
        has_hub=True,
        has_pipelines=True,
    )


def _facts(scope: Scope) -> dict[str, str]:
    return {"IsHub": str(scope.has_hub).lower(), "HasPipelines": str(scope.has_pipelines).lower()}


def _condition(name: str) -> dict[str, Any]:
    return {
        "Fn::Equals": [{"Fn::FindInMap": ["Accounts", {"Ref": "AWS::AccountId"}, name]}, "true"]
    }


def _boundary(scope: Scope) -> dict[str, Any]:
    return {
        "Boundary": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": scope.names.boundary,
                "PolicyDocument": _document(boundary_policy(scope)),
            },
        }
    }


def _deploy_role(scope: Scope) -> dict[str, Any]:
    name = scope.names.deploy_role
    role = _role(name, f"Deploys {scope.prefix}", _principals_trust("Deployers"))
    return {"DeployRole": role, **_policies("DeployRole", name, deploy_policies(scope))}


def _operator_role(scope: Scope, hub_arn: str) -> dict[str, Any]:
    name = scope.names.operator_role
    trust = {
        "Fn::If": [
            "IsHub",
            _principals_trust("Operators"),
            json.loads(hub_operators_trust(hub_arn)),
        ]
    }
    role = _role(name, f"Starts and follows the runs of {scope.prefix}", trust)
    return {"OperatorRole": role, **_policies("OperatorRole", name, operator_policies(scope))}


def _role(name: str, description: str, trust: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": name,
            "Description": description,
            "AssumeRolePolicyDocument": trust,
        },
    }


def _principals_trust(parameter: str) -> dict[str, Any]:
    """The trust of the principals that a parameter names."""
    return {
        "Version": POLICY_VERSION,
        "Statement": [
            {
                "Sid": parameter,
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": {"Ref": parameter}},
            }
        ],
    }


def _policies(role: str, role_name: str, documents: Mapping[str, str]) -> dict[str, Any]:
    return {
        f"{role}{part.capitalize()}": {
            "Type": "AWS::IAM::ManagedPolicy",
            **({"Condition": _PARTS[part]} if _PARTS[part] else {}),
            "Properties": {
                "ManagedPolicyName": f"{role_name}-{part}",
                "Roles": [{"Ref": role}],
                "PolicyDocument": _document(document),
            },
        }
        for part, document in documents.items()
    }


def _state(scope: Scope) -> dict[str, Any]:
    """The state's bucket and key, which stay when the CloudFormation stack goes."""
    name = state_name(scope.names)
    bucket = f"{name}-{_ACCOUNT}-{scope.hub_region}"
    kept = {"Condition": "IsHub", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    key_policy = policy_document([account_delegation(_ACCOUNT, scope.hub_region)])
    arn = bucket_arn(scope.hub_region, bucket)
    bucket_policy = policy_document([tls_only(arn), *encryption_denies(arn, "${StateKey.Arn}")])
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["StateKey", "Arn"]}}
    return {
        "StateKey": {
            "Type": "AWS::KMS::Key",
            **kept,
            "Properties": {"EnableKeyRotation": True, "KeyPolicy": _document(key_policy)},
        },
        "StateKeyAlias": {
            "Type": "AWS::KMS::Alias",
            "Condition": "IsHub",
            "Properties": {"AliasName": f"alias/{name}", "TargetKeyId": {"Ref": "StateKey"}},
        },
        "StateBucket": {
            "Type": "AWS::S3::Bucket",
            **kept,
            "Properties": {
                "BucketName": {"Fn::Sub": bucket},
                "VersioningConfiguration": {"Status": "Enabled"},
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "PublicAccessBlockConfiguration": dict.fromkeys(_NOTHING_PUBLIC, True),
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {"BucketKeyEnabled": True, "ServerSideEncryptionByDefault": encryption}
                    ]
                },
            },
        },
        "StateBucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Condition": "IsHub",
            "Properties": {
                "Bucket": {"Ref": "StateBucket"},
                "PolicyDocument": _document(bucket_policy),
            },
        },
    }


def _document(text: str) -> Any:
    return _substituted(json.loads(text))


def _substituted(value: Any) -> Any:
    """`value` with `Fn::Sub` around each string that names what only the deployment knows."""
    match value:
        case dict():
            return {key: _substituted(item) for key, item in value.items()}
        case list():
            return [_substituted(item) for item in value]
        case str() if "${" in value:
            return {"Fn::Sub": value}
    return value
