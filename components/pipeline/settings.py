"""What every pipeline of a stack shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pulumi
import pulumi_random as random

from components.aws.arns import policy_arn
from components.aws.naming import Names
from components.aws.secure_bucket import LogDestination


@dataclass(frozen=True, kw_only=True)
class PipelineSettings:
    """`execution_role_arn` and `rotation_role_arn` are computed ARNs: those that pipelines trust.

    `random_provider` makes the ExternalIds, and `rotations` has how often each owner's was rotated.
    `log_retention_days` holds for every log group of the pipelines.
    `protect_data` keeps keys and buckets when the stack is destroyed.
    `organization_id` is the organization of all the accounts, if they are in one.
    `permissions_boundary` is the name of a managed policy that every account in use has, and
    `deploy_role_arns` has the role that deploys to each account, by the account's id.
    `access_logs` has what takes the logs of buckets, by account id and Region, where any does.
    """

    names: Names
    hub_account_id: str
    execution_role_arn: str
    rotation_role_arn: str
    random_provider: random.Provider
    log_retention_days: int
    protect_data: bool
    permissions_boundary: str
    deploy_role_arns: Mapping[str, str]
    organization_id: str | None = None
    access_logs: Mapping[tuple[str, str], LogDestination] = field(default_factory=dict)
    rotations: Mapping[str, pulumi.Input[int]] = field(default_factory=dict)

    def permissions_boundary_arn(self, region: str, account_id: str) -> str:
        """The boundary of an account's roles; `region` only tells the partition."""
        return policy_arn(region, account_id, self.permissions_boundary)

    def protecting(self, protect_data: bool | None) -> PipelineSettings:  # noqa: FBT001
        """The settings of a pipeline that says itself whether its data is protected, or doesn't."""
        return self if protect_data is None else replace(self, protect_data=protect_data)

    def rotated(self, rotations: Mapping[str, pulumi.Input[int]]) -> PipelineSettings:
        """The settings where the ExternalIds were rotated so often, by their owners' names."""
        return replace(self, rotations=rotations)
