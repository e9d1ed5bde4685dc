"""A failing policy test names the statements that differ, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.components.policy_difference import difference


def statement(sid: str, **elements: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


READ, WRITE = statement("Read"), statement("Write", Action="s3:PutObject")


def test_equal_policies_differ_in_nothing() -> None:
    assert difference(policy(READ, WRITE), policy(READ, WRITE)) == []


def test_an_added_and_a_removed_statement() -> None:
    removed, added = difference(policy(WRITE), policy(READ))
    assert removed.startswith('removed Read: {"Action": "s3:GetObject", "Effect": "Allow"')
    assert added.startswith('added Write: {"Action": "s3:PutObject", "Effect": "Allow"')


def test_a_changed_statement_shows_its_changed_elements() -> None:
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    changed = statement("Read", Action=["s3:GetObject", "s3:ListBucket"], Condition=condition)

    assert difference(policy(changed, WRITE), policy(READ, WRITE)) == [
        'changed Read: Action: ["s3:GetObject", "s3:ListBucket"], expected "s3:GetObject"',
        'changed Read: Condition: {"Bool": {"aws:SecureTransport": "true"}}, expected null',
    ]


def test_another_order_of_the_statements() -> None:
    assert difference(policy(WRITE, READ), policy(READ, WRITE)) == [
        "order of the statements: ['Write', 'Read'], expected ['Read', 'Write']"
    ]


def test_another_version() -> None:
    assert difference(policy(READ, version="2008-10-17"), policy(READ)) == [
        'Version: "2008-10-17", expected "2012-10-17"'
    ]


def test_a_sid_twice_is_told() -> None:
    with pytest.raises(AssertionError, match="a Sid is there twice"):
        difference(policy(READ, READ), policy(READ, WRITE))
