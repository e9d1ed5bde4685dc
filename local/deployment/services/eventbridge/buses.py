"""Amazon EventBridge: event buses and their policies."""

from __future__ import annotations

from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import Mocked, Outputs, named
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.eventbridge.tags import TAG_ACTIONS


def create_event_bus(resource: Resource) -> Created:
    """An event bus."""
    created = resource.client.create_event_bus(**resource.call, Tags=resource.tag_list())
    return Created(resource.physical_name(), {"arn": created["EventBusArn"]})


EVENT_BUS = ResourceType(
    token="aws:cloudwatch/eventBus:EventBus",
    service="events",
    properties={"description": "Description", "name": "Name"},
    create=create_event_bus,
    remove=call("delete_event_bus", Name=ID),
    mock_outputs=named("events", "event-bus/"),
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=256,
        pattern=r"[/.\-_A-Za-z0-9]+",
        unique_in="the Region",
        source="EventBridge API reference, CreateEventBus: Name",
    ),
    deploy_actions=(
        "events:CreateEventBus",
        "events:DeleteEventBus",
        "events:DescribeEventBus",
        "events:UpdateEventBus",
        *TAG_ACTIONS,
    ),
)


def put_policy(resource: Resource) -> Created:
    """The whole policy of an event bus."""
    resource.client.put_permission(**resource.call)
    return Created(resource.inputs["eventBusName"])


def remove_policy(resource: Resource, id_: str) -> None:
    """The whole policy."""
    resource.client.remove_permission(EventBusName=id_, RemoveAllPermissions=True)


def id_of_bus(mocked: Mocked) -> Outputs:
    """A policy has the name of its bus as its id."""
    return {"id": mocked.inputs["eventBusName"]}


EVENT_BUS_POLICY = ResourceType(
    token="aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    service="events",
    properties={"eventBusName": "EventBusName", "policy": "Policy"},
    create=put_policy,
    remove=remove_policy,
    mock_outputs=id_of_bus,
    document_limits={
        "policy": DocumentLimit(
            most=10_240, source="EventBridge API reference, PutPermission: 10 KB"
        )
    },
    deploy_actions=(
        "events:DescribeEventBus",
        "events:PutPermission",
        "events:RemovePermission",
    ),
)
