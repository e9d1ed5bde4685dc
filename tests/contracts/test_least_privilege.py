"""Least privilege over every policy of whole stacks, whichever component makes it.

A wildcard needs a reason in `components/aws/permission_reasons.yaml`, which a reviewer sees. The
local run verifies that the pipelines use every permission that is granted.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from tests import permission_reasons
from tests.mock_outputs import EXISTING_GROUPS, EXISTING_VPC, EXISTING_ZONES
from tests.mocks import Recorded, evaluate_stack
from tests.permission_reasons import listed
from tests.policy_documents import PolicyDocument, Statement
from tests.topologies import pipelines_of, stack_topology

DEPLOY_ROLE = {"Administration", "Deployment", "GrantsForEnvironment", "Rotation"}
"""The statements of keys that let the deploy role in, which is there before the key."""

NAMESPACED = "cloudwatch:PutMetricData"

SERVICES_WITHOUT_SOURCE = {
    "batchoperations.s3.amazonaws.com": "no source condition is documented for Batch Operations",
    "glue.amazonaws.com": "no source condition is documented for Glue",
    "lambda.amazonaws.com": "no source condition is documented for Lambda's execution roles",
    "s3.amazonaws.com": "no source condition is documented for S3 replication",
}
"""Services that may assume a role without a condition on the source, and why."""


@functools.cache
def stack(kind: str) -> Recorded:
    """`dev`, whose uploads start runs, in networks: also with ML pipelines in their own account.

    The pipelines' networks exist: endpoints of the stack's have policies, which grant nothing.
    """
    topology = stack_topology("dev")
    for pipeline in pipelines_of(topology).values():
        pipeline["network"] = {
            "vpc_id": EXISTING_VPC,
            "subnet_ids": list(EXISTING_ZONES)[:2],
            "security_group_ids": list(EXISTING_GROUPS),
        }
    topology["data_pipelines"]["east1"]["start"] = {"on_upload": "raw/incoming/*.csv"}
    if kind == "as-it-is":
        return evaluate_stack("dev", topology=topology)
    topology["accounts"]["elsewhere"] = {"id": "333333333333"}
    for pipeline in topology["ml_pipelines"].values():
        pipeline["account"] = "elsewhere"
    return evaluate_stack("dev", topology=topology)


def statements(kind: str) -> Iterator[tuple[PolicyDocument, str, Statement]]:
    """(document, resource's name and statement's id, statement) of every policy of a stack."""
    for entry in stack(kind):
        for document in entry.policies:
            for each in document.statements:
                yield document, f"{entry.name}/{each.get('Sid')}", each


both = pytest.mark.parametrize("kind", ["as-it-is", "cross-account"])


@both
def test_there_is_something_to_look_at(kind: str) -> None:
    found = {entry.type for entry in stack(kind) if any(entry.policies)}
    assert found >= {
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/role:Role",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:kms/key:Key",
    }
    assert len(list(statements(kind))) > 50


@both
def test_no_action_is_allowed_by_a_wildcard(kind: str) -> None:
    wild = {
        name: listed(each["Action"])
        for _, name, each in statements(kind)
        if each["Effect"] == "Allow" and "*" in str(each["Action"])
    }
    for name, actions in wild.items():
        # A key delegates to its own account, so that the account's policies can grant its use.
        assert (name.split("/")[1], actions) == ("AccountDelegation", ["kms:*"]), name


@both
def test_nothing_is_allowed_by_exclusion(kind: str) -> None:
    for _, name, each in statements(kind):
        assert not {"NotAction", "NotResource", "NotPrincipal"} & set(each), name


@both
def test_every_wildcard_has_its_reason(kind: str) -> None:
    for _, name, each in statements(kind):
        assert not permission_reasons.wildcards_without_reason(each), name


@both
def test_every_reason_for_a_wildcard_is_still_needed(kind: str) -> None:
    of_roles = [each for document, _, each in statements(kind) if document.of_identity]
    everywhere = {
        action
        for each in of_roles
        if "*" in listed(each["Resource"])
        for action in listed(each["Action"])
    }
    assert everywhere == set(permission_reasons.EVERY_RESOURCE)
    named = {resource for each in of_roles for resource in listed(each["Resource"])}
    assert permission_reasons.unneeded_patterns(named) == []


def test_every_explained_permission_is_granted() -> None:
    granted = {
        (each["Sid"], permission)
        for kind in ("as-it-is", "cross-account")
        for _, _, each in statements(kind)
        for permission in permission_reasons.permissions_of(each)
    }
    # The statement's id ends in the pipeline's name where one statement is for one pipeline.
    sids = {(sid.removesuffix("west2"), permission) for sid, permission in granted}
    assert {(line.sid, line.permission) for line in permission_reasons.unseen()} <= sids


@both
def test_metrics_stay_in_their_namespace(kind: str) -> None:
    for _, name, each in statements(kind):
        if NAMESPACED in listed(each["Action"]):
            assert "cloudwatch:namespace" in str(each["Condition"]), name


@both
def test_every_principal_is_named(kind: str) -> None:
    for document, name, each in statements(kind):
        if "Principal" not in each or each["Effect"] == "Deny":
            continue
        for kind_of, who in each["Principal"].items():
            assert kind_of in {"AWS", "Service"}, name
            assert all("*" not in one for one in listed(who)), name
        if document.is_trust:
            assert listed(each["Action"]) == ["sts:AssumeRole"], name


@both
def test_an_account_is_let_in_through_named_roles_only(kind: str) -> None:
    """An account's root stands for every principal of it, hence the condition beside it."""
    for _, name, each in statements(kind):
        roots = listed(each.get("Principal", {}).get("AWS", []))
        if each["Effect"] == "Deny" or not roots or name.endswith("/AccountDelegation"):
            continue
        if name.split("/")[1] in DEPLOY_ROLE:
            (account_id,) = {role.split(":")[4] for role in roots}
            assert roots == [f"arn:aws:iam::{account_id}:role/deploy-unified-pipelines-dev"], name
            continue
        assert "/" not in "".join(roots).replace(":root", ""), name
        role_arns = listed(each["Condition"]["ArnEquals"]["aws:PrincipalArn"])
        assert len(role_arns) == (2 if each["Sid"] == "HubRoles" else 1), name
        for role_arn in role_arns:
            assert ":role/" in role_arn, name
            assert "*" not in role_arn, name
            assert [role_arn.split(":")[4]] == [root.split(":")[4] for root in roots], name


@both
def test_a_service_is_let_in_for_its_own_account_only(kind: str) -> None:
    for document, name, each in statements(kind):
        if not document.is_trust:
            continue
        for service in listed(each["Principal"].get("Service", [])):
            if service in SERVICES_WITHOUT_SOURCE:
                assert "Condition" not in each, name
            else:
                assert "aws:SourceAccount" in each["Condition"]["StringEquals"], name


@both
def test_only_exact_roles_are_assumed_or_handed_over(kind: str) -> None:
    for _, name, each in statements(kind):
        actions = set(listed(each["Action"]))
        if "Resource" in each and actions & {"sts:AssumeRole", "iam:PassRole"}:
            for resource in listed(each["Resource"]):
                assert ":role/" in resource, name
                assert "*" not in resource, name
        if "iam:PassRole" in actions:
            assert "iam:PassedToService" in str(each["Condition"]), name


@both
def test_a_key_is_used_through_a_service_or_for_a_named_thing(kind: str) -> None:
    """A role's key can only be used for what the service does with it."""
    bound = ("kms:ViaService", "kms:EncryptionContext", "kms:GrantIsForAWSResource")
    for document, name, each in statements(kind):
        if not document.of_identity or not str(each["Action"]).count("kms:"):
            continue
        # SageMaker looks at the output's key itself, through no other service.
        if name.endswith("/CheckOutputKey"):
            continue
        assert any(key in str(each.get("Condition")) for key in bound), name


@both
def test_what_is_denied_is_denied_to_every_principal(kind: str) -> None:
    for _, name, each in statements(kind):
        if each["Effect"] == "Deny" and "Principal" in each:
            assert each["Principal"] == {"AWS": "*"}, name


@both
def test_every_bucket_refuses_plain_http(kind: str) -> None:
    recorded = stack(kind)
    buckets = {each.inputs["bucket"] for each in recorded.of_type("s3/bucket:Bucket")}
    policies = recorded.of_type("s3/bucketPolicy:BucketPolicy")
    assert len(policies) == len(buckets)
    refusing = {
        each.inputs["bucket"]
        for each in policies
        if any(
            one["Effect"] == "Deny"
            and one["Action"] == "s3:*"
            and one["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for one in each.document("policy")["Statement"]
        )
    }
    assert refusing == buckets
