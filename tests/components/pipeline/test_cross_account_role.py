"""The role through which the hub works in a pipeline's account."""

from __future__ import annotations

import pytest

from components.aws.inline_policy import INLINE_POLICY_LIMIT, inline_policy
from components.aws.policy_document import Statement, statement
from components.pipeline.cross_account_trust import hub_trust
from tests.components.pipeline_examples import (
    DATA_ACCOUNT,
    EXECUTION_ROLE,
    OTHER_ACCOUNT,
    cross_account,
    same_account,
)


def test_its_children_are_the_role_its_policy_and_the_external_ids() -> None:
    recorded = same_account()
    component = recorded.one("CrossAccountRole", "east1-crossaccount")
    assert recorded.tree(component.urn) == [
        ("RandomPassword", "east1-crossaccount-external-id"),
        ("RandomPassword", "east1-crossaccount-external-id-1"),
        ("RandomPassword", "east1-crossaccount-external-id-2"),
        ("Role", "east1-crossaccount-role"),
        ("RolePolicy", "east1-crossaccount-policy"),
    ]


def test_the_external_id_is_long_plain_and_made_by_the_explicit_provider() -> None:
    password = same_account().one("RandomPassword", "east1-crossaccount-external-id")
    assert dict(password.inputs) == {"length": 40, "special": False}
    assert password.provider.endswith("pulumi:providers:random::random")


def test_the_external_id_is_a_secret_wherever_it_stands() -> None:
    recorded = same_account()
    external_id = recorded.result["data"]["external_ids"][0]
    holding = [each for each in recorded if external_id in str(dict(each.inputs))]
    assert [each.name for each in holding] == ["east1-crossaccount-role"]
    assert holding[0].secret_inputs == {"assumeRolePolicy"}


def test_each_pipeline_has_external_ids_of_its_own() -> None:
    result = same_account().result
    assert not {*result["data"]["external_ids"]} & {*result["ml"]["external_ids"]}


def test_the_trust_waits_for_nothing_of_the_hub() -> None:
    trust = hub_trust(
        organization_id=None,
        region="cn-north-1",
        hub_account_id="111111111111",
        role_arns=[EXECUTION_ROLE],
        external_ids=["secret"],
    )
    assert "arn:aws-cn:iam::111111111111:root" in trust


@pytest.mark.parametrize(
    ("pipeline", "account", "count"), [("east1", DATA_ACCOUNT, 4), ("west2", OTHER_ACCOUNT, 3)]
)
def test_a_boundary_is_put_on_every_role_by_its_own_account(
    pipeline: str, account: str, count: int
) -> None:
    roles = [
        role for role in cross_account().of_type("iam/role:Role") if role.name.startswith(pipeline)
    ]
    assert len(roles) == count
    for role in roles:
        assert role.inputs["permissionsBoundary"] == f"arn:aws:iam::{account}:policy/team/boundary"


def _filler(characters: int) -> list[Statement]:
    resource = "arn:aws:s3:::" + "x" * characters
    return [statement("Filler", "s3:ListBucket", resource)]


def test_a_policy_that_iam_would_refuse_is_refused_before() -> None:
    room = INLINE_POLICY_LIMIT - len(inline_policy("role", _filler(0)))
    assert len(inline_policy("role", _filler(room))) == INLINE_POLICY_LIMIT
    with pytest.raises(
        ValueError, match=r"role too-much has 10241 characters: IAM takes at most 10240"
    ):
        inline_policy("too-much", _filler(room + 1))
