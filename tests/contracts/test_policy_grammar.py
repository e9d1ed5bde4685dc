"""IAM's grammar: every policy of the program and of the bootstrap, as parliament reads it.

parliament knows the actions, resource types, condition keys and operators of AWS's Service
Authorization Reference. What it finds besides stands in `EXPLAINED`, with the reason.
"""

from __future__ import annotations

import dataclasses
import json
import warnings
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pytest

from bootstrap.policies.documents import operator_policies
from tests.contracts.evaluated_policies import boundary, deploy, scope
from tests.mocks import private_stack, stack_as_it_is
from tests.permission_reasons import listed
from tests.policy_documents import Statement, policy_documents

with warnings.catch_warnings():
    # It leaves its data files open, and its source has an escape that Python warns of.
    warnings.simplefilter("ignore")
    from parliament import analyze_policy_string, iam_definition

STACKS = ("dev", "local", "prod")
ACCOUNTS = ("333333333333", "444444444444", "555555555555")
"""The accounts of the stack `prod`."""

JUDGED_ELSEWHERE = {"RESOURCE_STAR", "RESOURCE_POLICY_PRIVILEGE_ESCALATION"}
"""Not grammar, but how wide a permission is: the tests of least privilege and of the boundary."""

MISSPELLED = {"UNKNOWN_ACTION", "UNKNOWN_PREFIX", "UNKNOWN_OPERATOR", "MALFORMED"}
"""What the bootstrap's policies are held to: their statements share resources."""

EXPLAINED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("LogEncryption", "UNKNOWN_CONDITION_FOR_ACTION"): (
            "AWS's page 'Encrypt log data in CloudWatch Logs' puts kms:Describe* under it"
        ),
        ("LogEncryption", "MISMATCHED_TYPE"): "AWS's page compares the log group's ARN as one",
        ("NetworkInterfaces", "UNKNOWN_CONDITION_FOR_ACTION"): (
            "lambda:SourceFunctionArn is in every call that a function's code makes"
        ),
        ("DenyOtherKey", "MISMATCHED_TYPE_BUT_USABLE"): "S3 compares the key's ARN as a string",
    }
)
"""What is right although parliament finds it, by Sid and issue."""


def findings(statement: Statement) -> Iterator[str]:
    """What parliament finds in one statement, less what is explained."""
    if "Principal" in statement and "Resource" not in statement:
        # A trust policy is about its role; parliament reads documents that name their resource.
        statement = {**statement, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for finding in analyze_policy_string(document).findings:
        explained = (statement.get("Sid", ""), finding.issue) in EXPLAINED
        if finding.issue not in JUDGED_ELSEWHERE and not explained:
            yield f"{statement.get('Sid')}: {finding.issue} {finding.detail}"


def program_statements(stack: str) -> list[Statement]:
    return [
        statement
        for entry in (private_stack() if stack == "private" else stack_as_it_is(stack))
        for document in policy_documents(dict(entry.inputs))
        for statement in document.statements
    ]


@pytest.mark.parametrize("stack", [*STACKS, "private"])
def test_every_policy_of_the_program(stack: str) -> None:
    statements = {json.dumps(each, sort_keys=True) for each in program_statements(stack)}
    assert len(statements) > 50
    found = [text for each in sorted(statements) for text in findings(json.loads(each))]
    assert found == []


def bootstrap_statements(account_id: str) -> list[Statement]:
    of = dataclasses.replace(
        scope("prod", account_id),
        is_private=True,
        endpoint_regions=("us-west-2",),
        has_transit_gateways=True,
        has_networks=True,
    )
    operator = map(json.loads, operator_policies(of).values())
    documents = [*deploy(of).values(), boundary(of), *operator]
    return [statement for document in documents for statement in document["Statement"]]


@pytest.mark.parametrize("account_id", ACCOUNTS)
def test_no_policy_of_the_bootstrap_misspells_anything(account_id: str) -> None:
    found = [text for each in bootstrap_statements(account_id) for text in findings(each)]
    assert [text for text in found if any(f" {issue} " in text for issue in MISSPELLED)] == []


def without_resource() -> set[str]:
    """The actions that AWS authorizes on no resource: a policy that names one allows nothing."""
    return {
        f"{service['prefix']}:{each['privilege']}"
        for service in iam_definition
        for each in service["privileges"]
        if not any(kind["resource_type"] for kind in each["resource_types"])
    }


@pytest.mark.parametrize("account_id", ACCOUNTS)
def test_what_has_no_resource_is_allowed_on_all(account_id: str) -> None:
    narrow, everywhere = set[str](), set[str]()
    for statement in bootstrap_statements(account_id):
        if statement["Effect"] == "Allow" and "Action" in statement:
            is_narrow = "*" not in listed(statement["Resource"])
            (narrow if is_narrow else everywhere).update(listed(statement["Action"]))
    assert (narrow - everywhere) & without_resource() == set()


@pytest.mark.parametrize(
    ("change", "issue"),
    [
        ({"Action": "glue:StartJobRunn"}, "UNKNOWN_ACTION"),
        ({"Effect": "Alow"}, "MALFORMED"),
        ({"Resource": "arn:aws:s3:::bucket/*"}, "RESOURCE_MISMATCH"),
        (
            {"Condition": {"StringEqualz": {"aws:SourceAccount": "1"}}},
            "UNKNOWN_OPERATOR",
        ),
        (
            {"Condition": {"StringEquals": {"s3:prefix": "raw/"}}},
            "UNKNOWN_CONDITION_FOR_ACTION",
        ),
    ],
)
def test_a_mistake_is_found(change: Statement, issue: str) -> None:
    job = "arn:aws:glue:us-east-1:111111111111:job/transform"
    right = {"Sid": "Start", "Effect": "Allow", "Action": "glue:StartJobRun", "Resource": job}
    assert list(findings(right)) == []
    assert any(f" {issue} " in text for text in findings({**right, **change}))
