"""The policies of deploy roles and the boundary, evaluated as the embedded AWS does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from ministack.core import iam_evaluator

from bootstrap.accounts import scopes
from bootstrap.policies.documents import boundary_policy, deploy_policies
from bootstrap.policies.scope import Scope
from components.aws.naming import Names
from components.topology.loading import load_topology
from tests.mocks import ROOT
from tests.topologies import stack_topology

ALLOW_ALL = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}


@cache
def scope(stack: str, account_id: str) -> Scope:
    """The scope of an account of a stack in `stacks/`."""
    names = Names(project="unified-pipelines", stack=stack)
    topology = load_topology(stack_topology(stack), names=names, root=ROOT)
    found = scopes(topology, names).values()
    return next(each for each in found if each.account_id == account_id)


def deploy(of: Scope) -> dict[str, Any]:
    """The documents of the account's deploy role, by the end of their name."""
    return {name: json.loads(text) for name, text in deploy_policies(of).items()}


def boundary(of: Scope) -> Any:
    """The document of the account's permissions boundary."""
    return json.loads(boundary_policy(of))


def decision(
    policies: Sequence[Mapping[str, Any]],
    action: str,
    resource: str = "*",
    *,
    region: str,
    conditions: Mapping[str, str | list[str]] | None = None,
    boundary: Mapping[str, Any] | None = None,
) -> str:
    """`Allow`, `Deny` or `ImplicitDeny`, for a role with these policies within `boundary`."""
    context = iam_evaluator.EvalContext(
        principal_arn="arn:aws:sts::111111111111:assumed-role/role/session",
        principal_type="AssumedRole",
        principal_account="111111111111",
        action=action,
        resource_arn=resource,
        region=region,
        secure_transport=True,
        service_context={key.lower(): value for key, value in (conditions or {}).items()},
    )
    parsed = [iam_evaluator.parse_policy_document(dict(each)) for each in policies]
    limits = [] if boundary is None else [[iam_evaluator.parse_policy_document(dict(boundary))]]
    return str(iam_evaluator.evaluate(context, parsed, *limits).decision)
