"""The session name and duration of AssumeRole: MiniStack accepts any.

From the API reference of AWS STS, and "Role chaining" in the user guide of IAM.
"""
# ruff: noqa: SLF001 -- answers as MiniStack's own handlers do

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator
from ministack.services import iam

from local.gateway.api import validation
from local.gateway.authorization import principal_arns

_SCALARS = ("RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId", "SourceIdentity")

_CHAINED_SECONDS = 3600
"""The longest session that a session of another role gets, also where the role allows more."""


def _scalars(given: dict[str, str]) -> dict[str, Any]:
    """The parameters of the call without its lists; the duration as an integer."""
    request: dict[str, Any] = {name: given[name] for name in _SCALARS if name in given}
    if request.get("DurationSeconds", "").isdigit():
        request["DurationSeconds"] = int(request["DurationSeconds"])
    return request


def _problem(request: dict[str, Any]) -> str | None:
    problems = validation.problems("sts", "AssumeRole", request)
    if problems:
        return "; ".join(problems)
    seconds = request.get("DurationSeconds", 0)
    chained = principal_arns.is_session(iam_evaluator.caller_arn())
    if chained and seconds > _CHAINED_SECONDS:
        return (
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining."
        )
    longest = _longest_seconds(request["RoleArn"])
    if seconds > longest:
        return (
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role: "
            f"{longest}"
        )
    return None


def _longest_seconds(role_arn: str) -> float:
    """The role's own limit; none where there is no such role, which MiniStack refuses itself."""
    role = principal_arns.role_of(role_arn)
    return float("inf") if role is None else int(role["MaxSessionDuration"])


def handle_request(original: Callable[..., Any]) -> Callable[..., Any]:
    """Check an AssumeRole before MiniStack handles it."""

    async def checking(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Any:
        given = dict(parse_qsl(body.decode("utf-8", errors="replace")))
        if given.get("Action") == "AssumeRole" and (problem := _problem(_scalars(given))):
            return iam._error(400, "ValidationError", escape(problem), ns="sts")
        return await original(method, path, headers, body, query)

    return checking
