"""The lines of the pages that list permissions."""

from __future__ import annotations

from collections.abc import Iterator

from tests import permission_reasons
from tests.local.permissions.policy_statements import Granted
from tests.local.permissions.used_permissions import Permissions

COLUMNS = ("whose", "policy", "statement", "permission", "on", "only where", "used")


def rows_of(permissions: Permissions, granted: Granted) -> Iterator[tuple[str, ...]]:
    """A line for each permission of a statement; what nothing used has its reason."""
    why = {
        line.key: f"{'sometimes' if line.sometimes else 'no'}: {line.why} ({line.document})"
        for line in permission_reasons.unseen()
    }
    for permission in granted.permissions:
        reason = why.get((granted.kind, granted.sid, permission))
        assert reason or permission in permissions.used(granted), (granted.kind, permission)
        yield (
            granted.kind,
            granted.sort,
            granted.sid,
            permission,
            permissions.on(granted),
            _conditions(granted),
            reason or "yes",
        )


def _conditions(granted: Granted) -> str:
    """The condition keys that bound a statement."""
    found = granted.statement.get("Condition", {})
    return ", ".join(sorted({key for keys in found.values() for key in keys}))
