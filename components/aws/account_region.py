"""An account and a Region, and the ARNs of what is in them."""

from __future__ import annotations

from dataclasses import dataclass

from components.aws.partitions import partition_of


@dataclass(frozen=True, kw_only=True)
class AccountRegion:
    """An AWS account's id and a Region."""

    account_id: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource that lives in this account and Region."""
        return f"{self._start(service)}:{self.region}:{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of the whole account, such as a role."""
        return f"{self._start(service)}::{self.account_id}:{resource}"

    def _start(self, service: str) -> str:
        return f"arn:{partition_of(self.region)}:{service}"
