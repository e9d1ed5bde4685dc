"""Runs that uploads start: what is made in the hub and in a pipeline's account, in what order."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from components.topology.codes import Code
from components.topology.loading import load_topology
from components.topology.problems import TopologyError
from components.uploads.policies import BUS_POLICY_LIMIT, bus_policy
from components.uploads.start_function import BATCH_SIZE, TIMEOUT_SECONDS
from tests.components.topology.changed_topologies import NAMES
from tests.mock_outputs import EXISTING_GROUPS, EXISTING_VPC, EXISTING_ZONES
from tests.mocks import Recorded, Registration, evaluate_stack, stack_as_it_is
from tests.topologies import minimal_topology, stack_topology

HUB, RESEARCH = "333333333333", "555555555555"
PREFIX = "unified-pipelines-prod"
BUS = f"arn:aws:events:us-east-1:{HUB}:event-bus/{PREFIX}-hub-uploads"
QUEUE = f"arn:aws:sqs:us-east-1:{HUB}:{PREFIX}-hub-uploads"
BUCKET = f"{PREFIX}-ireland-{RESEARCH}-eu-west-1"


def prod() -> Recorded:
    """Uploads to `ireland` start runs; no others do."""
    return stack_as_it_is("prod")


@functools.cache
def several() -> Recorded:
    """Three pipelines in two accounts, one of them the hub's, in a network that is there."""
    topology = stack_topology("dev")
    topology["hub"]["network"] = {
        "vpc_id": EXISTING_VPC,
        "subnet_ids": list(EXISTING_ZONES)[:2],
        "security_group_ids": list(EXISTING_GROUPS)[:1],
    }
    for name, account, keys in (
        ("east1", "analytics", "raw/x.csv"),
        ("other", "analytics", "raw/*"),
        ("near", "central", "raw/*"),
    ):
        start = {"on_upload": keys}
        topology["data_pipelines"][name] = {
            "account": account,
            "region": "us-east-1",
            "start": start,
        }
    return evaluate_stack("dev", topology=topology)


def depends(recorded: Recorded, name: str) -> set[str]:
    """The names of all that a resource waits for, however indirectly."""
    (entry,) = (each for each in recorded if each.name == name and each.custom)
    return {urn.rpartition("::")[2] for urn in recorded.waits_for(entry.urn)}


def rule(name: str) -> Registration:
    return prod().one("EventRule", name)


@pytest.mark.parametrize("name", ["ireland-uploads-rule", "hub-uploads-ireland-rule"])
def test_both_rules_take_new_objects_of_that_bucket_alone(name: str) -> None:
    assert rule(name).document("eventPattern") == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "account": [RESEARCH],
        "region": ["eu-west-1"],
        "detail": {
            "bucket": {"name": [BUCKET]},
            "object": {"key": [{"wildcard": "raw/incoming/*.csv"}]},
        },
    }


def test_a_key_without_a_wildcard_is_compared_as_it_is() -> None:
    pattern = several().one("EventRule", "east1-uploads-rule").document("eventPattern")
    assert pattern["detail"]["object"] == {"key": ["raw/x.csv"]}


def test_the_pipelines_rule_sends_to_the_hubs_bus_as_its_role() -> None:
    target = prod().one("EventTarget", "ireland-uploads-target")
    assert "eventBusName" not in rule("ireland-uploads-rule").inputs
    assert target.inputs["arn"] == BUS
    role = f"arn:aws:iam::{RESEARCH}:role/{PREFIX}-ireland-upload"
    assert target.inputs["roleArn"] == role
    trust = prod().one("iam/role:Role", "ireland-uploads-role").document("assumeRolePolicy")
    assert trust["Statement"][0]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": RESEARCH},
        "ArnEquals": {
            "aws:SourceArn": f"arn:aws:events:eu-west-1:{RESEARCH}:rule/{PREFIX}-ireland-upload"
        },
    }
    assert rule("ireland-uploads-rule").outputs["arn"] in json.dumps(trust)
    policy = prod().one("RolePolicy", "ireland-uploads-policy").document("policy")
    (statement,) = policy["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("events:PutEvents", BUS)


def test_the_hubs_bus_takes_events_of_those_roles_alone() -> None:
    found = several().one("EventBusPolicy").document("policy")["Statement"]
    start = "arn:aws:iam"
    assert [
        (each["Principal"]["AWS"], each["Condition"]["ArnEquals"]["aws:PrincipalArn"])
        for each in found
    ] == [
        (f"{start}::111111111111:root", f"{start}::111111111111:role/{_role('near')}"),
        (
            f"{start}::222222222222:root",
            [f"{start}::222222222222:role/{_role(name)}" for name in ("east1", "other")],
        ),
    ]


def _role(pipeline: str) -> str:
    return f"unified-pipelines-dev-{pipeline}-upload"


def test_the_message_names_the_dag_and_the_version() -> None:
    transformer = prod().one("EventTarget", "hub-uploads-ireland-target").inputs["inputTransformer"]
    assert transformer == {
        "inputPaths": {
            "bucket": "$.detail.bucket.name",
            "key": "$.detail.object.key",
            "version_id": "$.detail.object.version-id",
        },
        "inputTemplate": (
            '{"dag_id":"data_ireland","bucket":<bucket>,"key":<key>,"version_id":<version_id>}'
        ),
    }


def test_a_message_is_kept_for_two_weeks_and_tried_a_thousand_times() -> None:
    queues = {each.name: each for each in prod().of_type("sqs/queue:Queue")}
    messages, dead = queues["hub-uploads-queue-messages"], queues["hub-uploads-queue-dead-letters"]
    for each in (messages, dead):
        assert each.inputs["messageRetentionSeconds"] == 14 * 86_400
        assert each.inputs["kmsMasterKeyId"] == prod().one("kms/key:Key", "hub-key").outputs["arn"]
    redrive = messages.document("redrivePolicy")
    assert redrive == {"deadLetterTargetArn": dead.outputs["arn"], "maxReceiveCount": 1000}
    # Lambda: six times the function's limit.
    assert messages.inputs["visibilityTimeoutSeconds"] >= 6 * TIMEOUT_SECONDS


def test_eventbridge_sends_for_the_hubs_rules_and_encrypts_for_that_queue() -> None:
    (sending,) = prod().one("QueuePolicy").document("policy")["Statement"]
    assert sending["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:events:us-east-1:{HUB}:rule/{PREFIX}-hub-uploads/*"}
    }
    assert (
        rule("hub-uploads-ireland-rule")
        .outputs["arn"]
        .startswith(sending["Condition"]["ArnLike"]["aws:SourceArn"].removesuffix("*"))
    )
    key = prod().one("kms/key:Key", "hub-key").document("policy")["Statement"]
    (encrypting,) = [each for each in key if each["Sid"] == "UploadMessages"]
    assert encrypting["Principal"] == {"Service": "events.amazonaws.com"}
    assert encrypting["Condition"] == {"StringEquals": {"kms:EncryptionContext:aws:sqs:arn": QUEUE}}


def test_the_function_reports_what_failed_and_runs_twice_at_most() -> None:
    mapping = prod().one("EventSourceMapping").inputs
    assert mapping["batchSize"] == BATCH_SIZE
    assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["scalingConfig"] == {"maximumConcurrency": 2}


def test_the_function_may_start_runs_and_nothing_else_of_airflow() -> None:
    policy = prod().one("RolePolicy", "hub-uploads-start-policy").document("policy")
    allowed = {each["Sid"]: each for each in policy["Statement"]}
    assert allowed["StartRuns"]["Action"] == "airflow:InvokeRestApi"
    assert allowed["StartRuns"]["Resource"] == (
        f"arn:aws:airflow:us-east-1:{HUB}:role/{PREFIX}-hub-airflow/User"
    )
    # The function's own code never gets at network interfaces.
    assert allowed["NetworkInterfaces"]["Condition"] == {
        "Null": {"lambda:SourceFunctionArn": "true"}
    }


class TestNetwork:
    """A private web server takes calls from the function's network alone."""

    def test_a_new_network_gets_a_way_to_airflow(self) -> None:
        endpoint = prod().one("VpcEndpoint", "hub-uploads-airflow-endpoint").inputs
        assert endpoint["serviceName"] == "com.amazonaws.us-east-1.airflow.env"
        assert endpoint["privateDnsEnabled"] is True
        environment = prod().one("mwaa/environment:Environment").inputs["networkConfiguration"]
        function = prod().one("Function", "hub-uploads-start-function").inputs["vpcConfig"]
        assert function == environment
        assert {key: endpoint[key] for key in environment} == environment
        assert "hub-uploads-airflow-endpoint" in depends(prod(), "hub-uploads-start-function")

    def test_an_existing_one_has_its_own(self) -> None:
        assert several().of_type("VpcEndpoint") == []
        function = several().one("Function", "hub-uploads-start-function").inputs["vpcConfig"]
        assert function == {
            "subnetIds": list(EXISTING_ZONES)[:2],
            "securityGroupIds": list(EXISTING_GROUPS)[:1],
        }


class TestOrder:
    """An event that is refused is lost, and an environment takes half an hour."""

    def test_no_event_is_sent_before_the_hub_takes_it(self) -> None:
        needed = depends(prod(), "ireland-uploads-target")
        assert needed >= {
            "hub-uploads-bus",
            "hub-uploads-bus-policy",
            "hub-uploads-ireland-target",
            "hub-uploads-queue-policy",
            "ireland-uploads-policy",
        }

    @pytest.mark.parametrize("name", ["ireland-uploads-target", "hub-uploads-start-mapping"])
    def test_nothing_waits_for_the_environment(self, name: str) -> None:
        assert "hub-environment" not in depends(prod(), name)

    def test_the_environment_waits_for_no_uploads(self) -> None:
        assert not [each for each in depends(prod(), "hub-environment") if "uploads" in each]


class TestBucket:
    """S3 tells EventBridge of a bucket's changes only where uploads start runs."""

    def test_one_bucket_tells(self) -> None:
        told = prod().one("BucketNotification")
        assert told.inputs == {"bucket": BUCKET, "eventbridge": True}
        # A pipeline of a protected stack can drop its uploads.
        assert not told.protect

    def test_the_hub_may_look_at_what_is_uploaded(self) -> None:
        policy = prod().one("RolePolicy", "ireland-crossaccount-policy").document("policy")
        (finding,) = [e for e in policy["Statement"] if e["Sid"] == "FindRawFileVersion"]
        assert finding["Action"] == "s3:GetObjectVersion"
        assert f"arn:aws:s3:::{BUCKET}/raw/incoming/*.csv" in finding["Resource"]


def test_without_uploads_there_is_none_of_it() -> None:
    recorded = stack_as_it_is("dev")
    for kind in ("EventBus", "EventRule", "Queue", "EventSourceMapping", "BucketNotification"):
        assert recorded.of_type(kind) == []
    assert "UploadMessages" not in recorded.one("kms/key:Key", "hub-key").inputs["policy"]


def test_more_pipelines_than_the_policy_of_the_bus_has_room_for() -> None:
    def topology(count: int) -> dict[str, Any]:
        made = minimal_topology()
        made["hub"]["environment"] = {"class": "mw1.2xlarge"}
        made["data_pipelines"] = {
            f"east{number}": {
                "account": "analytics",
                "region": "us-east-1",
                "start": {"on_upload": "raw/*"},
            }
            for number in range(1, count + 1)
        }
        return made

    arn = "arn:aws:iam::222222222222:role/unified-pipelines-dev-east10-upload"
    bus = "arn:aws:events:us-east-1:111111111111:event-bus/unified-pipelines-dev-hub-uploads"
    fits = (BUS_POLICY_LIMIT - len(bus_policy(bus, "us-east-1", {"222222222222": []}))) // (
        len(arn) + 3
    )
    load_topology(topology(fits), names=NAMES, root=Path())
    with pytest.raises(TopologyError) as refusal:
        load_topology(topology(fits + 2), names=NAMES, root=Path())
    (problem,) = refusal.value.problems
    assert problem.code == Code.TOO_MANY
    assert "event bus" in problem.sentence
