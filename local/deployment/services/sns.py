"""Amazon SNS: topics, their policies and their subscriptions."""

from __future__ import annotations

import json

from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import Mocked, Outputs, hexadecimal
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule


def create_topic(resource: Resource) -> Created:
    """A topic that is encrypted with a key."""
    attributes = {"KmsMasterKeyId": resource.inputs["kmsMasterKeyId"]}
    arn = resource.client.create_topic(
        **resource.call, Attributes=attributes, Tags=resource.tag_list()
    )["TopicArn"]
    return Created(arn, {"arn": arn, "name": resource.physical_name()})


def mock_topic(mocked: Mocked) -> Outputs:
    """A topic, whose id is its ARN."""
    arn = mocked.at.arn("sns", mocked.physical_name)
    return {"id": arn, "arn": arn}


TOPIC = ResourceType(
    token="aws:sns/topic:Topic",
    service="sns",
    properties={"kmsMasterKeyId": Rule.HANDLED, "name": "Name"},
    create=create_topic,
    remove=call("delete_topic", TopicArn=ID),
    mock_outputs=mock_topic,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=256,
        pattern=r"[A-Za-z0-9_-]+",
        unique_in="the Region",
        source="Amazon SNS API reference, CreateTopic: Name",
    ),
    deploy_actions=(
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:GetTopicAttributes",
        "sns:ListTagsForResource",
        "sns:SetTopicAttributes",
        "sns:TagResource",
        "sns:UntagResource",
    ),
)


def put_topic_policy(resource: Resource) -> Created:
    """The policy of a topic."""
    arn = resource.inputs["arn"]
    resource.client.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=resource.inputs["policy"]
    )
    return Created(arn, {})


def reset_topic_policy(resource: Resource, id_: str) -> None:
    """SNS's own policy of a new topic, for its owner alone: a topic is never without one."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [
            f"SNS:{name}"
            for name in (
                *("AddPermission", "DeleteTopic", "GetTopicAttributes"),
                *("ListSubscriptionsByTopic", "Publish", "RemovePermission"),
                *("SetTopicAttributes", "Subscribe"),
            )
        ],
        "Resource": id_,
        "Condition": {"StringEquals": {"AWS:SourceOwner": id_.split(":")[4]}},
    }
    policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    resource.client.set_topic_attributes(
        TopicArn=id_, AttributeName="Policy", AttributeValue=json.dumps(policy)
    )


TOPIC_POLICY = ResourceType(
    token="aws:sns/topicPolicy:TopicPolicy",
    service="sns",
    properties={"arn": Rule.HANDLED, "policy": Rule.HANDLED},
    create=put_topic_policy,
    remove=reset_topic_policy,
    document_limits={
        "policy": DocumentLimit(
            most=30_720, source="Amazon SNS developer guide, Quotas: policy size of a topic"
        )
    },
    deploy_actions=("sns:GetTopicAttributes", "sns:SetTopicAttributes"),
)


def subscribe(resource: Resource) -> Created:
    """A subscription, which its address has to confirm."""
    arn = resource.client.subscribe(**resource.call, ReturnSubscriptionArn=True)["SubscriptionArn"]
    return Created(arn, {"arn": arn})


def mock_subscription(mocked: Mocked) -> Outputs:
    """A subscription, whose ARN is the topic's and an id."""
    arn = f"{mocked.inputs['topic']}:{hexadecimal(mocked.name, 32)}"
    return {"id": arn, "arn": arn}


TOPIC_SUBSCRIPTION = ResourceType(
    token="aws:sns/topicSubscription:TopicSubscription",
    service="sns",
    properties={"endpoint": "Endpoint", "protocol": "Protocol", "topic": "TopicArn"},
    create=subscribe,
    remove=call("unsubscribe", SubscriptionArn=ID),
    mock_outputs=mock_subscription,
    deploy_actions=("sns:GetSubscriptionAttributes", "sns:Subscribe", "sns:Unsubscribe"),
)
