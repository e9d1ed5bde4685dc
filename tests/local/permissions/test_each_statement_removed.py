"""Without any one statement something fails, and says which permission is missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import permission_reasons
from tests.local.kept_run import KeptRun
from tests.local.permissions.denied_attempts import ATTEMPTS
from tests.local.permissions.policy_statements import Granted
from tests.local.permissions.policy_without_statement import without_statement
from tests.local.permissions.removals_in_a_run import in_a_run
from tests.local.permissions.replayed_calls import Recorded
from tests.local.permissions.used_permissions import Permissions
from tests.verification import Table

pytestmark = pytest.mark.end_to_end

TEXT = """
What happens where one statement is removed of the stack `local`, with its ML pipeline in an account
of its own.

*On paper*: the calls of a run of `make local` are decided again, by the gateway's own evaluator,
under the policies less the statement. The column names the permissions that are denied then, each
to the statement's own role or through its resource; the run would have ended there. Under the whole
policies every call is decided as it was in the run. A statement that denies is removed in the
embedded AWS, with an attempt before, meanwhile and after. *In a run*: the statement is removed in
the embedded AWS and the DAGs are run; the message is in the task's log. Where a run needs no
permission of the statement, [permissions.md](permissions.md) has AWS's reason for each of them.
"""


def lost(permissions: Permissions, granted: Granted) -> list[Recorded]:
    """The run's calls that are denied without the statement."""
    rest = permissions.policies.without(granted)
    return [call for call in permissions.uses[granted] if rest.decision(call) != "allow"]


def test_every_call_is_decided_again_as_the_gateway_decided_it(permissions: Permissions) -> None:
    policies = permissions.policies
    others = [call for call in permissions.calls if policies.decision(call) != call.decision]

    assert len(permissions.calls) > 200
    assert others == []


def test_without_its_statement_a_call_of_the_run_is_denied(permissions: Permissions) -> None:
    """A statement that no call used is AWS's own business, or the other test finds it."""
    superfluous = [
        f"{granted.kind}, statement {granted.sid}: another statement grants the same"
        for granted in permissions.statements
        if permissions.uses[granted] and not lost(permissions, granted)
    ]

    assert superfluous == []


@pytest.mark.parametrize("sid", ATTEMPTS)
@pytest.mark.parametrize("kind", ["hub", "data", "ML"])
def test_without_its_statement_a_denied_attempt_goes_through(
    kept: KeptRun, permissions: Permissions, kind: str, sid: str
) -> None:
    attempt = ATTEMPTS[sid]
    (denying,) = [
        each for each in permissions.statements if (each.kind, each.sid) == (f"bucket, {kind}", sid)
    ]
    account_regions = {
        "hub": kept.plan.hub,
        "data": kept.data.account_region,
        "ML": kept.ml.account_region,
    }
    where = (kept, account_regions[kind], denying.holder.rpartition(":")[2])

    assert "explicit deny in a resource-based policy" in attempt.refusal(*where)
    with without_statement(kept, denying):
        assert attempt.refusal(*where) == attempt.refused_as_well
    assert "explicit deny in a resource-based policy" in attempt.refusal(*where)


def test_every_denying_statement_is_tried(permissions: Permissions) -> None:
    denying = {each.sid for each in permissions.statements if not each.allows}

    assert denying == set(ATTEMPTS)


def test_the_page_lists_every_statement(
    permissions: Permissions, hold_table: Callable[[Table], None]
) -> None:
    rows = [
        (
            granted.kind,
            granted.sort,
            granted.sid,
            permissions.on(granted),
            on_paper(permissions, granted),
            in_a_run(granted),
        )
        for granted in permissions.statements
    ]
    hold_table(
        Table(
            name="statements",
            title="Every statement is missed when it is removed",
            text=TEXT,
            columns=["whose", "policy", "statement", "on", "on paper", "in a run"],
            rows=rows,
        )
    )


def on_paper(permissions: Permissions, granted: Granted) -> str:
    """What is different without the statement."""
    if not granted.allows:
        attempt = ATTEMPTS[granted.sid]
        return f"no longer denied: {attempt.what}"
    sometimes = {line.key for line in permission_reasons.unseen() if line.sometimes}
    denied = sorted(
        {
            named(call)
            for call in lost(permissions, granted)
            if (granted.kind, granted.sid, call.permission) not in sometimes
        }
    )
    if denied:
        return "denied: " + ", ".join(denied)
    whys = sorted(
        {
            line.document
            for line in permission_reasons.unseen()
            if (line.kind, line.sid) == (granted.kind, granted.sid)
        }
    )
    return "nothing here; AWS needs it: " + ", ".join(whys)


def named(call: Recorded) -> str:
    """A denied permission, and the call of another service that needed it."""
    cause = call.because_of
    other = cause is not None and cause.partition(":")[0] != call.action.partition(":")[0]
    return f"{call.permission} for {cause}" if other else call.permission
