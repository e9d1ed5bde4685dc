"""ListTrainingJobs: the filters, and one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_KNOWN = frozenset({"NameContains", "StatusEquals", "MaxResults", "NextToken"})
_SHOWN = ("TrainingJobName", "TrainingJobArn", "CreationTime", "TrainingJobStatus")
_PAGE = 10
"""Rows of a page where the request has no MaxResults."""


def problems(request: dict[str, Any]) -> list[str]:
    """The members that the local run doesn't support, one sentence each; it ignores none."""
    unknown = sorted(request.keys() - _KNOWN)
    found = [f"{name}: the local run doesn't support it" for name in unknown]
    token = request.get("NextToken", "0")
    return (
        found
        if token.isdecimal()
        else [*found, f"NextToken: expected the one of an earlier page, got {token!r}"]
    )


def page(records: Sequence[dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
    """A page of the jobs that the filters select, oldest first, and the token of the next page.

    `records` are in the order of their creation; new ones come at the end.
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
