"""Airflow's REST API through Amazon MWAA's InvokeRestApi."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from botocore.exceptions import ClientError

PATH_LIMIT = 64
"""Characters of a path at most (Amazon MWAA API model, RestApiPath)."""

_PAGE = 100
"""Rows per answer: Airflow's own maximum."""


class RefusedError(Exception):
    """Airflow itself refused a call; `status` is its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class AirflowRestApi:
    """The API of one environment; `mwaa` is a client in the hub's account and Region."""

    mwaa: Any
    environment: str

    def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Airflow's answer; what Amazon MWAA refuses is botocore's ClientError."""
        request: dict[str, Any] = {"Name": self.environment, "Path": path, "Method": method}
        if body is not None:
            request["Body"] = body
        if query is not None:
            request["QueryParameters"] = query
        try:
            answer = self.mwaa.invoke_rest_api(**request)
        except ClientError as error:
            # Members of the two errors that pass on an answer of Airflow's own.
            response: dict[str, Any] = dict(error.response)
            if "RestApiStatusCode" not in response:
                raise
            message = f"Airflow refused {method} {path}: {response.get('RestApiResponse')}"
            raise RefusedError(message, response["RestApiStatusCode"]) from error
        # Airflow answers a deletion with nothing.
        return answer.get("RestApiResponse") or {}


def rows(api: AirflowRestApi, path: str, name: str, **query: str) -> Iterator[dict[str, Any]]:
    """All rows of a list, whose member `name` holds each page's."""
    for offset in count(step=_PAGE):
        page = {"limit": str(_PAGE), "offset": str(offset)}
        answer = api.call("GET", path, query={**query, **page})
        yield from answer[name]
        if offset + _PAGE >= answer["total_entries"]:
            return
