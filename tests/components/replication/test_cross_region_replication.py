"""Replication: rules that don't disturb one another, written when everything is ready for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aws.account_region import AccountRegion
from components.aws.inline_policy import inline_policy
from components.aws.policy_document import Statement
from components.replication.policies import MAX_DESTINATIONS, ReplicaBucket
from components.replication.policies import replication as replication_statements
from tests.components.pipeline_examples import (
    DATA_ACCOUNT,
    ML,
    OTHER_ACCOUNT,
    PREFIX,
    cross_account,
    data_pipeline,
    ml_pipeline,
    replication,
    run,
    same_account,
    settings,
)
from tests.mocks import Recorded

RULES = "BucketReplicationConfig"


def replicated_to(names: Sequence[str]) -> Recorded:
    """East1 replicated to ML pipelines of these names, registered in this order."""

    def program() -> None:
        shared = settings()
        data = data_pipeline(shared)
        ml_pipelines = {name: ml_pipeline(shared, name, ML, OTHER_ACCOUNT) for name in names}
        replication(data, ml_pipelines)

    return run(program)


def rules_of(recorded: Recorded) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = recorded.one(RULES).inputs["rules"]
    return rules


class TestTree:
    """Role, policy and rules belong to the source's account and Region."""

    def test_its_children(self) -> None:
        recorded = same_account()
        component = recorded.one("CrossRegionReplication", "east1-replication")
        assert component.type == ("unified-pipelines:index:CrossRegionReplication")
        assert recorded.tree(component.urn) == [
            ("BucketReplicationConfig", "east1-replication-rules"),
            ("Role", "east1-replication-batch-role"),
            ("Role", "east1-replication-role"),
            ("RolePolicy", "east1-replication-batch-policy"),
            ("RolePolicy", "east1-replication-policy"),
        ]

    def test_they_are_where_the_source_is(self) -> None:
        recorded = cross_account()
        component = recorded.one("CrossRegionReplication", "east1-replication")
        account_regions = {each.account_region for each in recorded.children_of(component.urn)}
        assert account_regions == {AccountRegion(account_id=DATA_ACCOUNT, region="us-east-1")}

    def test_the_role_is_the_one_that_destinations_compute(self) -> None:
        arn = f"arn:aws:iam::{DATA_ACCOUNT}:role/{PREFIX}-east1-replication"
        assert same_account().result["role_arn"] == arn
        assert same_account().one(RULES).inputs["role"] == arn
        destination = cross_account().one("kms/key:Key", "west2-key").document("policy")
        assert destination["Statement"][-1]["Condition"]["ArnEquals"] == {"aws:PrincipalArn": arn}


class TestRules:
    """One rule per destination, which depends on nothing but the destination's name."""

    def test_a_rule_is_exactly_this(self) -> None:
        recorded = cross_account()
        assert rules_of(recorded) == [
            {
                "id": "west2",
                "priority": 153006891,
                "status": "Enabled",
                "filter": {"prefix": "transformed/"},
                "deleteMarkerReplication": {"status": "Disabled"},
                "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
                "destination": {
                    "bucket": f"arn:aws:s3:::{PREFIX}-west2-{OTHER_ACCOUNT}-us-west-2",
                    "encryptionConfiguration": {
                        "replicaKmsKeyId": recorded.one("kms/key:Key", "west2-key").outputs["arn"]
                    },
                    "metrics": {"status": "Enabled"},
                },
            }
        ]

    def test_there_is_one_configuration_for_all_destinations(self) -> None:
        recorded = replicated_to(["a", "b", "c"])
        assert [rule["id"] for rule in rules_of(recorded)] == ["a", "b", "c"]
        assert recorded.one(RULES).inputs["bucket"] == f"{PREFIX}-east1-{DATA_ACCOUNT}-us-east-1"

    def test_a_rule_stays_as_it_is_when_others_come_or_go_or_swap(self) -> None:
        before = {rule["id"]: rule for rule in rules_of(replicated_to(["b", "c"]))}
        after = {rule["id"]: rule for rule in rules_of(replicated_to(["c", "a", "b"]))}
        assert {name: after[name] for name in before} == before
        assert len({rule["priority"] for rule in after.values()}) == 3

    def test_the_order_in_the_topology_changes_nothing(self) -> None:
        assert rules_of(replicated_to(["a", "b"])) == rules_of(replicated_to(["b", "a"]))

    def test_without_a_destination_it_says_what_to_do(self) -> None:
        with pytest.raises(
            ValueError, match=r"the bucket of east1 to nowhere: leave the component"
        ):
            replicated_to([])


class TestOrder:
    """S3 checks none of this when the rules are written, and never retries an object."""

    @pytest.mark.parametrize(
        ("type_", "name"),
        [
            ("BucketVersioning", "east1-versioning"),
            ("BucketVersioning", "west2-versioning"),
            ("RolePolicy", "east1-replication-policy"),
            ("BucketPolicy", "west2-policy"),
            ("kms/key:Key", "west2-key"),
            ("kms/key:Key", "east1-key"),
        ],
    )
    def test_the_rules_wait_for(self, type_: str, name: str) -> None:
        for recorded in (same_account(), cross_account()):
            waited = recorded.waits_for(recorded.one(RULES).urn)
            assert recorded.one(type_, name).urn in waited


def _bucket(name: str, region: str = "us-west-2") -> ReplicaBucket:
    return ReplicaBucket(
        account_id=OTHER_ACCOUNT,
        bucket_arn=f"arn:aws:s3:::{name}",
        key_arn=f"key-{name}",
        region=region,
    )


@given(names=st.sets(st.from_regex(r"[a-z][a-z0-9]{0,11}", fullmatch=True), min_size=1, max_size=8))
def test_each_destinations_key_is_used_for_that_destinations_bucket_alone(names: set[str]) -> None:
    statements = replication_statements(
        _bucket("D", "us-east-1"), {name: _bucket(name) for name in names}
    )
    encrypting = {each["Resource"]: each for each in statements if "kms:Encrypt" in each["Action"]}
    assert set(encrypting) == {f"key-{name}" for name in names}
    for name in names:
        condition = encrypting[f"key-{name}"]["Condition"]
        assert condition["StringLike"]["kms:EncryptionContext:aws:s3:arn"] == [
            f"arn:aws:s3:::{name}",
            f"arn:aws:s3:::{name}/transformed/*",
        ]
        assert condition["StringEquals"]["kms:ViaService"] == "s3.us-west-2.amazonaws.com"


def _longest(count: int) -> list[Statement]:
    """The statements of a source with `count` destinations, all names as long as AWS allows."""
    region = "ap-southeast-2"
    many = {
        f"pipeline{number:04d}": ReplicaBucket(
            account_id=f"{number:012d}",
            bucket_arn=f"arn:aws-us-gov:s3:::{'x' * 59}{number:04d}",
            key_arn=f"arn:aws-us-gov:kms:{region}:{OTHER_ACCOUNT}:key/{number:036d}",
            region=region,
        )
        for number in range(count)
    }
    source = ReplicaBucket(
        account_id=OTHER_ACCOUNT,
        bucket_arn=f"arn:aws-us-gov:s3:::{'x' * 63}",
        key_arn=f"arn:aws-us-gov:kms:{region}:{OTHER_ACCOUNT}:key/{0:036d}",
        region=region,
    )
    return replication_statements(source, many)


def test_as_many_destinations_as_are_allowed_fit_into_the_roles_policy() -> None:
    inline_policy("role", _longest(MAX_DESTINATIONS))
