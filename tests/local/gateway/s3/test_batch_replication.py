"""S3 Batch Replication: what a job replicates, and what its role and its maker need."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.gateway.aws import DATA, WEST, Aws, allow, service_trust, wait_until
from tests.local.gateway.s3.replicating import PERMISSIONS, Pair, replicating

_SERVICE = "batchoperations.s3.amazonaws.com"
_BUCKET = ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"]


def batch_role(aws: Aws, pair: Pair, *leave_out: str, service: str = _SERVICE) -> str:
    statements = [
        allow(["s3:InitiateReplication"], f"arn:aws:s3:::{pair.source}/transformed/*"),
        *(allow([action], f"arn:aws:s3:::{pair.source}") for action in _BUCKET),
    ]
    kept = [each for each in statements if not set(each["Action"]) & set(leave_out)]
    return aws.role("batch", *kept, trusted=service_trust(service))


def run_job(pair: Pair, role: str, *, prefix: str = "transformed/", client: Any = None) -> Any:
    """A job of the pair's source, once it is over."""
    control = client or pair.aws.client("s3control")
    source = f"arn:aws:s3:::{pair.source}"
    made = control.create_job(
        AccountId=DATA,
        ConfirmationRequired=False,
        Operation={"S3ReplicateObject": {}},
        Report={"Enabled": False},
        ClientRequestToken="1",
        Priority=1,
        RoleArn=role,
        ManifestGenerator={
            "S3JobManifestGenerator": {
                "SourceBucket": source,
                "EnableManifestOutput": False,
                "Filter": {
                    "EligibleForReplication": True,
                    "ObjectReplicationStatuses": ["FAILED", "NONE", "COMPLETED"],
                    "KeyNameConstraint": {"MatchAnyPrefix": [prefix]},
                },
            }
        },
    )

    def look() -> Any:
        return control.describe_job(AccountId=DATA, JobId=made["JobId"])["Job"]

    return wait_until(look, lambda job: job["Status"] in {"Complete", "Failed"})


def counts(job: Any) -> tuple[int, int]:
    progress = job["ProgressSummary"]
    return progress["NumberOfTasksSucceeded"], progress["NumberOfTasksFailed"]


def keys(pair: Pair) -> list[str]:
    """The keys in the destination."""
    s3 = pair.aws.client("s3", region=WEST)
    found = s3.list_objects_v2(Bucket=pair.destinations[0])
    return [row["Key"] for row in found.get("Contents", [])]


def test_it_replicates_what_failed_and_what_was_there_before(aws: Aws) -> None:
    pair = replicating(aws, "s3:ReplicateObject")
    for key in ("transformed/a", "transformed/b"):
        pair.put(key)
        assert pair.status(key) == "FAILED"
    role = batch_role(aws, pair)
    assert counts(run_job(pair, role)) == (0, 2)

    aws.permit(pair.role, allow(PERMISSIONS, "*"))
    assert counts(run_job(pair, role, prefix="transformed/a")) == (1, 0)
    assert pair.status("transformed/a") == "COMPLETED"
    assert keys(pair) == ["transformed/a"]


def test_it_brings_back_no_replica_that_was_deleted(aws: Aws) -> None:
    pair = replicating(aws)
    pair.put("transformed/a")
    assert pair.status("transformed/a") == "COMPLETED"
    s3 = aws.client("s3", region=WEST)
    where = {"Bucket": pair.destinations[0], "Key": "transformed/a"}
    s3.delete_object(**where, VersionId=s3.head_object(**where)["VersionId"])

    assert counts(run_job(pair, batch_role(aws, pair))) == (0, 0)
    assert keys(pair) == []


def test_an_object_needs_the_roles_permission(aws: Aws) -> None:
    pair = replicating(aws, "s3:ReplicateObject")
    pair.put("transformed/a")
    assert pair.status("transformed/a") == "FAILED"
    aws.permit(pair.role, allow(PERMISSIONS, "*"))
    assert counts(run_job(pair, batch_role(aws, pair, "s3:InitiateReplication"))) == (0, 1)


@pytest.mark.parametrize("action", _BUCKET)
def test_a_job_fails_without_a_permission_on_the_bucket(aws: Aws, action: str) -> None:
    pair = replicating(aws)
    job = run_job(pair, batch_role(aws, pair, action))
    assert job["Status"] == "Failed"
    assert action in job["FailureReasons"][0]["FailureReason"]


def test_a_job_fails_where_the_role_trusts_another_service(aws: Aws) -> None:
    pair = replicating(aws)
    job = run_job(pair, batch_role(aws, pair, service="s3.amazonaws.com"))
    assert _SERVICE in job["FailureReasons"][0]["FailureReason"]


@pytest.mark.parametrize("lacking", ["s3:CreateJob", "iam:PassRole"])
def test_its_maker_needs_both(aws: Aws, lacking: str) -> None:
    pair = replicating(aws)
    role = batch_role(aws, pair)
    granted = {"s3:CreateJob", "iam:PassRole"} - {lacking}
    maker = aws.session(*(allow([action], "*") for action in granted))
    with pytest.raises(ClientError, match=lacking):
        run_job(pair, role, client=aws.client("s3control", maker))
