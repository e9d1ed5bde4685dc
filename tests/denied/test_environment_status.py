"""An environment that fails is told of: by its event, the function and the topic of a stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from components.aws.arns import service_arn
from components.aws.policy_document import policy_document, statement
from components.monitoring.topic import topic_name
from tests.denied.deployed_stacks import STACKS, DeployedStacks
from tests.denied.resource_names import Owner
from tests.local.gateway.aws import wait_until


@pytest.fixture
def told(stacks: DeployedStacks) -> Iterator[Any]:
    """Takes the messages of the neighbours' topic, once there are any."""
    hub = stacks.owners["otherhub"]
    sqs, sns = stacks.root("sqs", hub.account), stacks.root("sns", hub.account)
    queue = service_arn("sqs", hub.region, hub.account, "status")
    principals = {"Service": "sns.amazonaws.com"}
    policy = policy_document([statement("Told", "sqs:SendMessage", queue, principals=principals)])
    url = sqs.create_queue(QueueName="status", Attributes={"Policy": policy})["QueueUrl"]
    topic = service_arn("sns", hub.region, hub.account, topic_name(hub.names))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)

    def messages() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])
        return [json.loads(each["Body"]) for each in found]

    yield lambda: wait_until(messages, bool)
    sqs.delete_queue(QueueUrl=url)


def creation(stacks: DeployedStacks, hub: Owner) -> dict[str, Any]:
    """A request for the hub's environment, with a version that isn't installed."""

    def ids(kind: str, start: str) -> list[str]:
        return [
            each.id
            for each in stacks.existing[STACKS[1]]
            if each.registration.type.endswith(kind)
            and each.registration.urn.rpartition("::")[2].startswith(start)
        ]

    return {
        "Name": hub.environment,
        "AirflowVersion": "3.99.0",
        "SourceBucketArn": f"arn:aws:s3:::{hub.bucket}",
        "DagS3Path": "dags",
        "ExecutionRoleArn": hub.role_arn("execution"),
        "NetworkConfiguration": {
            "SubnetIds": ids(":Subnet", "hub-network-private"),
            "SecurityGroupIds": ids(":SecurityGroup", "hub-network"),
        },
    }


def test_a_failed_creation_is_told_with_its_reason(stacks: DeployedStacks, told: Any) -> None:
    hub = stacks.owners["otherhub"]
    mwaa = stacks.root("mwaa", hub.account)
    mwaa.create_environment(**creation(stacks, hub))
    try:
        (message,) = told()
    finally:
        mwaa.delete_environment(Name=hub.environment)
    assert message["Subject"] == f"{hub.environment} is CREATE_FAILED"
    assert "Airflow 3.99.0 isn't installed" in message["Message"]
