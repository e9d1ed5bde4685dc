"""A call to Airflow's REST API, which InvokeRestApi makes for its caller."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlencode

_LIMIT_SECONDS = 120
"""The limit for Airflow's response: far more than it needs on a busy machine."""


def call(address: str, request: dict[str, Any]) -> tuple[int, Any]:
    """The status and the content of the response of the Airflow at `address`."""
    path = "/api/v2" + request["Path"]
    if request.get("QueryParameters"):
        path += "?" + urlencode(request["QueryParameters"], doseq=True)
    body = json.dumps(request["Body"]) if "Body" in request else None
    connection = http.client.HTTPConnection(address, timeout=_LIMIT_SECONDS)
    try:
        connection.request(
            request["Method"], path, body=body, headers={"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        content = response.read().decode()
    except OSError as error:
        return http.client.BAD_GATEWAY, {"detail": str(error)}
    finally:
        connection.close()
    try:
        return response.status, json.loads(content or "{}")
    except json.JSONDecodeError:
        return response.status, {"detail": content}


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
