"""Amazon SQS: queues and their policies."""

from __future__ import annotations

from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule

_ATTRIBUTES = {
    "kmsMasterKeyId": "KmsMasterKeyId",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "redrivePolicy": "RedrivePolicy",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
"""SQS's names of a queue's settings, which it takes as strings."""


def create_queue(resource: Resource) -> Created:
    """A queue; its id is its URL."""
    inputs = resource.inputs
    settings = {theirs: str(inputs[ours]) for ours, theirs in _ATTRIBUTES.items() if ours in inputs}
    url = resource.client.create_queue(**resource.call, Attributes=settings, tags=resource.tags)[
        "QueueUrl"
    ]
    found = resource.client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return Created(url, {"arn": found["Attributes"]["QueueArn"], "url": url})


def mock_queue(mocked: Mocked) -> Outputs:
    """A queue, whose URL has the Region, the account and the name."""
    name, at = mocked.physical_name, mocked.at
    url = f"https://sqs.{at.region}.amazonaws.com/{at.account_id}/{name}"
    return {"id": url, "url": url, "arn": at.arn("sqs", name)}


QUEUE = ResourceType(
    token="aws:sqs/queue:Queue",
    service="sqs",
    properties={"name": "QueueName", **dict.fromkeys(_ATTRIBUTES, Rule.HANDLED)},
    create=create_queue,
    remove=call("delete_queue", QueueUrl=ID),
    mock_outputs=mock_queue,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=80,
        pattern=r"[A-Za-z0-9_-]+",
        unique_in="the Region",
        source="SQS API reference, CreateQueue: QueueName",
    ),
    deploy_actions=(
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:GetQueueAttributes",
        "sqs:ListQueueTags",
        "sqs:SetQueueAttributes",
        "sqs:TagQueue",
        "sqs:UntagQueue",
    ),
)


def set_policy(resource: Resource) -> Created:
    """A queue's whole policy."""
    url = resource.inputs["queueUrl"]
    policy = resource.inputs["policy"]
    resource.client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return Created(url)


def clear_policy(resource: Resource, id_: str) -> None:
    """A queue without a policy."""
    resource.client.set_queue_attributes(QueueUrl=id_, Attributes={"Policy": ""})


def id_of_queue(mocked: Mocked) -> Outputs:
    """A policy has the URL of its queue as its id."""
    return {"id": mocked.inputs["queueUrl"]}


QUEUE_POLICY = ResourceType(
    token="aws:sqs/queuePolicy:QueuePolicy",
    service="sqs",
    properties={"policy": Rule.HANDLED, "queueUrl": Rule.HANDLED},
    create=set_policy,
    remove=clear_policy,
    mock_outputs=id_of_queue,
    document_limits={
        "policy": DocumentLimit(
            most=8192, source="SQS developer guide, Amazon SQS policy quotas: bytes"
        )
    },
    deploy_actions=("sqs:GetQueueAttributes", "sqs:SetQueueAttributes"),
)
