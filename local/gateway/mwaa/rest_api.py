"""A call to Airflow's REST API, which InvokeRestApi makes for its caller."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

_LIMIT_SECONDS = 120
"""The limit for Airflow's response: far more than it needs on a busy machine."""

_writing = threading.Lock()
"""Held during a call that writes. Of two at once, Airflow's API server lets each wait for the other
with SQLite's lock, until one fails after five seconds."""


def call(address: str, request: dict[str, Any]) -> tuple[int, Any]:
    """The status and the content of the response of the Airflow at `address`."""
    path = "/api/v2" + request["Path"]
    if request.get("QueryParameters"):
        path += "?" + urlencode(request["QueryParameters"], doseq=True)
    body = json.dumps(request["Body"]) if "Body" in request else None
    with nullcontext() if request["Method"] == "GET" else _writing:
        try:
            status, content = _response(address, request["Method"], path, body)
        except OSError as error:
            return http.client.BAD_GATEWAY, {"detail": str(error)}
    try:
        return status, json.loads(content or "{}")
    except json.JSONDecodeError:
        return status, {"detail": content}


def _response(address: str, method: str, path: str, body: str | None) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address, timeout=_LIMIT_SECONDS)
    try:
        connection.request(method, path, body=body, headers={"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def healthy(address: str) -> bool:
    """Whether the Airflow at `address` reports every component as healthy."""
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", "/api/v2/monitor/health")
        report = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return False
    finally:
        connection.close()
    return all((part or {}).get("status") == "healthy" for part in report.values())
