"""Keys, buckets and objects: what is asked for is what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from local.deployment.errors import DeploymentError
from tests.local.deployment.conftest import Account


@pytest.fixture
def bucket(account: Account) -> str:
    """The name of a bucket that is there already."""
    name = f"bucket-{account.id}"
    place = {"LocationConstraint": account.region}
    account.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


def test_a_key_has_its_policy_rotation_and_tags(account: Account) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Root",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account.id}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }

    def program() -> None:
        key = aws.kms.Key(
            "key",
            description="what for",
            policy=json.dumps(policy),
            enable_key_rotation=True,
            deletion_window_in_days=7,
            tags={"owner": "me"},
            opts=account.options(),
        )
        pulumi.export("arn", key.arn)
        pulumi.export("key_id", key.key_id)
        pulumi.export("id", key.id)
        pulumi.export("tags_all", key.tags_all)

    outputs = account.deploy(program).outputs

    kms = account.client("kms")
    described = kms.describe_key(KeyId=outputs["key_id"])["KeyMetadata"]
    assert (described["Arn"], described["Description"]) == (outputs["arn"], "what for")
    assert outputs["id"] == outputs["key_id"]
    assert kms.get_key_rotation_status(KeyId=outputs["id"])["KeyRotationEnabled"] is True
    stored = kms.get_key_policy(KeyId=outputs["id"], PolicyName="default")["Policy"]
    assert json.loads(stored) == policy
    tags = kms.list_resource_tags(KeyId=outputs["id"])["Tags"]
    assert {tag["TagKey"]: tag["TagValue"] for tag in tags} == {"owner": "me", "stack": "test"}
    assert outputs["tags_all"] == {"owner": "me", "stack": "test"}


def test_an_alias_leads_to_its_key(account: Account) -> None:
    def program() -> None:
        options = account.options()
        key = aws.kms.Key("key", opts=options)
        alias = aws.kms.Alias("alias", name="alias/a", target_key_id=key.key_id, opts=options)
        pulumi.export("key", key.key_id)
        pulumi.export("alias", alias.arn)

    outputs = account.deploy(program).outputs

    assert outputs["alias"] == f"arn:aws:kms:{account.region}:{account.id}:alias/a"
    found = account.client("kms").describe_key(KeyId="alias/a")["KeyMetadata"]["KeyId"]
    assert found == outputs["key"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_a_bucket_is_in_its_providers_region(account: Account, region: str) -> None:
    name = f"somewhere-{region}-{account.id}"

    def program() -> None:
        bucket = aws.s3.Bucket(
            "bucket",
            bucket=name,
            opts=pulumi.ResourceOptions(provider=account.provider(region=region)),
        )
        pulumi.export("arn", bucket.arn)
        pulumi.export("id", bucket.id)

    outputs = account.deploy(program).outputs

    assert outputs == {"arn": f"arn:aws:s3:::{name}", "id": name}
    s3 = account.client("s3")
    found = s3.get_bucket_location(Bucket=name)["LocationConstraint"]
    assert found == (None if region == "us-east-1" else region)
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "stack", "Value": "test"}]


def test_everything_that_is_configured_on_a_bucket(account: Account, bucket: str) -> None:
    key_arn = f"arn:aws:kms:{account.region}:{account.id}:key/some-key"
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Nobody",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:PutObject",
                "Resource": f"arn:aws:s3:::{bucket}/never/*",
            }
        ],
    }

    def program() -> None:
        options = account.options()
        aws.s3.BucketVersioning(
            "versioning",
            bucket=bucket,
            versioning_configuration={"status": "Enabled"},
            opts=options,
        )
        aws.s3.BucketPublicAccessBlock(
            "access", bucket=bucket, block_public_acls=True, ignore_public_acls=True, opts=options
        )
        aws.s3.BucketOwnershipControls(
            "owner",
            bucket=bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=options,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            "encryption",
            bucket=bucket,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {
                        "sse_algorithm": "aws:kms",
                        "kms_master_key_id": key_arn,
                    },
                    "blocked_encryption_types": ["SSE-C"],
                    "bucket_key_enabled": True,
                }
            ],
            opts=options,
        )
        aws.s3.BucketLifecycleConfiguration(
            "lifecycle",
            bucket=bucket,
            rules=[
                {
                    "id": "staging",
                    "status": "Enabled",
                    "filter": {"prefix": "staging/"},
                    "expiration": {"days": 1},
                    "noncurrent_version_expiration": {"noncurrent_days": 7},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 2},
                },
                {
                    "id": "trained",
                    "status": "Enabled",
                    "filter": {"and_": {"prefix": "transformed/", "tags": {"trained": "true"}}},
                    "expiration": {"days": 7},
                },
            ],
            opts=options,
        )
        aws.s3.BucketPolicy("policy", bucket=bucket, policy=json.dumps(policy), opts=options)

    account.deploy(program)

    s3 = account.client("s3")
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert block == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": False,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": False,
    }
    ownership = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (encryption,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"][
        "Rules"
    ]
    default = encryption["ApplyServerSideEncryptionByDefault"]
    assert default == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
    assert encryption["BucketKeyEnabled"] is True
    assert encryption["BlockedEncryptionTypes"] == {"EncryptionType": ["SSE-C"]}
    rule, tagged = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule == {
        "ID": "staging",
        "Status": "Enabled",
        "Filter": {"Prefix": "staging/"},
        "Expiration": {"Days": 1},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
    }
    tags = [{"Key": "trained", "Value": "true"}]
    # S3 adds the size that isn't given.
    wanted = {"Prefix": "transformed/", "Tags": tags, "ObjectSizeGreaterThan": 0}
    assert tagged["Filter"] == {"And": wanted}
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == policy


def test_a_replication_with_every_part_that_the_program_uses(account: Account, bucket: str) -> None:
    s3 = account.client("s3")
    other = f"other-{account.id}"
    place = {"LocationConstraint": account.region}
    s3.create_bucket(Bucket=other, CreateBucketConfiguration=place)
    for name in (bucket, other):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    key_arn = f"arn:aws:kms:{account.region}:{account.id}:key/some-key"
    role_arn = f"arn:aws:iam::{account.id}:role/replication"

    def program() -> None:
        aws.s3.BucketReplicationConfig(
            "rules",
            bucket=bucket,
            role=role_arn,
            rules=[
                {
                    "id": "west2",
                    "status": "Enabled",
                    "priority": 3,
                    "filter": {"prefix": "transformed/"},
                    "delete_marker_replication": {"status": "Disabled"},
                    "source_selection_criteria": {
                        "sse_kms_encrypted_objects": {"status": "Enabled"}
                    },
                    "destination": {
                        "bucket": f"arn:aws:s3:::{other}",
                        "encryption_configuration": {"replica_kms_key_id": key_arn},
                        "metrics": {"status": "Enabled"},
                    },
                }
            ],
            opts=account.options(),
        )

    account.deploy(program)

    found = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    assert found["Role"] == role_arn
    (rule,) = found["Rules"]
    assert (rule["ID"], rule["Status"], rule["Priority"]) == ("west2", "Enabled", 3)
    assert rule["Filter"] == {"Prefix": "transformed/"}
    assert rule["DeleteMarkerReplication"] == {"Status": "Disabled"}
    assert rule["SourceSelectionCriteria"] == {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
    assert rule["Destination"]["Bucket"] == f"arn:aws:s3:::{other}"
    assert rule["Destination"]["EncryptionConfiguration"] == {"ReplicaKmsKeyID": key_arn}
    assert rule["Destination"]["Metrics"]["Status"] == "Enabled"


@pytest.mark.parametrize(
    ("given", "content"),
    [
        ({"content": "grüße"}, "grüße".encode()),
        ({"source": pulumi.StringAsset("text")}, b"text"),
        ({"source": pulumi.FileAsset(__file__)}, Path(__file__).read_bytes()),
    ],
)
def test_an_object_from_any_source(
    account: Account, bucket: str, given: dict[str, Any], content: bytes
) -> None:
    s3 = account.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    def program() -> None:
        stored = aws.s3.BucketObjectv2(
            "object",
            bucket=bucket,
            key="a/b c",
            content_type="text/plain",
            opts=account.options(),
            **given,
        )
        pulumi.export("version_id", stored.version_id)
        pulumi.export("etag", stored.etag)

    outputs = account.deploy(program).outputs

    found = s3.get_object(Bucket=bucket, Key="a/b c")
    assert found["Body"].read() == content
    assert found["ContentType"] == "text/plain"
    assert found["VersionId"] == outputs["version_id"]
    assert found["ETag"] == f'"{outputs["etag"]}"'
    tags = s3.get_object_tagging(Bucket=bucket, Key="a/b c")["TagSet"]
    assert tags == [{"Key": "stack", "Value": "test"}]


def test_an_object_has_one_content(account: Account, bucket: str) -> None:
    def program() -> None:
        aws.s3.BucketObjectv2("object", bucket=bucket, key="a", opts=account.options())

    with pytest.raises(DeploymentError, match="exactly one of content and source"):
        account.deploy(program)
