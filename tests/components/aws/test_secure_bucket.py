"""A bucket that is private, versioned and encrypted before anything can be in it."""

from __future__ import annotations

import functools

import pulumi
import pytest

from components.aws.access_logs import AccessLogs, AccessLogsArgs
from components.aws.naming import Names
from components.aws.policy_document import statement
from components.aws.secure_bucket import SecureBucket, SecureBucketArgs, TaggedExpiry
from tests.mocks import Recorded, Registration, aws_provider, evaluate

KEY_ARN = "arn:aws:kms:us-east-1:222222222222:key/1"
EXTRA = statement(
    "Extra", "s3:ListBucket", "arn:aws:s3:::name", principals={"AWS": "arn:aws:iam::1:root"}
)


@functools.cache
def made(*, protect: bool = False) -> Recorded:
    def program() -> dict[str, object]:
        bucket = SecureBucket(
            "one",
            SecureBucketArgs(
                bucket_name="name",
                account_id="222222222222",
                region="us-east-1",
                key_arn=KEY_ARN,
                policy_statements=[EXTRA],
                expire_after_days={"staging/": 1, "a/b/": 5},
                expire_tagged=TaggedExpiry(prefix="rows/", tag=("done", "yes"), days=3),
                protect=protect,
            ),
            pulumi.ResourceOptions(provider=aws_provider()),
        )
        return {
            "name": bucket.bucket_name,
            "arn": bucket.bucket_arn,
            "ready": [each.urn for each in bucket.ready],
            "settled": [each.urn for each in bucket.settled],
        }

    return evaluate(program)


def of(recorded: Recorded, role: str) -> Registration:
    (found,) = [each for each in recorded if each.name == f"one-{role}"]
    return found


def test_its_children_are_the_bucket_and_all_that_belongs_to_it() -> None:
    recorded = made()
    assert recorded.tree(recorded.one("SecureBucket").urn) == [
        ("Bucket", "one-bucket"),
        ("BucketLifecycleConfiguration", "one-lifecycle"),
        ("BucketOwnershipControls", "one-ownership"),
        ("BucketPolicy", "one-policy"),
        ("BucketPublicAccessBlock", "one-public-access-block"),
        ("BucketServerSideEncryptionConfiguration", "one-encryption"),
        ("BucketVersioning", "one-versioning"),
    ]


def test_each_of_them_is_for_this_bucket() -> None:
    recorded = made()
    children = recorded.children_of(recorded.one("SecureBucket").urn)
    assert {each.inputs["bucket"] for each in children} == {"name"}


def test_nothing_is_public_and_there_are_no_access_lists() -> None:
    recorded = made()
    block = dict(of(recorded, "public-access-block").inputs)
    assert block == {
        "bucket": "name",
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    rule = of(recorded, "ownership").inputs["rule"]
    assert rule == {"objectOwnership": "BucketOwnerEnforced"}


def test_versions_are_kept() -> None:
    configuration = of(made(), "versioning").inputs["versioningConfiguration"]
    assert configuration == {"status": "Enabled"}


def test_objects_are_encrypted_with_the_key_by_way_of_a_bucket_key() -> None:
    (rule,) = of(made(), "encryption").inputs["rules"]
    assert rule == {
        "applyServerSideEncryptionByDefault": {
            "kmsMasterKeyId": KEY_ARN,
            "sseAlgorithm": "aws:kms",
        },
        "blockedEncryptionTypes": ["SSE-C"],
        "bucketKeyEnabled": True,
    }


def test_leftovers_go_and_so_does_what_is_only_for_a_while() -> None:
    leftovers, unfinished, *expiring, tagged = of(made(), "lifecycle").inputs["rules"]
    assert leftovers == {
        "id": "leftovers",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrentVersionExpiration": {"noncurrentDays": 7},
        "expiration": {"expiredObjectDeleteMarker": True},
    }
    assert unfinished == {
        "id": "unfinished-uploads",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
    }
    assert [(each["id"], each["filter"], each["expiration"]) for each in expiring] == [
        ("expire-a-b", {"prefix": "a/b/"}, {"days": 5}),
        ("expire-staging", {"prefix": "staging/"}, {"days": 1}),
    ]
    assert {each["status"] for each in expiring} == {"Enabled"}
    assert tagged == {
        "id": "expire-done",
        "status": "Enabled",
        "filter": {"and": {"prefix": "rows/", "tags": {"done": "yes"}}},
        "expiration": {"days": 3},
        "noncurrentVersionExpiration": {"noncurrentDays": 1},
    }


def test_the_policy_is_complete_in_one_resource() -> None:
    recorded = made()
    statements = of(recorded, "policy").document("policy")["Statement"]
    assert [each["Sid"] for each in statements] == [
        "DenyPlainHttp",
        "DenyOtherEncryption",
        "DenyOtherKey",
        "DenyUnnamedKey",
        "DenyKeyOfUploader",
        "Extra",
    ]
    assert statements[-1] == EXTRA
    assert len(recorded.of_type("s3/bucketPolicy:BucketPolicy")) == 1


@pytest.mark.parametrize("protect", [True, False])
def test_a_protected_bucket_stays_as_it_is_and_another_is_emptied(*, protect: bool) -> None:
    recorded = made(protect=protect)
    assert of(recorded, "bucket").inputs["forceDestroy"] is not protect
    children = recorded.children_of(recorded.one("SecureBucket").urn)
    assert {each.protect for each in children} == {protect}


def test_changes_that_s3_would_refuse_at_once_follow_one_another() -> None:
    recorded = made()
    changes = {
        each.urn
        for each in recorded.children_of(recorded.one("SecureBucket").urn)
        if each.name != "one-bucket"
    }
    earlier = sorted(len(recorded.waits_for(urn) & changes) for urn in changes)
    assert earlier == [0, 1, 2, 3, 4, 5]
    (settled,) = recorded.result["settled"]
    assert changes <= recorded.waits_for(settled) | {settled}


def test_its_users_wait_for_privacy_encryption_and_versions() -> None:
    recorded = made()
    waited = {name for urn in recorded.result["ready"] for name in recorded.waits_for(urn) | {urn}}
    for role in ("public-access-block", "ownership", "policy", "encryption", "versioning"):
        assert of(recorded, role).urn in waited


def test_its_outputs_are_the_name_and_the_arn_of_the_bucket() -> None:
    result = made().result
    assert (result["name"], result["arn"]) == ("name", "arn:aws:s3:::name")


@functools.cache
def logs() -> Recorded:
    """A bucket whose access logs go to the one of its account and Region."""

    def program() -> None:
        where = pulumi.ResourceOptions(provider=aws_provider())
        to = AccessLogs(
            "to",
            AccessLogsArgs(
                names=Names(project="unified-pipelines", stack="dev"),
                account_id="222222222222",
                region="us-east-1",
                retention_days=365,
                organization_id=None,
                protect=False,
            ),
            where,
        )
        args = SecureBucketArgs(
            bucket_name="name",
            account_id="222222222222",
            region="us-east-1",
            key_arn=KEY_ARN,
            access_logs=to.destination,
            protect=True,
        )
        SecureBucket("one", args, where)

    return evaluate(program)


LOG_BUCKET = "unified-pipelines-dev-serveraccesslogs-222222222222-us-east-1"


def test_its_access_logs_go_to_the_log_bucket_once_s3_may_write_there() -> None:
    logging = of(logs(), "logging")
    assert logging.inputs == {
        "bucket": "name",
        "targetBucket": LOG_BUCKET,
        "targetPrefix": "access/name/",
    }
    assert logs().one("s3/bucketPolicy:BucketPolicy", "to-policy").urn in logs().waits_for(
        logging.urn
    )
    assert not logging.protect
    assert [each.name for each in logs().of_type("BucketLogging")] == ["one-logging"]


def test_s3_alone_writes_to_the_log_bucket_with_its_own_key() -> None:
    (rule,) = logs().one("BucketServerSideEncryptionConfiguration", "to-encryption").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    statements = {
        each["Sid"]: each
        for each in logs()
        .one("s3/bucketPolicy:BucketPolicy", "to-policy")
        .document("policy")["Statement"]
    }
    assert statements.keys() == {"DenyPlainHttp", "DeliverLogs", "DenyOtherWriters"}
    assert statements["DeliverLogs"]["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert statements["DeliverLogs"]["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::unified-pipelines-dev-*"},
        "StringEquals": {"aws:SourceAccount": "222222222222"},
    }
    assert statements["DenyOtherWriters"]["Condition"] == {
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
    }
    rules = logs().one("BucketLifecycleConfiguration", "to-lifecycle").inputs["rules"]
    assert [each["expiration"]["days"] for each in rules if each["id"] == "expire-access"] == [365]
