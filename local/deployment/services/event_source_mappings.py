"""AWS Lambda: event source mappings."""

from __future__ import annotations

from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Inner


def create_mapping(resource: Resource) -> Created:
    """A mapping of a queue to a function; Lambda gives it its id."""
    created = resource.client.create_event_source_mapping(**resource.call, Tags=resource.tags)
    return Created(
        created["UUID"],
        {"functionArn": created["FunctionArn"], "uuid": created["UUID"], "state": created["State"]},
    )


def mock_mapping(mocked: Mocked) -> Outputs:
    """A mapping under an id of Lambda's."""
    uuid = mocked.generated(32)
    return {
        "id": uuid,
        "uuid": uuid,
        "arn": mocked.at.arn("lambda", f"event-source-mapping:{uuid}"),
    }


MAPPING = ResourceType(
    token="aws:lambda/eventSourceMapping:EventSourceMapping",
    service="lambda",
    properties={
        "batchSize": "BatchSize",
        "eventSourceArn": "EventSourceArn",
        "functionName": "FunctionName",
        "functionResponseTypes": "FunctionResponseTypes",
        "scalingConfig": Inner("ScalingConfig", {"maximumConcurrency": "MaximumConcurrency"}),
    },
    create=create_mapping,
    remove=call("delete_event_source_mapping", UUID=ID),
    mock_outputs=mock_mapping,
    takes_tags=True,
    deploy_actions=(
        "lambda:CreateEventSourceMapping",
        "lambda:DeleteEventSourceMapping",
        "lambda:GetEventSourceMapping",
        "lambda:ListTags",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateEventSourceMapping",
    ),
)
