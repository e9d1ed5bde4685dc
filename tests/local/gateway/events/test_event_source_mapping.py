"""A queue's messages go to a function, which Lambda reads for it as the function's role."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.local.gateway.aws import (
    EAST,
    HUB,
    Aws,
    allow,
    refusal,
    service_trust,
    wait_until,
)
from tests.local.gateway.events.route import HIDDEN_SECONDS, Route
from tests.local.gateway.functions.package import zipped

_READ = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]

_CODE = """
import json
import os
import boto3

def handler(event, context):
    failures = [record for record in event["Records"] if not handled(record)]
    for record in failures:
        boto3.client("sqs").change_message_visibility(
            QueueUrl=os.environ["QUEUE_URL"],
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=0,
        )
    return {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in failures]}

def handled(record):
    tries = record["attributes"]["ApproximateReceiveCount"]
    key = json.loads(record["body"])["key"]
    if "fails-always" in key or "fails-once" in key and tries == "1":
        return False
    boto3.client("s3").put_object(
        Bucket=os.environ["RESULTS"], Key=f"{tries}/{record['messageId']}", Body=record["body"]
    )
    return True
"""


class Mapping:
    """A function that writes each message that it got to a bucket, after a route."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.route = Route.create(aws)
        self.results = aws.bucket(HUB)
        self.role = aws.role("function", by=HUB, trusted=service_trust("lambda.amazonaws.com"))
        self.permit(*self.permissions)
        self.function = aws.unique("function")
        aws.client("lambda", HUB).create_function(
            FunctionName=self.function,
            Runtime="python3.12",
            Handler="code.handler",
            Role=self.role,
            Code={"ZipFile": zipped(_CODE)},
            Timeout=HIDDEN_SECONDS,
            Environment={"Variables": {"RESULTS": self.results, "QUEUE_URL": self.route.queue_url}},
        )

    @property
    def permissions(self) -> list[dict[str, Any]]:
        queue, via = self.route.queue, {"kms:ViaService": f"sqs.{EAST}.amazonaws.com"}
        return [
            allow("s3:PutObject", f"arn:aws:s3:::{self.results}/*"),
            allow([*_READ, "sqs:ChangeMessageVisibility"], queue),
            allow("kms:Decrypt", self.route.key, Condition={"StringEquals": via}),
        ]

    def permit(self, *statements: dict[str, Any]) -> None:
        self.aws.permit(self.role, *statements)

    def connect(self) -> str:
        """The id of a new mapping."""
        created = self.aws.client("lambda", HUB).create_event_source_mapping(
            EventSourceArn=self.route.queue,
            FunctionName=self.function,
            FunctionResponseTypes=["ReportBatchItemFailures"],
            ScalingConfig={"MaximumConcurrency": 2},
        )
        identifier: str = created["UUID"]
        return identifier

    def handled(self) -> list[tuple[str, str]]:
        """The number of tries and the key of each message that the function handled."""
        s3 = self.aws.client("s3", HUB)
        objects = s3.list_objects_v2(Bucket=self.results).get("Contents", [])
        bodies = {
            each["Key"]: s3.get_object(Bucket=self.results, Key=each["Key"])["Body"].read()
            for each in objects
        }
        return sorted(
            (name.partition("/")[0], json.loads(body)["key"]) for name, body in bodies.items()
        )

    def awaited(self, count: int) -> list[tuple[str, str]]:
        return wait_until(self.handled, lambda found: len(found) >= count)

    def is_empty(self) -> bool:
        """Whether every message was deleted."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.aws.client("sqs", HUB).get_queue_attributes(
            QueueUrl=self.route.queue_url, AttributeNames=names
        )
        return all(found["Attributes"][name] == "0" for name in names)


@pytest.fixture
def mapping(aws: Aws) -> Mapping:
    return Mapping(aws)


def _key(name: str) -> str:
    return f"raw/incoming/{name}.csv"


def test_uploads_reach_the_function_and_a_failure_comes_again(mapping: Mapping) -> None:
    mapping.connect()
    for name in ("a", "fails-once", "b"):
        mapping.route.upload(_key(name))
    expected = [("1", _key("a")), ("1", _key("b")), ("2", _key("fails-once"))]
    assert mapping.awaited(3) == expected
    wait_until(mapping.is_empty, bool)
    # Events and messages come at least once: the function gets what comes twice two times.
    mapping.aws.client("sqs", HUB).send_message(
        QueueUrl=mapping.route.queue_url, MessageBody=json.dumps({"key": _key("a")})
    )
    assert mapping.awaited(4) == sorted([*expected, ("1", _key("a"))])


@pytest.mark.verification
def test_a_message_that_fails_too_often_goes_to_the_dead_letters(mapping: Mapping) -> None:
    sqs = mapping.aws.client("sqs", HUB)
    name = mapping.aws.unique("dead-letters")
    dead_letters = sqs.create_queue(QueueName=name)["QueueUrl"]
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{EAST}:{HUB}:{name}", "maxReceiveCount": 2}
    sqs.set_queue_attributes(
        QueueUrl=mapping.route.queue_url, Attributes={"RedrivePolicy": json.dumps(redrive)}
    )
    mapping.connect()
    mapping.route.upload(_key("fails-always"))
    found = wait_until(lambda: sqs.receive_message(QueueUrl=dead_letters).get("Messages", []), bool)
    assert json.loads(found[0]["Body"])["key"] == _key("fails-always")
    assert mapping.handled() == []


@pytest.mark.verification
def test_without_a_permission_the_messages_wait_until_it_is_back(mapping: Mapping) -> None:
    identifier = mapping.connect()
    client = mapping.aws.client("lambda", HUB)

    def wait_without(taken: str) -> None:
        mapping.permit(*(each for each in mapping.permissions if taken not in each["Action"]))
        wait_until(
            lambda: client.get_event_source_mapping(UUID=identifier)["LastProcessingResult"],
            lambda text: text.endswith(f"is not authorized to perform: {taken}"),
        )

    mapping.permit(allow("s3:PutObject", "*"))
    mapping.route.upload(_key("a"))
    for taken in ("sqs:ReceiveMessage", "kms:Decrypt"):
        wait_without(taken)
    assert mapping.handled() == []
    mapping.permit(*mapping.permissions)
    assert mapping.awaited(1) == [("1", _key("a"))]


class TestRefusedMapping:
    @pytest.mark.parametrize("missing", _READ)
    def test_the_role_may_not_read_the_queue(self, mapping: Mapping, missing: str) -> None:
        given = [action for action in _READ if action != missing]
        mapping.permit(allow(given, mapping.route.queue))
        expected = (
            "InvalidParameterValueException: The provided execution role does not have permissions "
            f"to call {missing.partition(':')[2]} on SQS"
        )
        assert refusal(mapping.connect) == expected

    def test_messages_would_come_again_while_the_function_runs(self, mapping: Mapping) -> None:
        mapping.aws.client("sqs", HUB).set_queue_attributes(
            QueueUrl=mapping.route.queue_url, Attributes={"VisibilityTimeout": "30"}
        )
        expected = (
            "InvalidParameterValueException: Queue visibility timeout: 30 seconds is less than "
            f"Function timeout: {HIDDEN_SECONDS} seconds"
        )
        assert refusal(mapping.connect) == expected


@pytest.mark.verification
class TestAuthorization:
    """What a deployer needs for a mapping, which has an id only once it is created."""

    def _client(self, mapping: Mapping, *actions: str, function: str) -> Any:
        condition = {"ArnEquals": {"lambda:FunctionArn": function}}
        session = mapping.aws.session(allow(actions, "*", Condition=condition), by=HUB)
        return mapping.aws.client("lambda", session)

    @pytest.mark.parametrize(
        ("action", "call"),
        [
            (
                "lambda:GetEventSourceMapping",
                lambda client, identifier: client.get_event_source_mapping(UUID=identifier),
            ),
            (
                "lambda:UpdateEventSourceMapping",
                lambda client, identifier: client.update_event_source_mapping(
                    UUID=identifier, BatchSize=5
                ),
            ),
            (
                "lambda:DeleteEventSourceMapping",
                lambda client, identifier: client.delete_event_source_mapping(UUID=identifier),
            ),
        ],
    )
    def test_of_one_mapping(
        self, mapping: Mapping, action: str, call: Callable[[Any, str], object]
    ) -> None:
        identifier = mapping.connect()
        function = f"arn:aws:lambda:{EAST}:{HUB}:function:{mapping.function}"
        other = self._client(mapping, action, function=f"{function}-other")
        assert f"perform: {action} " in refusal(lambda: call(other, identifier))
        call(self._client(mapping, action, function=function), identifier)

    def test_of_a_new_mapping(self, mapping: Mapping) -> None:
        action = "lambda:CreateEventSourceMapping"
        function = f"arn:aws:lambda:{EAST}:{HUB}:function:{mapping.function}"
        wanted = {"EventSourceArn": mapping.route.queue, "FunctionName": mapping.function}
        other = self._client(mapping, action, function=f"{function}-other")
        assert action in refusal(lambda: other.create_event_source_mapping(**wanted))
        client = self._client(mapping, action, function=function)
        assert "lambda:TagResource" in refusal(
            lambda: client.create_event_source_mapping(**wanted, Tags={"stack": "test"})
        )
        client.create_event_source_mapping(**wanted)
