"""Lists of training jobs: the filters, and one page at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

_PAGE = 10
"""Rows of a page where the request has no MaxResults."""


def problems(request: dict[str, Any], known: Collection[str]) -> list[str]:
    """The members that the local run doesn't support, one sentence each; it ignores none."""
    unknown = sorted(request.keys() - set(known))
    found = [f"{name}: the local run doesn't support it" for name in unknown]
    token = request.get("NextToken", "0")
    return (
        found
        if token.isdecimal()
        else [*found, f"NextToken: expected the one of an earlier page, got {token!r}"]
    )


def page(summaries: Sequence[dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
    """A page of the jobs that the filters select, oldest first, and the token of the next page.

    `summaries` are in the order of their creation; new ones come at the end.
    """
    contains, status = request.get("NameContains", ""), request.get("StatusEquals")
    first = int(request.get("NextToken", "0"))
    last = first + int(request.get("MaxResults", _PAGE))
    found = [
        each
        for each in summaries
        if contains in each["TrainingJobName"] and status in {None, each["TrainingJobStatus"]}
    ]
    following = {"NextToken": str(last)} if last < len(found) else {}
    return {"TrainingJobSummaries": found[first:last], **following}
