"""Amazon EventBridge: event buses, their policies, rules and targets."""

from __future__ import annotations

from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import Mocked, Outputs, named
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule

_TAG_ACTIONS = ("events:ListTagsForResource", "events:TagResource", "events:UntagResource")


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
        *_TAG_ACTIONS,
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


def put_rule(resource: Resource) -> Created:
    """A rule, on the default bus where no other one is named."""
    created = resource.client.put_rule(**resource.call, Tags=resource.tag_list())
    return Created(_rule_id(resource.inputs), {"arn": created["RuleArn"]})


def _rule_id(inputs: Any) -> str:
    """The rule's name, after its bus's unless that is the default one."""
    return "/".join([*_custom_bus(inputs), str(inputs["name"])])


def _custom_bus(inputs: Any) -> list[str]:
    return [inputs["eventBusName"]] if "eventBusName" in inputs else []


def mock_rule(mocked: Mocked) -> Outputs:
    """A rule, whose ARN names its bus unless that is the default one."""
    id_ = _rule_id(mocked.inputs)
    return {"id": id_, "arn": mocked.at.arn("events", f"rule/{id_}")}


EVENT_RULE = ResourceType(
    token="aws:cloudwatch/eventRule:EventRule",
    service="events",
    properties={
        "description": "Description",
        "eventBusName": "EventBusName",
        "eventPattern": "EventPattern",
        "name": "Name",
    },
    create=put_rule,
    remove=call("delete_rule", Name="name", EventBusName="eventBusName"),
    mock_outputs=mock_rule,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=64,
        pattern=r"[.\-_A-Za-z0-9]+",
        unique_in=None,
        source="EventBridge API reference, PutRule: Name (one per event bus)",
    ),
    deploy_actions=(
        "events:DeleteRule",
        "events:DescribeRule",
        "events:ListTargetsByRule",
        "events:PutRule",
        *_TAG_ACTIONS,
    ),
)


def put_target(resource: Resource) -> Created:
    """The target of a rule."""
    inputs = resource.inputs
    target = {"Id": inputs["targetId"], "Arn": inputs["arn"]}
    if "roleArn" in inputs:
        target["RoleArn"] = inputs["roleArn"]
    if transformer := inputs.get("inputTransformer"):
        target["InputTransformer"] = {
            "InputPathsMap": transformer["inputPaths"],
            "InputTemplate": transformer["inputTemplate"],
        }
    answer = resource.client.put_targets(**resource.call, Targets=[target])
    if answer["FailedEntryCount"]:
        raise DeploymentError(f"EventBridge refused the target: {answer['FailedEntries']}")
    return Created("-".join([*_custom_bus(inputs), inputs["rule"], inputs["targetId"]]))


def remove_target(resource: Resource, _id: str) -> None:
    """The target; EventBridge names in its answer what it couldn't remove."""
    bus = {key: resource.call[key] for key in ("EventBusName",) if key in resource.call}
    answer = resource.client.remove_targets(
        Rule=resource.inputs["rule"], Ids=[resource.inputs["targetId"]], **bus
    )
    if answer["FailedEntryCount"]:
        raise DeploymentError(f"EventBridge kept the target: {answer['FailedEntries']}")


EVENT_TARGET = ResourceType(
    token="aws:cloudwatch/eventTarget:EventTarget",
    service="events",
    properties={
        "arn": Rule.HANDLED,
        "eventBusName": "EventBusName",
        "inputTransformer": Rule.HANDLED,
        "roleArn": Rule.HANDLED,
        "rule": "Rule",
        "targetId": Rule.HANDLED,
    },
    create=put_target,
    remove=remove_target,
    deploy_actions=(
        "events:ListTargetsByRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "iam:PassRole",
    ),
)
