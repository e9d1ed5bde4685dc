"""IAM statements and policy documents, written the same way everywhere.

A statement is a plain dictionary, so a test can compare it with the table it was written from. ARNs
are strings computed by `components.aws.naming`; a document that needs another resource's output is
made inside `Output.apply`. Nothing here imports Pulumi.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

Statement = dict[str, Any]
"""One statement of a policy document, with IAM's own keys."""

Condition = Mapping[str, Mapping[str, Any]]
"""A statement's conditions: operator, then condition key, then one value or a list of values."""

POLICY_VERSION = "2012-10-17"
"""The version of IAM's policy language; the older one lacks policy variables."""

MANAGED_POLICY_LIMIT = 6144
"""Characters of a managed policy, white space not counted (IAM quotas)."""

EVERYTHING = "*"
"""For the few actions that know no resource; each use says which they are."""

KEY_DELEGATION_ACTION = "kms:*"
"""The one wildcard that may be allowed: a key's policy delegates to its account through it, so that
IAM policies of that account can grant use of the key and the key never becomes unmanageable."""

_ACTION = re.compile(r"[a-z0-9*-]+:[A-Za-z0-9*]+")


def statement(
    sid: str,
    actions: str | Sequence[str],
    resources: str | Sequence[str],
    condition: Condition | None = None,
    principals: Mapping[str, str | Sequence[str]] | None = None,
    *,
    effect: Literal["Allow", "Deny"] = "Allow",
) -> Statement:
    """One statement. Lists are sorted, so the order in which a caller writes them changes nothing.

    `principals` is for resource policies and trusts only, as `{"Service": ...}` or `{"AWS": ...}`.
    A trust policy has no resource: pass an empty list. Raises ValueError for a name that IAM would
    refuse or for a wildcard in an allowed action.
    """
    action_list = _listed(actions)
    resource_list = _listed(resources)
    _check(sid, action_list, effect)
    document: Statement = {"Sid": sid, "Effect": effect}
    if principals:
        document["Principal"] = {kind: _single(_listed(who)) for kind, who in principals.items()}
    document["Action"] = _single(action_list)
    if resource_list:
        document["Resource"] = _single(resource_list)
    if condition:
        document["Condition"] = {
            operator: {key: _value(value) for key, value in keys.items()}
            for operator, keys in condition.items()
        }
    return document


def policy_document(statements: Sequence[Mapping[str, Any]]) -> str:
    """The policy of `statements` as compact JSON with sorted keys: equal policies, equal text."""
    sids = [entry["Sid"] for entry in statements]
    repeated = sorted({sid for sid in sids if sids.count(sid) > 1})
    if repeated:
        raise ValueError(f"the statement ids {repeated} occur twice in one policy: rename one")
    document = {"Version": POLICY_VERSION, "Statement": list(statements)}
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def service_trust(*services: str, condition: Condition | None = None) -> str:
    """The trust policy of a role that AWS `services` (such as `glue.amazonaws.com`) assume."""
    return policy_document(
        [statement("Trust", "sts:AssumeRole", [], condition, principals={"Service": services})]
    )


def _check(sid: str, actions: Sequence[str], effect: str) -> None:
    """Refuse what IAM would refuse, and what least privilege forbids."""
    if not sid.isalnum():
        raise ValueError(f"statement id {sid!r}: IAM allows letters and digits only")
    if not actions:
        raise ValueError(f"statement {sid}: name at least one action")
    for action in actions:
        if not _ACTION.fullmatch(action):
            raise ValueError(f"statement {sid}: {action!r} is not an action like 's3:GetObject'")
        if effect == "Allow" and "*" in action and action != KEY_DELEGATION_ACTION:
            raise ValueError(
                f"statement {sid} allows {action!r}: write out the actions, wildcards grant "
                "every action that AWS adds later"
            )


def _listed(values: str | Sequence[str]) -> list[str]:
    return [values] if isinstance(values, str) else sorted(set(values))


def _single(values: list[str]) -> str | list[str]:
    """A lone value bare, as IAM writes it back, so that a refresh sees no difference."""
    return values[0] if len(values) == 1 else values


def _value(value: Any) -> Any:
    return _single(_listed(value)) if isinstance(value, (list, tuple)) else value
