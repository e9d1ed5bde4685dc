"""ListTrainingJobs: which jobs, and a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_KNOWN = frozenset({"NameContains", "StatusEquals", "MaxResults", "NextToken"})
_SHOWN = ("TrainingJobName", "TrainingJobArn", "CreationTime", "TrainingJobStatus")
_PAGE = 10
"""Rows of a page where the request doesn't say."""


def problems(request: dict[str, Any]) -> list[str]:
    """What it can't do, each a sentence: a filter that is left out would go unnoticed."""
    unknown = sorted(request.keys() - _KNOWN)
    found = [f"{name} is not part of the local run" for name in unknown]
    token = request.get("NextToken", "0")
    return found if token.isdecimal() else [*found, f"NextToken {token!r} is not one of ours"]


def page(records: Sequence[dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
    """A page of the jobs that the filters leave, oldest first, and the token of the next one.

    `records` are in the order of their creation, to which new ones are added at the end only.
    """
    contains, status = request.get("NameContains", ""), request.get("StatusEquals")
    first = int(request.get("NextToken", "0"))
    last = first + int(request.get("MaxResults", _PAGE))
    found = [
        {member: record[member] for member in _SHOWN}
        for record in records
        if contains in record["TrainingJobName"] and status in {None, record["TrainingJobStatus"]}
    ]
    following = {"NextToken": str(last)} if last < len(found) else {}
    return {"TrainingJobSummaries": found[first:last], **following}
