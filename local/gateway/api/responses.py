"""Responses in AWS's JSON protocols, in the form that MiniStack's handlers return."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import error_response_json, json_response

Response = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""

REST_JSON = "application/json"
"""The content type of services whose operations are paths; the others use MiniStack's default."""

_JSON = "application/x-amz-json-1.1"


def success(content: dict[str, Any], content_type: str = _JSON) -> Response:
    """An operation's result."""
    status, headers, body = json_response(content, content_type=content_type)
    return status, headers, body


def failure(
    code: str,
    message: str,
    *,
    status: int = 400,
    content_type: str = _JSON,
    members: dict[str, Any] | None = None,
) -> Response:
    """An operation's exception, with the further members of its model."""
    status, headers, body = error_response_json(
        code, message, status, extra=members, content_type=content_type
    )
    return status, headers, body
