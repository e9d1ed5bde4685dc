"""What the function does with messages, through boto3's own clients with canned answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.workloads.workload_modules import start_runs

UPLOAD = {"dag_id": "data_east1", "bucket": "b", "key": "raw/in/ä b.csv", "version_id": "v1"}
ANSWERS: Mapping[int, tuple[str, dict[str, Any]]] = {
    200: ("", {"RestApiStatusCode": 200, "RestApiResponse": {}}),
    404: ("RestApiClientException", {"RestApiStatusCode": 404}),
    409: ("RestApiClientException", {"RestApiStatusCode": 409}),
    429: ("ThrottlingException", {"message": "Rate exceeded"}),
    502: ("RestApiServerException", {"RestApiStatusCode": 502}),
}
"""By Airflow's status, or that of a throttled call: the error of Amazon MWAA, and its body."""


class Raw:
    """A body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self) -> list[bytes]:
        return [self.content]


@dataclass
class Service:
    """What was asked of AWS, and how Airflow answers each start."""

    answers: list[int] = field(default_factory=list)
    started: list[dict[str, Any]] = field(default_factory=list)
    pauses: list[tuple[str, int]] = field(default_factory=list)
    left_milliseconds: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        """Lambda's context is asked for nothing else."""
        return self.left_milliseconds

    def answer(self, request: Any, **_: Any) -> Any:
        asked = json.loads(request.body)
        if "VisibilityTimeout" in asked:
            self.pauses.append((asked["ReceiptHandle"], asked["VisibilityTimeout"]))
            return AWSResponse(request.url, 200, HTTPHeaders(), Raw(b"{}"))
        status = self.answers.pop(0) if self.answers else 200
        self.started.append({"url": request.url, **asked})
        error, body = ANSWERS[status]
        headers = HTTPHeaders()
        headers["x-amzn-ErrorType"] = error
        shown = 400 if error else 200
        return AWSResponse(request.url, shown, headers, Raw(json.dumps(body).encode()))


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    found = Service()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "for-tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("mwaa", "sqs"):
        client = getattr(start_runs, name).__wrapped__()
        client.meta.events.register("before-send", found.answer)
        monkeypatch.setattr(start_runs, name, lambda client=client: client)
    monkeypatch.setenv("ENVIRONMENT_NAME", "hub-airflow")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "startruns")
    monkeypatch.setenv("QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/1/q")
    return found


Deliver = Callable[..., list[str]]


@pytest.fixture
def deliver(service: Service) -> Deliver:
    """Hand messages to the function, as often received as said; returns those that stay."""

    def call(*bodies: Any, receive_count: int = 1) -> list[str]:
        records = [
            {
                "messageId": str(number),
                "receiptHandle": f"receipt {number}",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {
                    "ApproximateReceiveCount": str(receive_count),
                    "SentTimestamp": "1767323045000",
                },
            }
            for number, body in enumerate(bodies)
        ]
        answer = start_runs.handler({"Records": records}, service)
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    return call


def test_a_run_starts_with_the_version_and_an_id_of_it(service: Service, deliver: Deliver) -> None:
    assert deliver(UPLOAD) == []
    (asked,) = service.started
    digest = hashlib.sha256("b\0raw/in/ä b.csv\0v1".encode()).hexdigest()[:14]
    assert asked == {
        "url": "https://env.airflow.us-east-1.amazonaws.com/restapi/hub-airflow",
        "Method": "POST",
        "Path": "/dags/data_east1/dagRuns",
        "Body": {
            "dag_run_id": f"upload_{digest}",
            "logical_date": None,
            "conf": {"raw_key": "raw/in/ä b.csv", "raw_version": "v1"},
        },
    }


@pytest.mark.parametrize("part", ["bucket", "key", "version_id"])
def test_another_version_is_another_run(service: Service, deliver: Deliver, part: str) -> None:
    deliver(UPLOAD, UPLOAD, {**UPLOAD, part: "other"})
    first, same, other = (each["Body"]["dag_run_id"] for each in service.started)
    assert first == same != other
    assert len(other) == 21


def test_a_run_that_is_there_already_is_done(service: Service, deliver: Deliver) -> None:
    service.answers = [409]
    assert deliver(UPLOAD) == []
    assert service.pauses == []


@pytest.mark.parametrize("status", [404, 429, 502])
def test_any_other_failure_leaves_that_message_alone(
    service: Service, deliver: Deliver, status: int
) -> None:
    service.answers = [200, status, 200]
    assert deliver(UPLOAD, UPLOAD, UPLOAD) == ["1"]
    assert service.pauses == [("receipt 1", 2)]
    assert len(service.started) == 3


def test_how_long_an_upload_has_waited_is_a_metric(
    service: Service, deliver: Deliver, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answers = [200, 502]
    deliver(UPLOAD, UPLOAD)
    (line,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == "UnifiedPipelines"
    assert (metrics["Dimensions"], line["FunctionName"]) == ([["FunctionName"]], "startruns")
    assert metrics["Metrics"] == [{"Name": "UploadAge", "Unit": "Seconds"}]
    assert line["UploadAge"] > 0


@pytest.mark.parametrize(("count", "seconds"), [(1, 2), (2, 4), (9, 512), (10, 900), (1000, 900)])
def test_the_pause_grows(service: Service, deliver: Deliver, count: int, seconds: int) -> None:
    service.answers = [502]
    assert deliver(UPLOAD, receive_count=count) == ["0"]
    assert service.pauses == [("receipt 0", seconds)]


@pytest.mark.parametrize("body", ["no JSON", {"dag_id": "data_east1"}, [], {**UPLOAD, "x": 1}])
def test_a_message_of_another_form_stays(service: Service, deliver: Deliver, body: Any) -> None:
    assert deliver(body, UPLOAD) == ["0"]
    assert len(service.started) == 1


def test_a_folder_starts_nothing(service: Service, deliver: Deliver) -> None:
    assert deliver({**UPLOAD, "key": "raw/in/"}) == []
    assert service.started == []


def test_messages_that_time_does_not_suffice_for_stay(service: Service, deliver: Deliver) -> None:
    service.left_milliseconds = 19_999
    assert deliver(UPLOAD, UPLOAD) == ["0", "1"]
    assert service.started == []
