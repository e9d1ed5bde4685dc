"""Accounts: aliases, and the roles through which a deployment enters them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.aws.partitions import partition_of
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Account, Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matching


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the accounts themselves."""
    for alias, account in topology.accounts.items():
        path = ("accounts", alias)
        yield from matching(
            path,
            alias,
            limits.ALIAS_PATTERN,
            what="an alias",
            form="a lower-case letter, then up to 30 lower-case letters, digits, hyphens or "
            "underscores",
            advice="Rename the account, here and where it is used",
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
        what="the ARN of a role in this account",
        form=f"arn:{partition}:iam::{account.id}:role/<name>",
        advice="Correct it, or remove the key to deploy as the bootstrap's role",
        relies_on=((*path, "id"), ("hub", "region")),
    )


def _used_twice(topology: Topology) -> Iterator[Problem]:
    first_alias: dict[str, str] = {}
    for alias, account in topology.accounts.items():
        first = first_alias.setdefault(account.id, alias)
        if first != alias:
            yield from refused(
                ("accounts", alias, "id"),
                Code.DUPLICATE_ACCOUNT_ID,
                account.id,
                f"is also the id of {first}",
                expected="one alias for each account",
                advice=f"Write {first} in place of {alias}, and remove {alias}",
                relies_on=(("accounts", first, "id"),),
            )
