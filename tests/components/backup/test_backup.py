"""The backups of Airflow's metadata: what may write them, where, when, and who hears of none."""

from __future__ import annotations

import functools
from typing import Any

from components.aws.account_region import AccountRegion
from tests.mocks import Recorded, evaluate_stack, stack_as_it_is
from tests.topologies import stack_topology

HUB = "111111111111"
BUCKET = f"unified-pipelines-dev-metadatabackups-{HUB}-eu-west-1"
FUNCTION = "unified-pipelines-dev-hub-backup"


@functools.cache
def backed_up() -> Recorded:
    """`dev` with backups in another Region, four times a day."""
    topology = stack_topology("dev")
    topology["hub"]["backup"] = {"region": "eu-west-1", "every_hours": 6, "keep_days": 90}
    return evaluate_stack("dev", topology=topology)


def granted() -> dict[str, Any]:
    policy = backed_up().one("RolePolicy", "hub-backup-policy").document("policy")
    return {each["Sid"]: each for each in policy["Statement"]}


def endpoints(recorded: Recorded) -> set[str]:
    return {each.name for each in recorded.of_type("VpcEndpoint")}


def test_the_bucket_and_its_key_are_in_the_other_region() -> None:
    there = AccountRegion(account_id=HUB, region="eu-west-1")
    bucket = backed_up().one("s3/bucket:Bucket", "hub-backups-bucket")
    key = backed_up().one("kms/key:Key", "hub-backups-key")
    assert (bucket.account_region, key.account_region) == (there, there)
    assert bucket.inputs["bucket"] == BUCKET
    encryption = (
        backed_up().one("BucketServerSideEncryptionConfiguration", "hub-backups-encryption").inputs
    )
    default = encryption["rules"][0]["applyServerSideEncryptionByDefault"]
    assert default["kmsMasterKeyId"] == key.outputs["arn"]


def test_a_backup_expires_after_the_days_that_it_is_kept() -> None:
    rules = backed_up().one("BucketLifecycleConfiguration", "hub-backups-lifecycle").inputs["rules"]
    (expiring,) = [rule for rule in rules if rule["id"] == "expire-metadata"]
    assert expiring["filter"] == {"prefix": "metadata/"}
    assert expiring["expiration"] == {"days": 90}


def test_the_function_reads_airflow_and_adds_objects_and_no_more() -> None:
    allowed = granted()
    assert allowed["ReadMetadata"]["Resource"] == (
        f"arn:aws:airflow:us-east-1:{HUB}:role/unified-pipelines-dev-hub-airflow/Op"
    )
    assert allowed["WriteBackups"]["Action"] == "s3:PutObject"
    assert allowed["WriteBackups"]["Resource"] == f"arn:aws:s3:::{BUCKET}/metadata/*"
    assert allowed["EncryptBackups"]["Action"] == "kms:GenerateDataKey"
    assert allowed["EncryptBackups"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
    }
    assert allowed.keys() - {"ReadMetadata", "WriteBackups", "EncryptBackups"} == {
        *("DecryptEnvironment", "NetworkInterfaces", "Trace", "WriteLogs")
    }


def test_the_rule_alone_may_call_it() -> None:
    rule = backed_up().one("EventRule", "hub-backup-rule")
    assert rule.inputs["scheduleExpression"] == "rate(6 hours)"
    permission = backed_up().one("lambda/permission:Permission", "hub-backup-permission").inputs
    assert permission["principal"] == "events.amazonaws.com"
    assert permission["sourceArn"] == rule.outputs["arn"]
    target = backed_up().one("EventTarget", "hub-backup-target")
    arn = f"arn:aws:lambda:us-east-1:{HUB}:function:{FUNCTION}"
    assert target.inputs["arn"] == arn
    waits = {urn.rpartition("::")[2] for urn in backed_up().waits_for(target.urn)}
    assert {"hub-backup-permission", "hub-backups-encryption"} <= waits


def test_an_alarm_says_that_two_backups_are_missing() -> None:
    alarm = backed_up().one("MetricAlarm", "hub-monitoring-backup-overdue").inputs
    assert alarm["metricName"] == "BackupsWritten"
    assert alarm["dimensions"] == {"FunctionName": FUNCTION}
    assert (alarm["evaluationPeriods"], alarm["period"]) == (12, 3600)
    assert alarm["treatMissingData"] == "breaching"


def test_a_network_has_one_way_to_airflow() -> None:
    assert "hub-backup-airflow-endpoint" in endpoints(backed_up())
    # Uploads have made it already.
    made = endpoints(stack_as_it_is("prod"))
    assert "hub-uploads-airflow-endpoint" in made
    assert "hub-backup-airflow-endpoint" not in made
    function = stack_as_it_is("prod").one("Function", "hub-backup-function")
    waits = stack_as_it_is("prod").waits_for(function.urn)
    assert "hub-uploads-airflow-endpoint" in {urn.rpartition("::")[2] for urn in waits}


def test_the_stack_says_where_the_backups_are() -> None:
    assert backed_up().stack_outputs()["backup"] == {
        "bucket_name": BUCKET,
        "region": "eu-west-1",
        "function_name": FUNCTION,
    }
