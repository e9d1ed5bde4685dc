"""Where notifications go, computed: the roles that publish don't wait for the topic.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from dataclasses import dataclass

from components.aws.arns import service_arn
from components.aws.naming import HUB_OWNER, TOPIC_NAME_LIMIT, Names
from components.topology.model import Topology


@dataclass(frozen=True)
class NotificationTopic:
    """An Amazon SNS topic in the hub's account and Region."""

    arn: str
    is_own: bool
    """Whether the stack makes it, encrypted with the hub's key."""


def topic_name(names: Names) -> str:
    """The name of the topic that the stack makes."""
    return names.of(HUB_OWNER, "notifications", limit=TOPIC_NAME_LIMIT)


def topic_of(topology: Topology, names: Names) -> NotificationTopic | None:
    """The topic that the topology names, else the stack's own; None without notifications."""
    told = topology.notifications
    if told.topic_arn is not None:
        return NotificationTopic(told.topic_arn, is_own=False)
    if not told.has_addresses:
        return None
    account_id = topology.accounts[topology.hub.account].id
    own = service_arn("sns", topology.hub.region, account_id, topic_name(names))
    return NotificationTopic(own, is_own=True)
