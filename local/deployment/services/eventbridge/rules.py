"""Amazon EventBridge: rules and their targets."""

from __future__ import annotations

from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.eventbridge.tags import TAG_ACTIONS
from local.deployment.translation import Rule


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
        "scheduleExpression": "ScheduleExpression",
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
        *TAG_ACTIONS,
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
