"""Every right that is granted is used by the run, or AWS needs it and a document of AWS says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests import iam_reasons
from tests.local.permissions.page_rows import COLUMNS, rows_of
from tests.local.permissions.policy_statements import Granted
from tests.local.permissions.used_permissions import Rights, problems
from tests.verification import Table

pytestmark = pytest.mark.end_to_end

TEXT = """
Every right of every policy of the stack `local`, as it stands in the embedded AWS, and whether a
run of `make local` uses it. Where it doesn't, the line says why AWS needs it, and the AWS document
that says so; the reasons are kept in `components/iam_reasons.yaml`. A right that is neither used
nor explained fails the test, and so does a reason for a right that is used. What happens where a
statement is taken away is in [statements.md](statements.md); what a policy denies is there, too.
"""


def test_nothing_is_granted_that_is_neither_used_nor_explained(rights: Rights) -> None:
    assert problems(rights) == []


def one(rights: Rights, kind: str, sid: str) -> Granted:
    (found,) = [each for each in rights.statements if (each.kind, each.sid) == (kind, sid)]
    return found


def changed(rights: Rights, granted: Granted, **elements: Any) -> Rights:
    """The run's rights as they would be with another statement in the place of one."""
    other = replace(granted, statement={**granted.statement, **elements})
    others = [other if each is granted else each for each in rights.statements]
    return Rights(others, rights.calls, rights.key_names)


def test_a_right_too_many_is_found(rights: Rights) -> None:
    run_job = one(rights, "cross-account, data", "RunJob")
    more = changed(rights, run_job, Action=[*run_job.actions, "glue:DeleteJob"])

    (problem,) = problems(more)

    assert problem.startswith("cross-account, data, statement RunJob: nothing used glue:DeleteJob")


def test_a_resource_too_many_is_found(rights: Rights) -> None:
    read = one(rights, "Glue", "ReadScriptAndData")
    elsewhere = "arn:aws:s3:::somebody-elses/data.csv"
    more = changed(rights, read, Resource=[*read.resources, elsewhere])

    assert problems(more) == [
        f"Glue, statement ReadScriptAndData: nothing used s3:GetObject on {elsewhere}"
    ]


def test_a_wildcard_is_found(rights: Rights) -> None:
    follow = one(rights, "cross-account, ML", "FollowTraining")

    (wide,) = problems(changed(rights, follow, Resource="*"))[:1]

    assert "wildcard without a reason" in wide
    assert any("lambda:*" in each for each in problems(changed(rights, follow, Action="lambda:*")))


def test_a_reason_for_a_used_right_is_found(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = iam_reasons.Unseen(
        kind="Lambda", sid="WriteSummary", right="s3:PutObject", why="", document=""
    )
    lines = [*iam_reasons.unseen(), stale]
    monkeypatch.setattr(iam_reasons, "unseen", lambda: lines)

    (problem,) = problems(rights)

    assert problem.startswith("Lambda, statement WriteSummary: s3:PutObject was used")


def test_the_page_lists_every_right(rights: Rights, hold_table: Callable[[Table], None]) -> None:
    rows = [
        row for granted in rights.statements if granted.allows for row in rows_of(rights, granted)
    ]
    hold_table(
        Table(
            name="permissions",
            title="Every right that is granted is used",
            text=TEXT,
            columns=COLUMNS,
            rows=rows,
        )
    )
