"""Following goes on while Airflow doesn't answer, and ends with what can't pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from operate.airflow_api import AirflowError
from operate.dag_runs import DagRun
from operate.following import Flow, follow
from tests.operate.answers import dag_run_row

OVER = Flow(
    data_run=DagRun.model_validate(dag_run_row("data_x", "success")),
    ml_runs=(),
    expected=frozenset(),
    tasks=(),
)


def failing(error: Exception, times: int) -> Callable[[], Flow]:
    errors = [error] * times

    def ask() -> Flow:
        if errors:
            raise errors.pop()
        return OVER

    return ask


def throttled() -> ClientError:
    return ClientError({"Error": {"Code": "ThrottlingException"}}, "InvokeRestApi")


@pytest.mark.parametrize(
    "error",
    [
        throttled(),
        AirflowError("restarting", 503),
        EndpointConnectionError(endpoint_url="https://env.airflow.us-east-1.amazonaws.com"),
    ],
)
def test_what_passes_is_waited_for(error: Exception) -> None:
    pauses: list[float] = []

    assert follow(failing(error, 19), lambda _: None, pauses.append) == OVER
    assert len(pauses) == 19


@pytest.mark.parametrize(
    ("error", "times"),
    [
        (AirflowError("no such run", 404), 1),
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "InvokeRestApi"), 1),
        (throttled(), 20),
    ],
)
def test_what_does_not_pass_ends_it(error: Exception, times: int) -> None:
    with pytest.raises(type(error)):
        follow(failing(error, times), lambda _: None, lambda _: None)
