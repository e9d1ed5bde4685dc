"""Invoking a Lambda function, and failing with its own error message.

Where a function fails, the stock operator raises the whole response, with the reason at its end.
"""

from __future__ import annotations

import json
from typing import Any

from airflow.providers.amazon.aws.operators.lambda_function import LambdaInvokeFunctionOperator


class CrossAccountInvokeFunctionOperator(LambdaInvokeFunctionOperator):
    """`LambdaInvokeFunctionOperator` whose error says why the function failed."""

    def execute(self, context: Any) -> Any:
        """The function's result; raises its error message, or that it timed out."""
        try:
            return super().execute(context)
        except ValueError as error:
            match error.args:
                case (_, {"Payload": payload}):
                    raise RuntimeError(self._failure(str(payload))) from error
            raise

    def _failure(self, payload: str) -> str:
        try:
            reason = json.loads(payload)["errorMessage"]
        except (KeyError, TypeError, ValueError):
            # An error that isn't in Lambda's format is shown whole.
            reason = payload
        return (
            f"Function {self.function_name} failed: {reason}. "
            f"Its log group is /aws/lambda/{self.function_name}."
        )
