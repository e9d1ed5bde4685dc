"""The run uses every granted permission, or AWS needs it and a document of AWS says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests import permission_reasons
from tests.local.permissions.page_rows import COLUMNS, rows_of
from tests.local.permissions.policy_statements import Granted
from tests.local.permissions.used_permissions import Permissions, problems
from tests.verification import Table

pytestmark = pytest.mark.end_to_end

TEXT = """
Every permission of every policy of the stack `local`, with its ML pipeline in an account of its
own, as it stands in the embedded AWS, and whether a run of `make local` uses it, which an upload
starts, or one that is started by hand. Where it doesn't, the line says why AWS needs it, and the
AWS document that says so; the reasons are kept in `components/aws/permission_reasons.yaml`. A
permission that is neither used nor explained fails the test, and so does a reason for one that is
used. What happens where a statement is removed is in [statements.md](statements.md), as is what
policies deny.
"""


def test_nothing_is_granted_that_is_neither_used_nor_explained(permissions: Permissions) -> None:
    assert problems(permissions) == []


def one(permissions: Permissions, kind: str, sid: str) -> Granted:
    (found,) = [each for each in permissions.statements if (each.kind, each.sid) == (kind, sid)]
    return found


def changed(permissions: Permissions, granted: Granted, **elements: Any) -> Permissions:
    """The run's permissions as they would be with another statement instead of one."""
    other = replace(granted, statement={**granted.statement, **elements})
    others = [other if each is granted else each for each in permissions.statements]
    return Permissions(others, permissions.calls, permissions.key_names)


def test_a_permission_too_many_is_found(permissions: Permissions) -> None:
    run_job = one(permissions, "cross-account, data", "RunJob")
    more = changed(permissions, run_job, Action=[*run_job.actions, "glue:DeleteJob"])

    (problem,) = problems(more)

    assert problem.startswith("cross-account, data, statement RunJob: nothing used glue:DeleteJob")


def test_a_resource_too_many_is_found(permissions: Permissions) -> None:
    read = one(permissions, "Glue", "ReadScriptAndData")
    elsewhere = "arn:aws:s3:::another-owners/data.csv"
    more = changed(permissions, read, Resource=[*read.resources, elsewhere])

    assert problems(more) == [
        f"Glue, statement ReadScriptAndData: nothing used s3:GetObject on {elsewhere}"
    ]


def test_a_wildcard_is_found(permissions: Permissions) -> None:
    follow = one(permissions, "cross-account, ML", "FollowTraining")

    (wide,) = problems(changed(permissions, follow, Resource="*"))[:1]

    assert "wildcard without a reason" in wide
    assert any(
        "lambda:*" in each for each in problems(changed(permissions, follow, Action="lambda:*"))
    )


def test_a_reason_for_a_used_permission_is_found(
    permissions: Permissions, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = permission_reasons.Unseen(
        kind="Lambda", sid="WriteSummary", permission="s3:PutObject", why="", document=""
    )
    lines = [*permission_reasons.unseen(), stale]
    monkeypatch.setattr(permission_reasons, "unseen", lambda: lines)

    (problem,) = problems(permissions)

    assert problem.startswith("Lambda, statement WriteSummary: s3:PutObject was used")


def test_every_explained_permission_is_granted_somewhere(permissions: Permissions) -> None:
    granted = {
        (each.kind, each.sid, permission)
        for each in permissions.statements
        for permission in each.permissions
    }

    assert [line.key for line in permission_reasons.unseen() if line.key not in granted] == []


def test_the_page_lists_every_permission(
    permissions: Permissions, hold_table: Callable[[Table], None]
) -> None:
    rows = [
        row
        for granted in permissions.statements
        if granted.allows
        for row in rows_of(permissions, granted)
    ]
    hold_table(
        Table(
            name="permissions",
            title="Every permission that is granted is used",
            text=TEXT,
            columns=COLUMNS,
            rows=rows,
        )
    )
