"""The names and ARNs of what turns uploads into runs, all computed. Doesn't import Pulumi.

The parts in the hub have the hub's prefix, the parts of a pipeline its own, in both accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.arns import service_arn
from components.aws.naming import (
    EVENT_RULE_NAME_LIMIT,
    FUNCTION_NAME_LIMIT,
    HUB_OWNER,
    Names,
)

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite

EVENT_BUS_NAME_LIMIT = 256
QUEUE_NAME_LIMIT = 80

SENDER_ROLE = "upload"
"""The purpose of the pipeline's role that puts events on the hub's bus."""

FUNCTION_ROLE = "startruns"
"""The purpose of the hub's role that the function works as."""


def data_dag_id(pipeline: str) -> str:
    """The data pipeline's DAG, as dags/cross_account/dag_ids.py names it."""
    return f"data_{pipeline}"


def rule_name_of(names: Names, pipeline: str) -> str:
    """The pipeline's rule, on the bus of its own account and on the hub's alike."""
    return names.of(pipeline, "upload", limit=EVENT_RULE_NAME_LIMIT)


def rule_name(source: PipelineSite) -> str:
    """The same for the pipeline's site."""
    return rule_name_of(source.settings.names, source.name)


def default_bus_rule_arn(source: PipelineSite) -> str:
    """The rule on the default bus of the pipeline's account and Region."""
    return source.arn("events", f"rule/{rule_name(source)}")


def bus_name(names: Names) -> str:
    """The hub's bus for the events of all pipelines' buckets."""
    return names.of(HUB_OWNER, "uploads", limit=EVENT_BUS_NAME_LIMIT)


def bus_arn(names: Names, region: str, account_id: str) -> str:
    """The ARN of the hub's bus; `region` and `account_id` are the hub's."""
    return service_arn("events", region, account_id, f"event-bus/{bus_name(names)}")


def bus_arn_of(hub: PipelineSite) -> str:
    """The same for the hub's own site."""
    return bus_arn(hub.settings.names, hub.region, hub.account_id)


def bus_rule_arns(hub: PipelineSite) -> str:
    """A pattern for the rules of the hub's bus, which has none but the pipelines'."""
    return hub.arn("events", f"rule/{bus_name(hub.settings.names)}/*")


def queue_name(names: Names) -> str:
    """The queue of the uploads whose run isn't started yet."""
    return names.of(HUB_OWNER, "uploads", limit=QUEUE_NAME_LIMIT)


def queue_arn(hub: PipelineSite) -> str:
    """The queue's ARN."""
    return hub.arn("sqs", queue_name(hub.settings.names))


def dead_letter_queue_name(hub: PipelineSite) -> str:
    """The queue of the uploads whose run couldn't be started."""
    return hub.name_of("uploads-dead", limit=QUEUE_NAME_LIMIT)


def function_name(hub: PipelineSite) -> str:
    """The function that starts the runs."""
    return hub.name_of("startruns", limit=FUNCTION_NAME_LIMIT)
