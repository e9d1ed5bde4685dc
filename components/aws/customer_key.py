"""A customer key: one Region, rotated every year, with a complete policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.customer_key_policy import account_delegation, administration
from components.aws.policy_document import Statement, policy_document

SHORTEST_DELETION_DAYS = 7
LONGEST_DELETION_DAYS = 30
"""Days that AWS keeps a deleted key, in which it can be cancelled (KMS, ScheduleKeyDeletion)."""


@dataclass(frozen=True, kw_only=True)
class CustomerKeyArgs:
    """`alias` is the name without `alias/`; `account_id` and `region` are the key's own.

    `deploy_role_arn` is the role that changes the key, None for one that the stack doesn't deploy.
    `statements` are added to the delegation to the key's account and the role's permissions.
    `protect` keeps the key from being deleted with the stack: nothing it encrypted can be read
    without it.
    """

    alias: str
    description: str
    account_id: str
    region: str
    deploy_role_arn: str | None
    statements: Sequence[Statement] = ()
    protect: bool


class CustomerKey(pulumi.ComponentResource):
    """A customer key with its alias.

    It is never a multi-Region key, which Amazon MWAA refuses; each bucket of a replication has its
    own.
    """

    arn: pulumi.Output[str]
    """The key's ARN. Policies and services get this, never the alias."""

    def __init__(
        self, name: str, args: CustomerKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:CustomerKey", name, None, opts)
        every_key = [account_delegation(args.account_id, args.region)]
        if args.deploy_role_arn is not None:
            every_key += administration(args.deploy_role_arn, args.region)
        key = aws.kms.Key(
            f"{name}-key",
            description=args.description,
            policy=policy_document([*every_key, *args.statements]),
            enable_key_rotation=True,
            multi_region=False,
            deletion_window_in_days=(
                LONGEST_DELETION_DAYS if args.protect else SHORTEST_DELETION_DAYS
            ),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{args.alias}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
