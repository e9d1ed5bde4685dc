"""The lines of the pages that list rights."""

from __future__ import annotations

from collections.abc import Iterator

from tests import iam_reasons
from tests.local.permissions.policy_statements import Granted
from tests.local.permissions.used_permissions import Rights

COLUMNS = ("whose", "policy", "statement", "right", "on", "only where", "used")


def rows_of(rights: Rights, granted: Granted) -> Iterator[tuple[str, ...]]:
    """A line for each right of a statement; what nothing used has its reason."""
    why = {line.key: f"no: {line.why} ({line.document})" for line in iam_reasons.unseen()}
    for right in granted.rights:
        yield (
            granted.kind,
            granted.sort,
            granted.sid,
            right,
            rights.on(granted),
            _conditions(granted),
            "yes" if right in rights.used(granted) else why[granted.kind, granted.sid, right],
        )


def _conditions(granted: Granted) -> str:
    """The condition keys that bound a statement."""
    found = granted.statement.get("Condition", {})
    return ", ".join(sorted({key for keys in found.values() for key in keys}))
