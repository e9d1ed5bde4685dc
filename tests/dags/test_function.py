"""A function's failure is raised with its own error message."""

from __future__ import annotations

import io
from typing import Any
from unittest.mock import MagicMock

import pytest
from airflow.providers.amazon.aws.hooks.lambda_function import LambdaHook
from airflow.providers.amazon.aws.operators.lambda_function import LambdaInvokeFunctionOperator
from cross_account.function import CrossAccountInvokeFunctionOperator

pytestmark = pytest.mark.airflow

NAME = "unified-pipelines-dev-west2-dagcleanup"


def invoke(monkeypatch: pytest.MonkeyPatch, payload: bytes, **answer: Any) -> Any:
    """The operator's result where Lambda answers so."""
    given = {"StatusCode": 200, "Payload": io.BytesIO(payload), **answer}
    monkeypatch.setattr(LambdaHook, "invoke_lambda", lambda _self, **_call: given)
    return new_operator().execute({})


def new_operator() -> CrossAccountInvokeFunctionOperator:
    return CrossAccountInvokeFunctionOperator(
        task_id="dagcleanup", aws_conn_id=None, function_name=NAME, payload="{}"
    )


def test_its_result_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    assert invoke(monkeypatch, b'{"outcome": "success"}') == '{"outcome": "success"}'


def test_the_stock_operator_gets_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    stock = MagicMock(return_value="result")
    monkeypatch.setattr(LambdaInvokeFunctionOperator, "execute", stock)
    context: dict[str, Any] = {"ti": None}
    assert new_operator().execute(context) == "result"
    stock.assert_called_once_with(context)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"errorMessage": "Task timed out after 1.00 seconds"}', "Task timed out after 1.00"),
        (b'{"errorMessage": "It has no data", "errorType": "E"}', "It has no data"),
        (b'"something else"', '"something else"'),
        (b"", ""),
    ],
)
def test_its_reason_is_raised(monkeypatch: pytest.MonkeyPatch, payload: bytes, reason: str) -> None:
    with pytest.raises(RuntimeError) as failure:
        invoke(monkeypatch, payload, FunctionError="Unhandled")
    assert reason in str(failure.value)
    assert "errorType" not in str(failure.value)
    assert f"/aws/lambda/{NAME}" in str(failure.value)


def test_a_call_that_lambda_did_not_take_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="did not execute"):
        invoke(monkeypatch, b"", StatusCode=500)
