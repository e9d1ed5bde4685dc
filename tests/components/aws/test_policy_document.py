"""The helper that every statement is written with."""

from __future__ import annotations

import json

import pytest

from components.aws.policy_document import policy_document, service_trust, statement


class TestStatement:
    """A statement has IAM's own keys, and is the same in every order of its lists."""

    def test_has_only_what_was_given(self) -> None:
        assert statement("Read", "s3:GetObject", "arn:aws:s3:::a/*") == {
            "Sid": "Read",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::a/*",
        }

    def test_sorts_lists_and_drops_repetitions(self) -> None:
        made = statement(
            "Read",
            ["s3:ListBucket", "s3:GetObject", "s3:GetObject"],
            ["b", "a"],
            {"StringEquals": {"kms:ViaService": ["z", "y"], "aws:SourceAccount": ["1"]}},
            {"AWS": ["d", "c"]},
        )
        assert made["Action"] == ["s3:GetObject", "s3:ListBucket"]
        assert made["Resource"] == ["a", "b"]
        assert made["Principal"] == {"AWS": ["c", "d"]}
        assert made["Condition"] == {
            "StringEquals": {"kms:ViaService": ["y", "z"], "aws:SourceAccount": "1"}
        }

    def test_a_number_stays_one(self) -> None:
        made = statement("Read", "s3:GetObject", "a", {"NumericLessThan": {"s3:max-keys": 5}})
        assert made["Condition"] == {"NumericLessThan": {"s3:max-keys": 5}}

    @pytest.mark.parametrize("action", ["s3:*", "s3:Get*", "kms:Re*", "*:GetObject"])
    def test_refuses_a_wildcard_in_an_allowed_action(self, action: str) -> None:
        with pytest.raises(ValueError, match="write out the actions"):
            statement("Read", ["s3:ListBucket", action], "*")

    def test_lets_a_deny_and_a_key_delegation_have_one(self) -> None:
        assert statement("Tls", "s3:*", "*", effect="Deny")["Action"] == "s3:*"
        assert statement("Delegation", "kms:*", "*")["Action"] == "kms:*"

    @pytest.mark.parametrize(
        "action", ["GetObject", "s3:", ":GetObject", "*", "s3:Get:Object", "S3:GetObject"]
    )
    def test_refuses_what_is_no_action(self, action: str) -> None:
        with pytest.raises(ValueError, match="is not an action like"):
            statement("Read", action, "*")

    def test_refuses_no_action_at_all(self) -> None:
        with pytest.raises(ValueError, match="at least one action"):
            statement("Read", [], "*")

    @pytest.mark.parametrize("sid", ["", "read it", "read-it"])
    def test_refuses_an_id_that_iam_refuses(self, sid: str) -> None:
        with pytest.raises(ValueError, match="letters and digits only"):
            statement(sid, "s3:GetObject", "*")


class TestSentences:
    """What is refused says where, what, and what to do."""

    @pytest.mark.parametrize(
        ("sid", "actions", "sentence"),
        [
            (
                "read-it",
                "s3:GetObject",
                "statement id 'read-it': IAM allows letters and digits only",
            ),
            ("Read", [], "statement Read: name at least one action"),
            ("Read", "Get", "statement Read: 'Get' is not an action like 's3:GetObject'"),
            (
                "Read",
                "s3:Get*",
                (
                    "statement Read allows 's3:Get*': write out the actions, wildcards grant "
                    "every action that AWS adds later"
                ),
            ),
        ],
    )
    def test_a_statement(self, sid: str, actions: str | list[str], sentence: str) -> None:
        with pytest.raises(ValueError, match="statement") as raised:
            statement(sid, actions, "*")
        assert str(raised.value) == sentence


class TestDocument:
    """Equal policies are equal texts, so no deployment sees a difference where there is none."""

    def test_is_compact_and_sorted(self) -> None:
        assert policy_document([statement("Read", "s3:GetObject", "a")]) == (
            '{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":"a","Sid":"Read"}],'
            '"Version":"2012-10-17"}'
        )

    def test_refuses_an_id_that_occurs_twice(self) -> None:
        one = statement("Read", "s3:GetObject", "a")
        with pytest.raises(ValueError, match=r"\['Read'\] occur twice"):
            policy_document([one, one])

    def test_a_trust_names_services_and_no_resource(self) -> None:
        (trust,) = json.loads(service_trust("glue.amazonaws.com"))["Statement"]
        assert trust == {
            "Sid": "Trust",
            "Effect": "Allow",
            "Principal": {"Service": "glue.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }

    def test_a_trust_has_its_condition(self) -> None:
        condition = {"StringEquals": {"aws:SourceAccount": "111111111111"}}
        text = service_trust("a.amazonaws.com", "b.amazonaws.com", condition=condition)
        (trust,) = json.loads(text)["Statement"]
        assert trust["Principal"] == {"Service": ["a.amazonaws.com", "b.amazonaws.com"]}
        assert trust["Condition"] == condition
