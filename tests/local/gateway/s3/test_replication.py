"""S3 replication, between Regions and between accounts, as the replication role."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.gateway.aws import (
    DATA,
    EAST,
    HUB,
    WEST,
    Aws,
    allow,
    document,
    service_trust,
    wait_until,
)
from tests.local.gateway.s3.replicating import PERMISSIONS, Pair, replicating
from tests.local.gateway_faults import held


class TestBetweenRegions:
    def test_copies_what_is_under_the_prefix_with_the_destinations_key(self, aws: Aws) -> None:
        pair = replicating(aws)
        pair.put("transformed/a", b"content")
        assert pair.status("transformed/a") == "COMPLETED"
        replica = aws.client("s3", region=WEST).get_object(
            Bucket=pair.destinations[0], Key="transformed/a"
        )
        assert replica["Body"].read() == b"content"
        assert replica["ReplicationStatus"] == "REPLICA"
        assert WEST in replica["SSEKMSKeyId"]

    def test_leaves_the_rest(self, aws: Aws) -> None:
        pair = replicating(aws)
        pair.put("raw/a")
        assert pair.status("raw/a") is None

    def test_leaves_deletions(self, aws: Aws) -> None:
        pair = replicating(aws)
        pair.put("transformed/a")
        pair.status("transformed/a")
        aws.client("s3").delete_object(Bucket=pair.source, Key="transformed/a")
        pair.put("transformed/b")
        pair.status("transformed/b")
        destination = {"Bucket": pair.destinations[0], "Key": "transformed/a"}
        assert aws.client("s3", region=WEST).head_object(**destination)

    def test_goes_to_every_destination(self, aws: Aws) -> None:
        pair = replicating(aws, destinations=2)
        pair.put("transformed/a")
        assert pair.status("transformed/a") == "COMPLETED"
        for bucket in pair.destinations:
            assert aws.client("s3", region=WEST).head_object(Bucket=bucket, Key="transformed/a")

    def test_a_marker_written_last_may_arrive_first(self, aws: Aws) -> None:
        pair = replicating(aws)
        with held(aws.endpoint, hold_replicas=["transformed/*"]):
            for name in ("part-0", "part-1", "_manifest.json"):
                pair.put(f"transformed/{name}")
        pair.status("transformed/part-0")
        log = aws.log()
        positions = [
            log.index(f"replicated s3://{pair.source}/transformed/{name}")
            for name in ("_manifest.json", "part-1", "part-0")
        ]
        assert positions == sorted(positions)

    def test_needs_these_permissions(self, aws: Aws) -> None:
        pair = replicating(aws)
        pair.put("transformed/a")
        pair.status("transformed/a")
        session = f":assumed-role/{pair.role.rpartition('/')[2]}/"
        text = (aws.directory / "authorized_calls.jsonl").read_text(encoding="utf-8")
        calls = [json.loads(line) for line in text.splitlines() if session in line]
        assert {call["action"] for call in calls} == set(PERMISSIONS)

    @pytest.mark.parametrize("action", PERMISSIONS)
    def test_fails_without_a_permission_of_the_role(self, aws: Aws, action: str) -> None:
        pair = replicating(aws, action)
        pair.put("transformed/a")
        assert pair.status("transformed/a") == "FAILED"
        assert f"lacks ['{action} on" in aws.log()

    @pytest.mark.parametrize("region", [EAST, WEST])
    def test_fails_while_a_key_is_disabled(self, aws: Aws, region: str) -> None:
        pair = replicating(aws)
        bucket = pair.source if region == EAST else pair.destinations[0]
        key, kms = _key_of(aws, bucket, region), aws.client("kms", region=region)
        with held(aws.endpoint, hold_replicas=["transformed/*"]):
            pair.put("transformed/a")
            kms.disable_key(KeyId=key)
        said = f"lacks ['a usable key: {key} is disabled.']"
        wait_until(aws.log, lambda log: said in log)
        kms.enable_key(KeyId=key)
        assert pair.status("transformed/a") == "FAILED"


def _key_of(aws: Aws, bucket: str, region: str) -> str:
    answer = aws.client("s3", region=region).get_bucket_encryption(Bucket=bucket)
    (rule,) = answer["ServerSideEncryptionConfiguration"]["Rules"]
    key: str = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    return key


class TestBetweenAccounts:
    def _allow(self, pair: Pair, *conditions: dict[str, Any]) -> None:
        bucket = pair.destinations[0]
        statement = allow(
            ["s3:ReplicateObject", "s3:ReplicateTags"],
            f"arn:aws:s3:::{bucket}/transformed/*",
            Principal={"AWS": f"arn:aws:iam::{DATA}:root"},
            Condition={"ArnEquals": {"aws:PrincipalArn": pair.role}},
        )
        pair.aws.client("s3", HUB, WEST).put_bucket_policy(
            Bucket=bucket, Policy=document(statement)
        )

    def test_fails_while_the_destinations_policy_does_not_name_the_role(self, aws: Aws) -> None:
        pair = replicating(aws, owner=HUB)
        pair.put("transformed/a")
        assert pair.status("transformed/a") == "FAILED"

    def test_copies_once_it_does(self, aws: Aws) -> None:
        pair = replicating(aws, owner=HUB)
        self._allow(pair)
        pair.put("transformed/a", b"content")
        assert pair.status("transformed/a") == "COMPLETED"
        owner = aws.client("s3", HUB, WEST)
        replica = owner.get_object(Bucket=pair.destinations[0], Key="transformed/a")
        assert replica["Body"].read() == b"content"


def test_a_role_that_does_not_trust_s3_replicates_nothing(aws: Aws) -> None:
    pair = replicating(aws)
    aws.client("iam").update_assume_role_policy(
        RoleName=pair.role.rpartition("/")[2], PolicyDocument=service_trust("glue.amazonaws.com")
    )
    pair.put("transformed/a")
    assert pair.status("transformed/a") == "FAILED"
    with pytest.raises(ClientError, match="404"):
        aws.client("s3", region=WEST).head_object(Bucket=pair.destinations[0], Key="transformed/a")
