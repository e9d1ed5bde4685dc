"""What an organization's id adds to policies, as the evaluator reads it."""

from __future__ import annotations

from typing import Any

import pytest
from ministack.core import iam_evaluator

from components.aws.organization import no_outsiders, of_principal, of_resource
from tests.mocks import evaluate_stack
from tests.topologies import stack_topology

BUCKET = "arn:aws:s3:::data"
OWNER = "222222222222"
ALLOW_ALL = {
    "Sid": "All",
    "Effect": "Allow",
    "Action": "*",
    "Resource": "*",
    "Principal": {"AWS": "*"},
}


def decision(conditions: dict[str, Any], account: str = "999999999999") -> str:
    """Whether a bucket's policy that allows all lets a request through."""
    context = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:iam::{account}:role/any",
        principal_type="",
        principal_account=account,
        action="s3:GetObject",
        resource_arn=f"{BUCKET}/key",
        region="us-east-1",
        service_context={key.lower(): value for key, value in conditions.items()},
    )
    statements = [ALLOW_ALL, *no_outsiders(BUCKET, OWNER, "o-exampleorgid")]
    document = {"Statement": statements}
    return str(iam_evaluator.evaluate_resource_policy(document, context).decision)


@pytest.mark.parametrize(
    ("conditions", "decided"),
    [
        ({"aws:PrincipalOrgID": "o-exampleorgid", "aws:PrincipalIsAWSService": "false"}, "Allow"),
        ({"aws:PrincipalIsAWSService": "true"}, "Allow"),
        ({"aws:PrincipalOrgID": "o-anotherorgid", "aws:PrincipalIsAWSService": "false"}, "Deny"),
        ({"aws:PrincipalIsAWSService": "false"}, "Deny"),
        ({}, "Deny"),
    ],
)
def test_a_bucket_refuses_all_outside_but_services(
    conditions: dict[str, str], decided: str
) -> None:
    assert decision(conditions) == decided


@pytest.mark.parametrize("found", [{}, {"aws:PrincipalOrgID": "o-anotherorgid"}])
def test_the_owners_account_can_repair_a_policy_with_a_wrong_id(found: dict[str, str]) -> None:
    assert decision({**found, "aws:PrincipalIsAWSService": "false"}, OWNER) == "Allow"


def test_without_an_organization_nothing_is_added() -> None:
    assert no_outsiders(BUCKET, OWNER, None) == []
    assert of_principal(None) == of_resource(None) == {}


def test_every_statement_about_another_account_names_it() -> None:
    """In the program: trusts of roles, and keys for replicas; buckets refuse all outside."""
    topology = {**stack_topology("prod"), "organization_id": "o-exampleorgid"}
    recorded = evaluate_stack("prod", topology=topology)
    across = set()
    for entry in recorded:
        for document in entry.policies:
            for each in document.statements:
                principals = str(each.get("Principal", {}).get("AWS", ""))
                if entry.type == "aws:s3/bucketPolicy:BucketPolicy" or ":root" not in principals:
                    continue
                if each["Sid"] == "AccountDelegation" or "events" in str(each["Action"]):
                    continue
                across.add(each["Sid"])
                asked = each["Condition"]["StringEquals"]
                assert asked["aws:PrincipalOrgID"] == "o-exampleorgid", each
    assert across == {"HubRoles", "AcceptReplicaEncryption"}
    for bucket in recorded.of_type("s3/bucketPolicy:BucketPolicy"):
        statements = {each["Sid"]: each for each in bucket.document("policy")["Statement"]}
        assert bucket.account_region is not None
        assert statements["DenyOutsideOrganization"]["Condition"]["StringNotEquals"] == {
            "aws:PrincipalOrgID": "o-exampleorgid",
            "aws:PrincipalAccount": bucket.account_region.account_id,
        }
