"""Who may publish to the topic of the notifications, and use its key for that.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from components.aws.arns import service_arn
from components.aws.customer_key_policy import THIS_KEY, via_service
from components.aws.naming import Names
from components.aws.policy_document import Condition, Statement, statement
from components.monitoring.topic import NotificationTopic

_CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
_USE = ["kms:Decrypt", "kms:GenerateDataKey"]


def alarms_of(names: Names, account_id: str, region: str) -> Condition:
    """The condition that a call is made for an alarm of the stack."""
    alarms = service_arn("cloudwatch", region, account_id, f"alarm:{names.prefix}-*")
    return {"ArnLike": {"aws:SourceArn": alarms}, "StringEquals": {"aws:SourceAccount": account_id}}


def topic_policy(topic_arn: str, of_alarms: Condition) -> list[Statement]:
    """The topic's own policy: the stack's alarms publish to it, and all of it goes over TLS."""
    return [
        statement("Alarms", "sns:Publish", topic_arn, of_alarms, _CLOUDWATCH),
        statement(
            "TlsOnly",
            "sns:Publish",
            topic_arn,
            {"Bool": {"aws:SecureTransport": "false"}},
            {"AWS": "*"},
            effect="Deny",
        ),
    ]


def alarms_use_key(of_alarms: Condition) -> Statement:
    """Lets CloudWatch publish to the encrypted topic.

    AWS needs it because CloudWatch acts as itself; without it alarms are lost and nothing says so
    (Amazon SNS developer guide, "Enable compatibility between event sources from AWS services and
    encrypted topics").
    """
    return statement("AlarmsUseKey", _USE, THIS_KEY, of_alarms, _CLOUDWATCH)


def publishing(topic: NotificationTopic, key_arn: str, region: str) -> list[Statement]:
    """What a role needs in order to publish; `key_arn` is the hub's key.

    Where an existing topic is encrypted, the policy of its key has to allow the role.
    """
    through_topic: Condition = {
        "StringEquals": {
            **via_service(region, "sns")["StringEquals"],
            "kms:EncryptionContext:aws:sns:topicArn": topic.arn,
        }
    }
    notify = statement("Notify", "sns:Publish", topic.arn)
    key = statement("KeyOfNotifications", _USE, key_arn, through_topic)
    return [notify, key] if topic.is_own else [notify]
