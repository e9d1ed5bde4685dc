"""What turns uploads into runs may do, statement by statement, each with AWS's reason.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from components.aws.arns import account_root
from components.aws.customer_key_policy import THIS_KEY, via_service
from components.aws.policy_document import (
    Statement,
    policy_document,
    service_trust,
    statement,
)
from components.functions.policies import function_runs
from components.uploads import names

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite

BUS_POLICY_LIMIT = 10_240
"""Characters of an event bus's policy (EventBridge API reference, PutPermission: 10 KB)."""

AIRFLOW_ROLE = "User"
"""The least of Airflow's roles that may start a DAG run."""

_EVENTS = "events.amazonaws.com"


def sender_trust(source: PipelineSite) -> str:
    """Lets EventBridge, for the pipeline's own rule alone, assume the role that sends events."""
    return service_trust(
        _EVENTS,
        condition={
            "StringEquals": {"aws:SourceAccount": source.account_id},
            "ArnEquals": {"aws:SourceArn": names.default_bus_rule_arn(source)},
        },
    )


def sender(hub: PipelineSite) -> list[Statement]:
    """What that role may do: put events on the hub's bus."""
    return [statement("SendUploads", "events:PutEvents", names.bus_arn_of(hub))]


def bus_policy(bus_arn: str, region: str, roles: Mapping[str, Sequence[str]]) -> str:
    """Lets exactly the pipelines' `roles` put events on the bus: ARNs by account id.

    One statement for each account: EventBridge takes few characters. The principal is the account
    because AWS refuses a role that doesn't exist yet; the condition narrows it by name.
    """
    return policy_document(
        [
            statement(
                f"Uploads{account_id}",
                "events:PutEvents",
                bus_arn,
                {"ArnEquals": {"aws:PrincipalArn": roles[account_id]}},
                {"AWS": account_root(region, account_id)},
            )
            for account_id in sorted(roles)
        ]
    )


def queue_policy(hub: PipelineSite) -> str:
    """Lets EventBridge send messages to the queue, for the rules of the hub's bus alone.

    AWS needs it because EventBridge sends to a queue as itself, through no role.
    """
    rules = {"ArnLike": {"aws:SourceArn": names.bus_rule_arns(hub)}}
    principals = {"Service": _EVENTS}
    return policy_document(
        [statement("Uploads", "sqs:SendMessage", names.queue_arn(hub), rules, principals)]
    )


def message_encryption(hub: PipelineSite) -> Statement:
    """Lets EventBridge encrypt what it sends to the queue with the hub's key.

    AWS needs it because EventBridge sends as itself. Its use is bound by what SQS sends along, the
    queue's ARN: AWS doesn't say clearly that `aws:SourceArn` arrives at AWS KMS, and where it
    doesn't, every event would be lost.
    """
    return statement(
        "UploadMessages",
        ["kms:Decrypt", "kms:GenerateDataKey"],
        THIS_KEY,
        {"StringEquals": {"kms:EncryptionContext:aws:sqs:arn": names.queue_arn(hub)}},
        {"Service": _EVENTS},
    )


def start_function(hub: PipelineSite, key_arn: str) -> list[Statement]:
    """What the function may do: take messages, start DAG runs, log; and be in a network."""
    environment = hub.settings.names.environment()
    return [
        # Lambda polls as the role; the function itself puts off a message that it can't handle.
        statement(
            "TakeMessages",
            [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ReceiveMessage",
            ],
            names.queue_arn(hub),
        ),
        statement("DecryptMessages", "kms:Decrypt", key_arn, via_service(hub.region, "sqs")),
        statement(
            "StartRuns",
            "airflow:InvokeRestApi",
            hub.arn("airflow", f"role/{environment}/{AIRFLOW_ROLE}"),
        ),
        *function_runs(hub, names.function_name(hub), key_arn, in_network=True),
    ]
