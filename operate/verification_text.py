"""A verification as a dated report in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

_RESULTS = {True: "passed", False: "FAILED"}


def markdown(found: dict[str, Any], written: datetime) -> str:
    """The report."""
    removed = found["removed"] or ["nothing: what a failed run left is there to be looked at"]
    checks = [
        [each["check"], _plain(each["found"]), _RESULTS[each["passed"]]] for each in found["checks"]
    ]
    denied = [
        [
            each["attempt"],
            f"`{each['action']}`",
            each["account_id"],
            each["answer"],
            _RESULTS[each["denied"]],
        ]
        for each in found["denied"]
    ]
    left = [[f"`{each['where']}`", each["expires"] or "S3 gives no date"] for each in found["left"]]
    lines = [
        f"# Verification of {found['environment']}, {written:%Y-%m-%d %H:%M} UTC\n",
        f"Run {found['run']} of {found['pipeline']}, sample data: {_RESULTS[found['passed']]}\n",
        *_table(["check", "found", ""], checks),
        "Calls that an operator must not be able to make:\n",
        *_table(["attempt", "action", "operator role in", "answer", ""], denied),
        "Removed:\n",
        *(f"- {each}" for each in removed),
        "\nLeft, since an operator may delete nothing in S3, beside jobs and logs:\n",
        *_table(["where", "removed on"], left),
    ]
    return "\n".join(lines)


def _table(columns: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = [columns, ["---"] * len(columns), *rows]
    return [*(f"| {' | '.join(cells)} |" for cells in lines), ""]


def _plain(found: object) -> str:
    if isinstance(found, dict):
        return ", ".join(f"{name} {value}" for name, value in found.items()) or "nothing"
    return "nothing" if found is None else str(found)
