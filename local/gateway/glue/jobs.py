"""Glue jobs keep the number of their concurrent runs, which MiniStack drops."""
# ruff: noqa: SLF001 -- writes into MiniStack's own store

from __future__ import annotations

import http
from collections.abc import Callable
from typing import Any

from ministack.services import glue

from local.gateway.api.responses import Response

_Handler = Callable[[dict[str, Any]], Response]


def create_job(original: _Handler) -> _Handler:
    """CreateJob that keeps the job's ExecutionProperty."""

    def keeping(request: dict[str, Any]) -> Response:
        response = original(request)
        if response[0] == http.HTTPStatus.OK:
            _keep_execution_property(request["Name"], request)
        return response

    return keeping


def update_job(original: _Handler) -> _Handler:
    """UpdateJob that keeps the job's ExecutionProperty."""

    def keeping(request: dict[str, Any]) -> Response:
        response = original(request)
        if response[0] == http.HTTPStatus.OK:
            _keep_execution_property(request["JobName"], request["JobUpdate"])
        return response

    return keeping


def _keep_execution_property(name: str, given: dict[str, Any]) -> None:
    if "ExecutionProperty" in given:
        glue._jobs[name]["ExecutionProperty"] = given["ExecutionProperty"]
