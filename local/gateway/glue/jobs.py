"""Glue jobs keep their concurrent runs and their execution class, which MiniStack drops."""
# ruff: noqa: SLF001 -- writes into MiniStack's own store

from __future__ import annotations

import http
from collections.abc import Callable
from typing import Any

from ministack.services import glue

from local.gateway.api.responses import Response

_Handler = Callable[[dict[str, Any]], Response]

_DROPPED = ("ExecutionClass", "ExecutionProperty")


def create_job(original: _Handler) -> _Handler:
    """CreateJob that keeps what MiniStack drops."""

    def keeping(request: dict[str, Any]) -> Response:
        response = original(request)
        if response[0] == http.HTTPStatus.OK:
            _keep(request["Name"], request)
        return response

    return keeping


def update_job(original: _Handler) -> _Handler:
    """UpdateJob that keeps what MiniStack drops."""

    def keeping(request: dict[str, Any]) -> Response:
        response = original(request)
        if response[0] == http.HTTPStatus.OK:
            _keep(request["JobName"], request["JobUpdate"])
        return response

    return keeping


def _keep(name: str, given: dict[str, Any]) -> None:
    for key in _DROPPED:
        if key in given:
            glue._jobs[name][key] = given[key]
