"""Calling a function, and failing with its own words.

Where a function fails, the stock operator's last words are the answer's headers, and the reason
stands at their end.
"""

from __future__ import annotations

import json
from typing import Any

from airflow.providers.amazon.aws.operators.lambda_function import LambdaInvokeFunctionOperator


class CrossAccountInvokeFunctionOperator(LambdaInvokeFunctionOperator):
    """`LambdaInvokeFunctionOperator` that says in one sentence why the function failed."""

    def execute(self, context: Any) -> Any:
        """The function's result; raises what it raised, or that its time was over."""
        try:
            return super().execute(context)
        except ValueError as error:
            match error.args:
                case (_, {"Payload": payload}):
                    raise RuntimeError(self._ending(str(payload))) from error
            raise

    def _ending(self, payload: str) -> str:
        try:
            reason = json.loads(payload)["errorMessage"]
        except (KeyError, TypeError, ValueError):
            # What isn't a failure of Lambda's own shape is shown as it is.
            reason = payload
        return (
            f"The function {self.function_name} failed: {reason}. "
            f"Its log group is /aws/lambda/{self.function_name}."
        )
