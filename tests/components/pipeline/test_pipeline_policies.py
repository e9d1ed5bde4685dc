"""Every policy of the pipelines, compared whole with the file that says what it has to be.

The files were checked statement by statement against AWS's documents. What a policy leaves out
matters too, so each is compared as a whole. This is no evidence that AWS accepts it.
"""

from __future__ import annotations

import re

import pytest

from components.data_pipeline.policies import folder_markers
from tests.components.pipeline_examples import (
    DATA_ACCOUNT,
    HUB_ACCOUNT,
    OTHER_ACCOUNT,
    POLICIES,
    cross_account,
    expected_policy,
    policy,
    same_account,
)
from tests.components.policy_difference import difference
from tests.mocks import Recorded

STACKS = {"same-account": same_account, "cross-account": cross_account}


def policies_of(recorded: Recorded) -> dict[str, dict[str, object]]:
    """Every policy that is registered, by what it belongs to."""
    found = {}
    for role in recorded.of_type("iam/role:Role"):
        trust = policy(recorded, "iam/role:Role", role.name, "assumeRolePolicy")
        found[f"{role.name}.trust.json"] = trust
    for granted in recorded.of_type("iam/rolePolicy:RolePolicy"):
        owner = granted.name.removesuffix("-policy")
        found[f"{owner}-role.policy.json"] = policy(
            recorded, "iam/rolePolicy:RolePolicy", granted.name
        )
    for key in recorded.of_type("kms/key:Key"):
        found[f"{key.name}.policy.json"] = policy(recorded, "kms/key:Key", key.name)
    for bucket in recorded.of_type("s3/bucketPolicy:BucketPolicy"):
        owner = bucket.name.removesuffix("-policy")
        found[f"{owner}-bucket.policy.json"] = policy(
            recorded, "s3/bucketPolicy:BucketPolicy", bucket.name
        )
    return found


@pytest.mark.parametrize(
    "file_name",
    [str(path.relative_to(POLICIES)) for path in sorted(POLICIES.glob("*/*.json"))],
)
def test_a_policy_is_exactly_what_its_file_says(file_name: str) -> None:
    stack, name = file_name.split("/")
    assert difference(policies_of(STACKS[stack]())[name], expected_policy(file_name)) == []


def test_no_policy_is_without_a_file() -> None:
    files = {path.name for path in (POLICIES / "same-account").glob("*.json")}
    assert set(policies_of(same_account())) == files
    assert set(policies_of(cross_account())) == files


def test_accounts_differ_in_what_the_destination_lets_in_and_in_nothing_else() -> None:
    same, cross = policies_of(same_account()), policies_of(cross_account())
    differing = {
        name for name in same if _without_accounts(same[name]) != _without_accounts(cross[name])
    }
    # The cross-account role differs by the other instance and running time of that example.
    assert differing == {
        "west2-bucket.policy.json",
        "west2-key.policy.json",
        "west2-crossaccount-role.policy.json",
    }


def _without_accounts(document: object) -> str:
    return re.sub(f"{DATA_ACCOUNT}|{OTHER_ACCOUNT}", "account", str(document))


def test_the_hub_is_named_in_the_two_trusts_and_nowhere_else() -> None:
    naming = {
        name
        for name, document in policies_of(cross_account()).items()
        if HUB_ACCOUNT in str(document)
    }
    assert naming == {"east1-crossaccount-role.trust.json", "west2-crossaccount-role.trust.json"}


def test_pipelines_name_each_other_only_for_replication() -> None:
    cross = policies_of(cross_account())
    east1_of_west2 = {
        name
        for name, document in cross.items()
        if name.startswith("west2") and "east1" in str(document)
    }
    west2_of_east1 = {
        name
        for name, document in cross.items()
        if name.startswith("east1") and "west2" in str(document)
    }
    assert east1_of_west2 == {"west2-bucket.policy.json", "west2-key.policy.json"}
    assert west2_of_east1 == {"east1-replication-role.policy.json"}


def test_within_one_account_the_destination_names_no_other_pipeline() -> None:
    for name, document in policies_of(same_account()).items():
        if name.startswith("west2"):
            assert "east1" not in str(document), name


def test_an_older_glue_may_mark_the_folder_that_it_writes_to() -> None:
    assert folder_markers("arn:aws:s3:::raw-data") == {
        "Sid": "MarkStaging",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::raw-data/staging_$folder$",
    }
