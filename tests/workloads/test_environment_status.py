"""Which changes of an environment's status are told, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.stub import Stubber

from tests.workloads.workload_modules import environment_status

NAME = "hub-airflow"
TOPIC = "arn:aws:sns:us-east-1:111111111111:topic"
ARN = f"arn:aws:airflow:us-east-1:111111111111:environment/{NAME}"

Tell = Callable[[str | None, Mapping[str, Any]], dict[str, Any] | None]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Hand an event to the function; what it publishes while the environment has that status.

    None stands for an environment that is gone.
    """
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "for-tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "for-tests")
    monkeypatch.setenv("ENVIRONMENT_NAME", NAME)
    monkeypatch.setenv("TOPIC_ARN", TOPIC)

    def call(status: str | None, event: Mapping[str, Any]) -> dict[str, Any] | None:
        published: list[dict[str, Any]] = []
        mwaa = environment_status.mwaa.__wrapped__()
        sns = environment_status.sns.__wrapped__()
        sns.meta.events.register("provide-client-params.sns.Publish", _kept(published))
        monkeypatch.setattr(environment_status, "mwaa", lambda: mwaa)
        monkeypatch.setattr(environment_status, "sns", lambda: sns)
        with Stubber(mwaa) as asked, Stubber(sns) as told:
            if status is None:
                asked.add_client_error("get_environment", "ResourceNotFoundException")
            else:
                asked.add_response("get_environment", answer(status), {"Name": NAME})
            told.add_response("publish", {"MessageId": "1"})
            environment_status.handler(event, None)
        return published[0] if published else None

    return call


def _kept(published: list[dict[str, Any]]) -> Callable[..., None]:
    def keep(params: dict[str, Any], **_: Any) -> None:
        published.append(params)

    return keep


def answer(status: str) -> dict[str, Any]:
    error = {"ErrorCode": "INCORRECT_CONFIGURATION", "ErrorMessage": "no such package"}
    update = {"Status": "FAILED", "Error": error}
    return {"Environment": {"Name": NAME, "Arn": ARN, "Status": status, "LastUpdate": update}}


@pytest.mark.parametrize("status", ["CREATE_FAILED", "UPDATE_FAILED", "UNAVAILABLE"])
def test_a_failure_is_told_with_its_reason(tell: Tell, status: str) -> None:
    told = tell(status, {"detail": {}})
    assert told is not None
    assert (told["TopicArn"], told["Subject"]) == (TOPIC, f"{NAME} is {status}")
    assert ARN in told["Message"]
    assert "no such package" in told["Message"]


@pytest.mark.parametrize("status", ["AVAILABLE", "UPDATING", "ROLLING_BACK", "MAINTENANCE", None])
def test_what_is_no_failure_isnt_told(tell: Tell, status: str | None) -> None:
    assert tell(status, {"detail": {}}) is None


def test_an_event_that_names_the_environment_is_its_own(tell: Tell) -> None:
    assert tell("UPDATE_FAILED", {"detail": {"name": NAME}}) is not None


def test_another_environment_of_the_account_is_left_alone(tell: Tell) -> None:
    assert tell("UPDATE_FAILED", {"detail": {"name": "another"}}) is None
