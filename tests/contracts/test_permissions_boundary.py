"""The boundary of the stack `prod`: room for every role, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.accounts import ROOT, scopes
from components.aws.account_region import AccountRegion
from components.aws.naming import Names
from components.topology.loading import load_topology
from tests.contracts import evaluated_policies
from tests.contracts.evaluated_policies import ALLOW_ALL, decision, deploy, scope
from tests.local.permissions.replayed_calls import evaluator
from tests.mocks import Recorded, private_stack, stack_as_it_is
from tests.topologies import private_topology

REGIONS = ("eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2")
HUB = "333333333333"
ANALYTICS = "444444444444"
RESEARCH = "555555555555"
PREFIX = "unified-pipelines-prod"
ELSEWHERE = "ap-southeast-2"
ALIAS = f"alias/{PREFIX}-an-owner-key"


def prod() -> Recorded:
    return stack_as_it_is("prod")


def boundary(account_id: str) -> dict[str, Any]:
    document: dict[str, Any] = evaluated_policies.boundary(scope("prod", account_id))
    return document


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def private_boundary(account_id: str) -> dict[str, Any]:
    """That of the stack `dev` in private networks."""
    names = Names(project="unified-pipelines", stack="dev")
    topology = load_topology(private_topology(), names=names, root=ROOT)
    of = [each for each in scopes(topology, names).values() if each.account_id == account_id]
    document: dict[str, Any] = evaluated_policies.boundary(of[0])
    return document


def grants(recorded: Recorded) -> Iterator[tuple[str, AccountRegion, dict[str, Any]]]:
    """Every statement of every role's policies: resource's name, account and Region, statement."""
    for entry in recorded:
        for document in entry.policies:
            if document.of_identity:
                assert entry.account_region is not None
                for statement in document.statements:
                    yield f"{entry.name}/{statement['Sid']}", entry.account_region, statement


def context(statement: dict[str, Any], prefix: str) -> dict[str, str | list[str]]:
    """Condition keys with which the statement allows; its patterns stand for what they match.

    Every key of the stack has an alias of the stack.
    """
    return {"kms:ResourceAliases": [f"alias/{prefix}-an-owner-key"]} | {
        key: listed(value)[0]
        for operator, keys in statement.get("Condition", {}).items()
        if operator != "Null"
        for key, value in keys.items()
    }


def region_of(resource: str) -> str:
    """The Region that an ARN names, if it names one."""
    return resource.split(":")[3] if resource.startswith("arn:") else ""


def test_it_is_made_for_every_region_of_the_stack() -> None:
    account_regions = {entry.account_region for entry in prod() if entry.account_region is not None}
    assert {account_region.region for account_region in account_regions} == set(REGIONS)


@pytest.mark.parametrize("stack", ["prod", "dev"])
def test_every_grant_of_every_role_is_within_it(stack: str) -> None:
    """A granted pattern is put as a literal: only a pattern as wide as itself matches its `*`."""
    seen = 0
    recorded, limit = (prod(), boundary) if stack == "prod" else (private_stack(), private_boundary)
    for name, account_region, statement in grants(recorded):
        for action in listed(statement["Action"]):
            for resource in listed(statement["Resource"]):
                seen += 1
                with evaluator():
                    found = decision(
                        [{"Version": "2012-10-17", "Statement": [statement]}],
                        action,
                        resource,
                        region=region_of(resource) or account_region.region,
                        conditions=context(statement, f"unified-pipelines-{stack}"),
                        boundary=limit(account_region.account_id),
                    )
                assert found == "Allow", (
                    f"{name}: {action} on {resource} in {account_region.region}"
                )
    assert seen > 150


def test_nothing_in_it_is_for_no_role() -> None:
    granted = {
        action for _, _, statement in grants(prod()) for action in listed(statement["Action"])
    }
    allowed = {
        action
        for account_id in (HUB, ANALYTICS, RESEARCH)
        for statement in boundary(account_id)["Statement"]
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
    }
    assert allowed == granted


ROLE = f"arn:aws:iam::{HUB}:role/{PREFIX}-hub-execution"


@pytest.mark.parametrize(
    ("action", "resource", "conditions"),
    [
        ("iam:CreateRole", ROLE, {}),
        ("iam:PutRolePolicy", ROLE, {}),
        ("iam:AttachRolePolicy", ROLE, {}),
        ("iam:UpdateAssumeRolePolicy", ROLE, {}),
        ("iam:DeleteRolePermissionsBoundary", ROLE, {}),
        ("iam:CreatePolicyVersion", f"arn:aws:iam::{HUB}:policy/unified-pipelines-boundary", {}),
        ("iam:CreateUser", f"arn:aws:iam::{HUB}:user/{PREFIX}-user", {}),
        ("iam:CreateAccessKey", f"arn:aws:iam::{HUB}:user/another", {}),
        ("iam:PassRole", ROLE, {"iam:PassedToService": "sagemaker.amazonaws.com"}),
        (
            "iam:PassRole",
            f"arn:aws:iam::{HUB}:role/{PREFIX}-west2-sagemaker",
            {"iam:PassedToService": "ec2.amazonaws.com"},
        ),
        ("sts:AssumeRole", f"arn:aws:iam::{HUB}:role/deploy-unified-pipelines-prod", {}),
        ("sts:AssumeRole", f"arn:aws:iam::{ANALYTICS}:role/{PREFIX}-west2-sagemaker", {}),
        ("s3:GetObject", "arn:aws:s3:::another-owners/object", {}),
        ("s3:PutBucketPolicy", f"arn:aws:s3:::{PREFIX}-hub-{HUB}-us-east-1", {}),
        ("s3:PutReplicationConfiguration", f"arn:aws:s3:::{PREFIX}-hub-{HUB}-us-east-1", {}),
        ("kms:PutKeyPolicy", f"arn:aws:kms:us-east-1:{HUB}:key/1", {}),
        ("kms:ScheduleKeyDeletion", f"arn:aws:kms:us-east-1:{HUB}:key/1", {}),
        ("kms:Decrypt", f"arn:aws:kms:us-east-1:{ANALYTICS}:key/1", {}),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{HUB}:secret:x", {}),
        ("secretsmanager:PutSecretValue", f"arn:aws:secretsmanager:us-east-1:{HUB}:secret:x", {}),
        ("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{HUB}:function:other", {}),
        ("lambda:UpdateFunctionCode", f"arn:aws:lambda:us-east-1:{HUB}:function:{PREFIX}-f", {}),
        ("ec2:RunInstances", "*", {}),
        ("organizations:LeaveOrganization", "*", {}),
    ],
)
def test_a_role_that_may_do_everything_is_held_by_it(
    action: str, resource: str, conditions: dict[str, str | list[str]]
) -> None:
    def asked(limit: dict[str, Any] | None) -> str:
        return decision(
            [ALLOW_ALL],
            action,
            resource,
            region="us-east-1",
            conditions=conditions,
            boundary=limit,
        )

    assert asked(None) == "Allow"
    assert asked(boundary(HUB)) == "ImplicitDeny"


def test_nothing_is_done_in_another_region() -> None:
    for name, account_region, statement in grants(prod()):
        for action in listed(statement["Action"]):
            if action in ("sts:AssumeRole", "iam:PassRole"):
                continue
            found = decision(
                [ALLOW_ALL],
                action,
                listed(statement["Resource"])[0],
                region=ELSEWHERE,
                conditions=context(statement, PREFIX),
                boundary=boundary(account_region.account_id),
            )
            assert found == "Deny", f"{name}: {action}"


def test_the_deploy_role_cannot_change_it() -> None:
    policies = list(deploy(scope("prod", HUB)).values())
    for action in ("CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy"):
        resource = scope("prod", HUB).boundary_arn
        assert resource == f"arn:aws:iam::{HUB}:policy/boundary-{PREFIX}"
        assert decision(policies, f"iam:{action}", resource, region="us-east-1") == "ImplicitDeny"
    own = f"arn:aws:iam::{HUB}:policy/{PREFIX}-hub-assume-0"
    assert decision(policies, "iam:CreatePolicyVersion", own, region="us-east-1") == "Allow"


KEY = f"arn:aws:kms:us-east-1:{HUB}:key/1"
REPLICAS = {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{PREFIX}-west2-1/x"}
IMAGE = "arn:aws:ecr:us-west-2:246618743249:repository/sagemaker-xgboost"


@pytest.mark.parametrize(
    ("action", "resource", "held", "within"),
    [
        ("kms:Decrypt", KEY, {"kms:ResourceAliases": ["alias/payments"]}, True),
        ("kms:GenerateDataKey", KEY, {}, True),
        ("kms:CreateGrant", KEY, {"kms:ResourceAliases": [ALIAS]}, False),
        ("kms:Decrypt", KEY.replace(HUB, "999999999999"), REPLICAS, False),
        ("kms:Decrypt", KEY.replace(HUB, RESEARCH), {"kms:ViaService": "s3.us-east-1.x"}, False),
        ("ecr:BatchGetImage", IMAGE.replace("sagemaker-xgboost", "payments"), {}, False),
        ("ecr:BatchGetImage", IMAGE.replace("246618743249", "999999999999"), {}, False),
    ],
)
def test_keys_and_images_of_others_are_out_of_reach(
    action: str, resource: str, held: dict[str, str | list[str]], *, within: bool
) -> None:
    """A role that the deploy role makes may be given any permission: the boundary holds it."""

    def asked(conditions: dict[str, str | list[str]]) -> str:
        return decision(
            [ALLOW_ALL],
            action,
            resource,
            region="us-east-1",
            conditions=conditions,
            boundary=boundary(ANALYTICS if action.startswith("ecr:") else HUB),
        )

    assert asked(held) == "ImplicitDeny"
    if within:
        assert asked({"kms:ResourceAliases": [ALIAS]}) == "Allow"


def test_a_grant_of_a_key_is_for_aws_alone_and_the_image_may_be_fetched() -> None:
    grant: dict[str, str | list[str]] = {
        "kms:ResourceAliases": [ALIAS],
        "kms:GrantIsForAWSResource": "true",
    }
    for action, resource, conditions in (
        ("kms:CreateGrant", KEY.replace(HUB, ANALYTICS), grant),
        ("ecr:BatchGetImage", IMAGE, {}),
    ):
        found = decision(
            [ALLOW_ALL],
            action,
            resource,
            region="us-east-1",
            conditions=conditions,
            boundary=boundary(ANALYTICS),
        )
        assert found == "Allow", action
