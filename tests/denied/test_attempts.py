"""Each attempt is denied for its reason, and the allowed call beside it succeeds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.denied.attempts import Attempt, EvaluatedAttempt, attempts, evaluated_attempts, reason
from tests.denied.deployed_policies import (
    Request,
    Statement,
    evaluated,
    evaluated_by_resource,
    evaluated_by_trust,
    holds,
    names_action,
    statements,
    unfit,
)
from tests.denied.deployed_stacks import GITHUB_JOB, ROLES, DeployedStacks, Outcome
from tests.denied.placeholders import Values, changed, filled_in
from tests.verification import Table


def _name(each: Attempt | EvaluatedAttempt) -> str:
    return f"{each.who}: {each.attempt}: {each.thing}"


def _try(stacks: DeployedStacks, known: Values, attempt: Attempt) -> Outcome:
    return stacks.call(
        attempt.call,
        filled_in(dict(attempt.arguments), known),
        who=attempt.who,
        region=stacks.owners[attempt.at].region,
        tls=attempt.tls,
        decided_for=attempt.service,
    )


def _decisions(outcome: Outcome) -> set[str]:
    return {row["decision"] for row in outcome.decisions}


@pytest.mark.parametrize("attempt", attempts(), ids=_name)
def test_it_is_denied_for_its_reason(
    stacks: DeployedStacks, known: Values, attempt: Attempt
) -> None:
    outcome = _try(stacks, known, attempt)
    assert outcome.code.startswith(attempt.code), outcome
    assert attempt.because
    for policy, why in attempt.because.items():
        kind, _, of = policy.partition(" of ")
        if kind == "settings":
            assert _decisions(outcome) == {"allow"}
            assert set(why) <= stacks.settings(stacks.owners[of])
            continue
        denial = _denial(attempt, outcome, known, kind)
        if kind == "passing":
            assert denial["resource"].split(":")[4] != known[why]
        elif isinstance(why, str):
            assert denial["decision"] == "deny"
            with stacks.bucket_without(stacks.owners[of], why):
                assert _decisions(_try(stacks, known, attempt)) == {"allow"}
        else:
            assert denial["decision"] == "implicit-deny"
            request = Request(
                principal=attempt.service or stacks.principal(attempt.who),
                action=attempt.action,
                resource=denial["resource"],
                conditions=denial["conditions"],
            )
            _hold_statements(why, statements(stacks, policy, attempt.who), request)


def _denial(attempt: Attempt, outcome: Outcome, known: Values, kind: str) -> dict[str, Any]:
    """The one decision against the call, which is the expected one."""
    if attempt.unrecorded is not None:
        assert outcome.decisions == []
        resource = filled_in(attempt.unrecorded, known)
        return {"decision": "implicit-deny", "resource": resource, "conditions": {}}
    (denial,) = [row for row in outcome.decisions if row["decision"] != "allow"]
    assert (denial["action"], denial["because_of"]) == (attempt.action, attempt.needed_by), outcome
    assert (denial["policy"] == "trust") == (kind == "trust"), outcome
    return denial


def _hold_statements(expected: Mapping[str, Any], found: list[Statement], request: Request) -> None:
    """Just the expected statements allow the action, and each doesn't hold for its reason."""
    allowing = {
        each["Sid"]: each
        for each in found
        if each["Effect"] == "Allow" and names_action(each, request.action)
    }
    assert set(allowing) == set(expected)
    for sid, why in expected.items():
        if isinstance(why, str):
            assert unfit(allowing[sid], request) == why, sid
        else:
            assert unfit(allowing[sid], request) is None, sid
            _hold_keys(allowing[sid], set(why), request)


def _hold_keys(statement: Statement, keys: set[str], request: Request) -> None:
    """A statement fails on each of `keys`, and on no other condition key."""
    assert holds(statement, request, but=keys), statement
    for key in keys:
        assert not holds(statement, request, but=keys - {key}), (key, statement)


_RIGHT = [attempt for attempt in attempts() if attempt.allowed is not None]


@pytest.fixture(scope="session")
def tried() -> dict[str, Outcome]:
    """The results of the allowed calls: several attempts have the same one."""
    return {}


@pytest.mark.parametrize("attempt", _RIGHT, ids=_name)
def test_the_allowed_call_succeeds(
    stacks: DeployedStacks, known: Values, tried: dict[str, Outcome], attempt: Attempt
) -> None:
    changes = dict(attempt.allowed or {})
    code = changes.pop("code", "")
    arguments = changed(attempt.arguments, changes.pop("with", {}))
    allowed = dataclasses.replace(attempt, arguments=arguments, **changes)
    identity = json.dumps([allowed.who, allowed.at, allowed.call, allowed.arguments, allowed.tls])
    if identity not in tried:
        tried[identity] = _try(stacks, known, allowed)
    outcome = tried[identity]
    assert outcome.code == code, outcome
    assert allowed.action in {row["action"] for row in outcome.decisions}
    assert _decisions(outcome) == {"allow"}


def _request(stacks: DeployedStacks, known: Values, each: EvaluatedAttempt) -> Request:
    return Request(
        principal=each.service or stacks.principal(each.who),
        action=each.action,
        resource=filled_in(each.resource, known),
        conditions=filled_in(dict(each.context), known),
    )


def _evaluation(stacks: DeployedStacks, known: Values, each: EvaluatedAttempt) -> str:
    request, found = _request(stacks, known, each), statements(stacks, each.policy, each.who)
    if each.policy == "role":
        return evaluated(request, found)
    if each.who.startswith(GITHUB_JOB):
        return evaluated_by_trust(request, found)
    return evaluated_by_resource(request, found, each.service)


@pytest.mark.parametrize("each", evaluated_attempts(), ids=_name)
def test_the_policy_denies_it_for_its_reason(
    stacks: DeployedStacks, known: Values, each: EvaluatedAttempt
) -> None:
    assert _evaluation(stacks, known, each) == "ImplicitDeny"
    assert each.because
    for policy, why in each.because.items():
        _hold_statements(why, statements(stacks, policy, each.who), _request(stacks, known, each))


_ALLOWED_OTHERWISE = [each for each in evaluated_attempts() if each.allowed is not None]


@pytest.mark.parametrize("each", _ALLOWED_OTHERWISE, ids=_name)
def test_the_policy_allows_the_permitted_call(
    stacks: DeployedStacks, known: Values, each: EvaluatedAttempt
) -> None:
    allowed = dataclasses.replace(each, **(each.allowed or {}))
    assert _evaluation(stacks, known, allowed) == "Allow"


def test_every_kind_of_role_tries_something() -> None:
    tried = {each.who.partition(" role of ")[0] for each in attempts()}
    assert set(ROLES) <= tried


def test_the_page_lists_every_attempt(hold_table: Callable[[Table], None]) -> None:
    listed: list[Attempt | EvaluatedAttempt] = [*attempts(), *evaluated_attempts()]
    rows = [(each.who, each.attempt, each.thing, reason(each), each.checked_by) for each in listed]
    hold_table(Table(name="denied", title=_TITLE, text=_TEXT, columns=_COLUMNS, rows=rows))


_COLUMNS = ("who", "attempt", "on", "denied because", "checked by")
_TITLE = "Denied attempts"
_TEXT = """
Two stacks are deployed into one embedded AWS, without Airflow. The first is
`stacks/Pulumi.local.yaml`: `hub` in the account central, the data pipeline `east1` and the ML
pipeline `west2` in the account analytics. The second shares these accounts: `otherhub`; the data
pipelines `sales` and `stock` side by side in one account and Region; the ML pipelines `churn` (from
sales) and `demand` (from stock) likewise; `abroad` (from sales) in a third account, research; and
the access `reports` in the account team, which has nothing else.
An administrator may do all that an account can let a role do, a namesake is one with the name of a
role of the stacks, and in the account foreign nothing is deployed.

For each attempt the test makes the call and finds the denial in the gateway's record, with the
action and the policy that the row names. It reads that policy back and finds in it just the
statements that the row names, each failing on what the row says and on nothing else; a statement
that denies is removed for a moment, and the same call then passes. And the allowed call beside it
succeeds, where there is one: by a principal that may make it, with the correct ExternalId, over
TLS, under the correct key.

Where the embedded AWS is softer than AWS, or can't make the call, the last column says why, and
the evaluator decides on the deployed policy with the request's condition keys. AWS allows no role
to be passed out of its account, and documents no source condition for Glue, for Lambda's execution
roles and for S3's replication: what keeps these from acting for another account is that no
principal there can pass them the role.
"""
