"""Policy documents are found by their content, in every resource type and input."""

from __future__ import annotations

import json

import pytest

from tests.policy_documents import policy_documents

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
OPEN = {**READ, "Principal": {"AWS": "*"}}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "x"}}


def document(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_they_are_found_at_every_depth() -> None:
    inputs = {
        "policy": document(READ),
        "rules": [{"id": "a"}, {"inner": {"text": document(OPEN, READ)}}],
    }

    found = {each.path: each.statements for each in policy_documents(inputs)}

    assert found == {"policy": [READ], "rules.1.inner.text": [OPEN, READ]}


def test_a_single_statement_needs_no_list() -> None:
    (found,) = policy_documents({"policy": json.dumps({"Statement": READ})})
    assert found.statements == [READ]


@pytest.mark.parametrize(
    "text", ["", "{}", '"Statement"', '["Statement"]', '{"Sid": "Statement"}', '{"Statement": ']
)
def test_other_strings_are_none(text: str) -> None:
    assert list(policy_documents({"content": text, "number": 1})) == []


@pytest.mark.parametrize(
    ("statement", "of_identity", "is_trust"),
    [(READ, True, False), (OPEN, False, False), (TRUST, False, True)],
)
def test_whose_they_are_follows_from_their_statements(
    statement: object, *, of_identity: bool, is_trust: bool
) -> None:
    (found,) = policy_documents(document(statement))
    assert (found.of_identity, found.is_trust) == (of_identity, is_trust)
