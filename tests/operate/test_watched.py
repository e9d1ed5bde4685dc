"""Uploads that wait for their runs, and alarms."""

from __future__ import annotations

from typing import Any

from botocore.stub import Stubber

from operate.watched import alarms, uploads
from tests.operate.answers import FakeAirflow, FakeConnection, client

NUMBERS = {"https://sqs/waiting": ("3", "2"), "https://sqs/dead": ("1", "0")}
NAMES = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


def connection(service: str, stubbed: Any) -> FakeConnection:
    return FakeConnection(FakeAirflow([]), {service: stubbed})


def test_uploads_are_counted_whether_they_are_put_off_or_not() -> None:
    sqs = client("sqs")
    with Stubber(sqs) as stubber:
        for url, numbers in NUMBERS.items():
            answer = {"Attributes": dict(zip(NAMES, numbers, strict=True))}
            asked = {"QueueUrl": url, "AttributeNames": list(NAMES)}
            stubber.add_response("get_queue_attributes", answer, asked)
        assert uploads(connection("sqs", sqs)) == {"waiting": 5, "dead": 1}


def test_where_uploads_start_nothing_there_is_nothing_to_count() -> None:
    of_no_queue = connection("sqs", None)
    of_no_queue.stack = of_no_queue.stack.model_copy(update={"uploads": None})
    assert uploads(of_no_queue) is None


def test_alarms_of_the_stack_in_alarm() -> None:
    cloudwatch = client("cloudwatch")
    with Stubber(cloudwatch) as stubber:
        found = [{"AlarmName": "stack-hub-import-errors", "AlarmDescription": "Look."}]
        asked = {"AlarmNamePrefix": "stack-hub-", "StateValue": "ALARM"}
        stubber.add_response("describe_alarms", {"MetricAlarms": found}, asked)
        assert alarms(connection("cloudwatch", cloudwatch)) == [
            {"alarm": "stack-hub-import-errors", "description": "Look."}
        ]
