"""Accounts: aliases, ids, and the roles through which a deployment enters them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.aws.partitions import partition_of
from components.topology import limits
from components.topology.model import Account, Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matching


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the accounts themselves; who uses them is `places`' business."""
    for alias, account in topology.accounts.items():
        path = ("accounts", alias)
        yield from matching(
            path,
            alias,
            limits.ALIAS_PATTERN,
            "a lower-case letter, then up to 30 lower-case letters, digits, hyphens, underscores",
            "rename the account here and wherever it is used",
        )
        yield from matching(
            (*path, "id"),
            account.id,
            limits.ACCOUNT_ID_PATTERN,
            "12 digits in quotes",
            "look it up with `aws sts get-caller-identity`",
        )
        yield from _deploy_role(path, account, partition_of(topology.hub.region))
    yield from _used_twice(topology)


def _deploy_role(path: KeyPath, account: Account, partition: str) -> Iterator[Problem]:
    pattern = limits.ROLE_ARN_PATTERN.format(
        partition=re.escape(partition), account_id=re.escape(account.id)
    )
    yield from matching(
        (*path, "deploy_role_arn"),
        account.deploy_role_arn,
        pattern,
        f"the ARN of a role of this very account: arn:{partition}:iam::{account.id}:role/<name>",
        "name a role of this account, or leave the key out to deploy with your own credentials",
        (*path, "id"),
        ("hub", "region"),
    )


def _used_twice(topology: Topology) -> Iterator[Problem]:
    first_alias: dict[str, str] = {}
    for alias, account in topology.accounts.items():
        first = first_alias.setdefault(account.id, alias)
        if first != alias:
            yield from refused(
                ("accounts", alias, "id"),
                account.id,
                f"each account under one alias, and {first} has this one",
                f"use {first} wherever {alias} is meant, and remove {alias}",
                ("accounts", first, "id"),
            )
