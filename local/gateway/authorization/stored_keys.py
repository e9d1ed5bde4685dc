"""Condition keys that tell what a resource is: its tags, a key's aliases, a role's boundary.

MiniStack resolves tags for the caller's own policies, and not for the boundary.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from typing import Any

from ministack.services import ec2, kms

from local.gateway.authorization import principal_arns
from local.gateway.authorization.request import ConditionKeys


def stored_keys(action: str, resource: str) -> ConditionKeys:
    """The condition keys of a stored resource, for the policies on `action`."""
    service = action.partition(":")[0]
    if service == "kms" and ":key/" in resource:
        return _key(resource)
    if service == "ec2" and resource.count("/"):
        account_id, region, identifier = _scope(resource)
        return _tags(ec2._tags.get_scoped(account_id, region, identifier) or [], "Key", "Value")
    if service == "iam" and ":role/" in resource:
        role = principal_arns.role_of(resource) or {}
        boundary = role.get("PermissionsBoundary")
        return {"iam:PermissionsBoundary": boundary} if boundary else {}
    return {}


def _key(arn: str) -> ConditionKeys:
    account_id, region, key_id = _scope(arn)
    stored: dict[str, Any] = kms._keys.get_scoped(account_id, region, key_id) or {}
    keys = _tags(stored.get("Tags", []), "TagKey", "TagValue")
    aliases = [
        alias.partition(":alias/")[2]
        for (owner, where, alias), target in kms._aliases._data.items()
        if (owner, where, target) == (account_id, region, key_id)
    ]
    if aliases:
        keys["kms:ResourceAliases"] = [f"alias/{name}" for name in sorted(aliases)]
    return keys


def _scope(arn: str) -> tuple[str, str, str]:
    """The account, the Region and the id of a resource."""
    region, account_id = arn.split(":")[3:5]
    return account_id, region, arn.rpartition("/")[2]


def _tags(tags: list[dict[str, str]], key: str, value: str) -> ConditionKeys:
    return {f"aws:ResourceTag/{tag[key]}": tag[value] for tag in tags}
