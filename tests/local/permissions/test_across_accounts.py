"""The statements that only a pipeline in an account of its own brings: used, explained, missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import yaml

from local.run.run_directory import CHECKOUT
from tests import permission_reasons
from tests.local.kept_run import KeptRun, keeping
from tests.local.permissions.page_rows import COLUMNS, rows_of
from tests.local.permissions.replayed_calls import evaluator
from tests.local.permissions.test_each_statement_removed import lost, on_paper
from tests.local.permissions.used_permissions import Permissions, problems
from tests.verification import Table

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]

ELSEWHERE = "333333333333"

TEXT = """
What the policies hold besides where the ML pipeline of the stack `local` is in an account of its
own, found like [permissions.md](permissions.md) and [statements.md](statements.md): whether a run
uses each permission, and what is denied where the statement is removed.
"""


@pytest.fixture(scope="module")
def across_accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRun]:
    """A run of the stack `local` with its ML pipeline in a third account."""
    directory = tmp_path_factory.mktemp("across accounts")
    stack = directory / "Pulumi.local.yaml"
    content = yaml.safe_load((CHECKOUT / "stacks" / stack.name).read_text(encoding="utf-8"))
    topology = content["config"]["unified-pipelines:topology"]
    topology["accounts"]["elsewhere"] = {"id": ELSEWHERE}
    for pipeline in topology["ml_pipelines"].values():
        pipeline["account"] = "elsewhere"
    stack.write_text(yaml.safe_dump(content), encoding="utf-8")
    with keeping(directory, str(stack)) as run:
        yield run.and_one_by_hand()


@pytest.fixture(scope="module")
def permissions(across_accounts: KeptRun) -> Iterator[Permissions]:
    with evaluator():
        yield Permissions.of(across_accounts)


ADDITIONAL = {"AcceptReplicas", "ShowVersioning", "AcceptReplicaEncryption"}
"""The statements that let the source's account in."""


def test_nothing_is_granted_that_is_neither_used_nor_explained(permissions: Permissions) -> None:
    assert problems(permissions) == []


def test_every_call_is_decided_again_as_the_gateway_decided_it(permissions: Permissions) -> None:
    policies = permissions.policies

    assert [call for call in permissions.calls if policies.decision(call) != call.decision] == []


def test_without_its_statement_a_call_of_the_run_is_denied(permissions: Permissions) -> None:
    used = [granted for granted in permissions.statements if permissions.uses[granted]]

    assert [granted.sid for granted in used if not lost(permissions, granted)] == []


def test_every_explained_permission_is_granted_somewhere(permissions: Permissions) -> None:
    granted = {
        (each.kind, each.sid, permission)
        for each in permissions.statements
        for permission in each.permissions
    }

    assert [line.key for line in permission_reasons.unseen() if line.key not in granted] == []


def test_the_page_lists_the_additional_statements(
    permissions: Permissions, hold_table: Callable[[Table], None]
) -> None:
    rows = [
        (*row, on_paper(permissions, granted))
        for granted in permissions.statements
        if granted.sid in ADDITIONAL
        for row in rows_of(permissions, granted)
    ]
    assert {sid for _, _, sid, *_ in rows} == ADDITIONAL
    hold_table(
        Table(
            name="permissions-across-accounts",
            title="The permissions that a pipeline in an account of its own brings",
            text=TEXT,
            columns=(*COLUMNS, "without the statement"),
            rows=rows,
        )
    )
