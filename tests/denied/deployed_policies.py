"""The deployed policies, read back, and why a statement of theirs doesn't allow something."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import fnmatch_iam, fnmatch_iam_cs

from tests.denied.deployed_stacks import ACCOUNTS, DeployedStacks
from tests.denied.resource_names import Owner
from tests.local.permissions.replayed_calls import evaluator

Statement = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was denied."""

    principal: str
    """Who asked: a role's or a root's ARN, or a service's host name."""

    action: str
    resource: str
    conditions: Mapping[str, Any]
    """The condition keys that it brought."""


def statements(stacks: DeployedStacks, policy: str, who: str) -> list[Statement]:
    """Every statement of a policy: `role` for all of the caller's own, else `<kind> of <owner>`."""
    if policy == "role":
        return list(_of_role(stacks, stacks.role_arn(who)))
    kind, _, of = policy.partition(" of ")
    if kind == "trust":
        return _trust(stacks, stacks.role_arn(of))
    return _parsed(_RESOURCE_POLICIES[kind](stacks, stacks.owners[of]))


def _of_role(stacks: DeployedStacks, arn: str) -> Iterator[Statement]:
    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    iam = stacks.root("iam", account)
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        found = iam.get_role_policy(RoleName=name, PolicyName=policy)
        yield from _parsed(found["PolicyDocument"])
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        policy = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]
        version = iam.get_policy_version(
            PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"]
        )
        yield from _parsed(version["PolicyVersion"]["Document"])


def _trust(stacks: DeployedStacks, arn: str) -> list[Statement]:
    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    role = stacks.root("iam", account).get_role(RoleName=name)["Role"]
    return _parsed(role["AssumeRolePolicyDocument"])


def _bucket(stacks: DeployedStacks, owner: Owner) -> Any:
    s3 = stacks.root("s3", owner.account, owner.region)
    return s3.get_bucket_policy(Bucket=owner.bucket)["Policy"]


def _key(stacks: DeployedStacks, owner: Owner) -> Any:
    s3 = stacks.root("s3", owner.account, owner.region)
    encryption = s3.get_bucket_encryption(Bucket=owner.bucket)
    (rule,) = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    kms = stacks.root("kms", owner.account, owner.region)
    return kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]


def _function(stacks: DeployedStacks, owner: Owner) -> Any:
    functions = stacks.root("lambda", owner.account, owner.region)
    try:
        return functions.get_policy(FunctionName=owner.function)["Policy"]
    except functions.exceptions.ResourceNotFoundException:
        return None


def _secret(stacks: DeployedStacks, owner: Owner) -> Any:
    manager = stacks.root("secretsmanager", ACCOUNTS["central"])
    return manager.get_resource_policy(SecretId=owner.secret).get("ResourcePolicy")


_RESOURCE_POLICIES = {"bucket": _bucket, "key": _key, "function": _function, "secret": _secret}


def _parsed(document: Any) -> list[Statement]:
    parsed = json.loads(document or "{}") if isinstance(document, str | None) else document
    return list(parsed.get("Statement", []))


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def names_action(statement: Statement, action: str) -> bool:
    """Whether a statement is about an action."""
    return any(fnmatch_iam(action, pattern) for pattern in _listed(statement["Action"]))


def names_resource(statement: Statement, resource: str) -> bool:
    """Whether a statement is about a resource; a trust policy's has none but the role."""
    patterns = _listed(statement.get("Resource", "*"))
    return any(fnmatch_iam_cs(resource, pattern) for pattern in patterns)


def names_principal(statement: Statement, principal: str) -> bool:
    """Whether a resource's statement is for a principal; a role's own has no principal."""
    if "Principal" not in statement:
        return True
    named = [each for value in statement["Principal"].values() for each in _listed(value)]
    account = f"arn:aws:iam::{principal.split(':')[4]}:root" if ":" in principal else None
    return "*" in named or principal in named or account in named


def unfit(statement: Statement, request: Request) -> str | None:
    """What keeps a statement from being about a request, its conditions aside."""
    if not names_principal(statement, request.principal):
        return "principal"
    return None if names_resource(statement, request.resource) else "resource"


def holds(statement: Statement, request: Request, *, but: Iterable[str] = ()) -> bool:
    """Whether a statement's conditions hold for a request; those on the keys `but` aside."""
    conditions = {
        operator: {key: value for key, value in keys.items() if key not in but}
        for operator, keys in statement.get("Condition", {}).items()
    }
    asked = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": conditions}
    return evaluated(request, [asked]) == "Allow"


def evaluated(request: Request, document: Sequence[Statement]) -> str:
    """The evaluator's decision on a request, by a role's policies."""
    parsed = iam_evaluator.parse_policy_document({"Statement": list(document)})
    with evaluator():
        return str(iam_evaluator.evaluate(_context(request), [parsed]).decision)


def evaluated_by_resource(
    request: Request, document: Sequence[Statement], service: str | None
) -> str:
    """The evaluator's decision on a request, by a resource's policy or a trust policy."""
    decided = iam_evaluator.evaluate_resource_policy(
        {"Statement": list(document)}, _context(request), service=service
    )
    return str(decided.decision)


def evaluated_by_trust(request: Request, document: Sequence[Statement]) -> str:
    """The evaluator's decision on a caller with another provider's token, by a trust policy."""
    trusted = iam_evaluator.evaluate_trust_policy(
        {"Statement": list(document)}, request.principal, _context(request)
    )
    return "Allow" if trusted else "ImplicitDeny"


def _context(request: Request) -> iam_evaluator.EvalContext:
    return iam_evaluator.EvalContext(
        principal_arn=request.principal,
        principal_type="WebIdentityUser" if ":oidc-provider/" in request.principal else "",
        principal_account="",
        action=request.action,
        resource_arn=request.resource,
        region="",
        secure_transport=True,
        service_context={key.lower(): value for key, value in request.conditions.items()},
    )
