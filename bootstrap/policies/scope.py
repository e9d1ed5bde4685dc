"""What the policies of one account are written about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.aws.arns import bucket_arn
from components.aws.naming import Names
from components.aws.partitions import partition_of
from components.topology.model import Network


@dataclass(frozen=True, kw_only=True)
class Scope:
    """An account of a stack; `images` are the ECR repositories that it trains with."""

    names: Names
    account_id: str
    hub_region: str
    state_region: str
    """The Region of Pulumi's state."""

    account_ids: tuple[str, ...]
    """Of every account in use."""

    regions: tuple[str, ...]
    """Every Region in use."""

    organization_id: str | None
    """The organization of every account in use, if the topology names it."""

    boundary_arn: str
    """The boundary of every role of the stack in this account."""

    images: tuple[str, ...]
    existing_network: Network | None
    """The hub's network, where the topology names one that is there already."""

    is_private: bool
    """Whether the hub's network has no way to the Internet."""

    endpoint_regions: tuple[str, ...]
    """The other Regions in which such a hub has a network of endpoints."""

    has_transit_gateways: bool
    """Whether transit gateways lead to them."""

    network_of_endpoints: Network | None
    """The hub's network, where it is the account's, and the stack makes endpoints in it."""

    has_parts: bool
    """Whether the account has more of the stack than those."""

    backup_region: str | None
    """The Region of the backups of Airflow's metadata, if the topology asks for any."""

    existing_topic_arn: str | None
    """The topic that the topology names for its notifications, if it names one."""

    access_policies: Mapping[str, str]
    """The policy documents of the account's accesses whose roles have boundaries of their own."""

    has_hub: bool
    has_pipelines: bool
    has_networks: bool
    """Whether any pipeline of the account has a network."""

    @property
    def prefix(self) -> str:
        """What every name of the stack begins with."""
        return self.names.prefix

    def access_boundary_arn(self, access: str) -> str:
        """The boundary of the role of an access in this account."""
        return self.iam_arn(f"policy/{self.names.access_boundary(access)}")

    @property
    def tags(self) -> dict[str, str]:
        """The tags by which a resource without a name is the stack's."""
        return {"project": self.names.project, "stack": self.names.stack}

    def request_tags(self) -> dict[str, str]:
        """The condition that a request gives these tags to what it makes."""
        return _keys("aws:RequestTag", self.tags)

    def resource_tags(self) -> dict[str, str]:
        """The condition that a resource has these tags."""
        return _keys("aws:ResourceTag", self.tags)

    def arn(self, service: str, resource: str, *, region: str = "*", account: str = "") -> str:
        """The ARN of a resource of the account, in any Region unless one is named."""
        partition = partition_of(self.hub_region)
        return f"arn:{partition}:{service}:{region}:{account or self.account_id}:{resource}"

    def iam_arn(self, resource: str, *, account: str = "") -> str:
        """The ARN of a role or policy, which belongs to no Region."""
        return self.arn("iam", resource, region="", account=account)

    def bucket_arn(self, name: str) -> str:
        """The ARN of a bucket, or of objects in one."""
        return bucket_arn(self.hub_region, name)

    def pipeline_buckets(self) -> list[str]:
        """Patterns of the ARNs of the account's buckets of pipelines.

        With account and Region, since a `*` goes past a slash: into the keys of other objects.
        """
        return [
            self.bucket_arn(f"{self.prefix}-*-{self.account_id}-{region}")
            for region in self.regions
        ]

    def log_groups(self) -> list[str]:
        """The ARNs of the stack's log groups, whose names begin as the services want them to."""
        starts = ("airflow-", "/aws-glue/", "/aws/lambda/", "")
        return [self.arn("logs", f"log-group:{start}{self.prefix}-*") for start in starts]


def _keys(kind: str, tags: Mapping[str, str]) -> dict[str, str]:
    return {f"{kind}/{key}": value for key, value in tags.items()}
