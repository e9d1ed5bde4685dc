"""An owner's account and Region, and the names of its parts there: all computed."""

from __future__ import annotations

from dataclasses import dataclass

from components.aws.arns import bucket_arn, role_arn, service_arn
from components.pipeline.settings import PipelineSettings


@dataclass(frozen=True, kw_only=True)
class PipelineSite:
    """The pipeline `name`, or the hub, in one account and Region.

    Names are known before anything is made, so a policy may name a resource that is made after it.
    """

    settings: PipelineSettings
    name: str
    account_id: str
    region: str

    @property
    def bucket_name(self) -> str:
        """The name of the pipeline's bucket."""
        return self.settings.names.bucket(self.name, self.account_id, self.region)

    @property
    def bucket_arn(self) -> str:
        """The ARN of the pipeline's bucket."""
        return bucket_arn(self.region, self.bucket_name)

    @property
    def permissions_boundary_arn(self) -> str:
        """The boundary of every role of the pipeline."""
        return self.settings.permissions_boundary_arn(self.region, self.account_id)

    def name_of(self, purpose: str, *, limit: int) -> str:
        """The name of what the pipeline has for `purpose`, at most `limit` characters."""
        return self.settings.names.of(self.name, purpose, limit=limit)

    def role_name(self, purpose: str) -> str:
        """The name of the pipeline's role for `purpose`."""
        return self.settings.names.role(self.name, purpose)

    def role_arn(self, purpose: str) -> str:
        """The ARN of the pipeline's role for `purpose`."""
        return role_arn(self.region, self.account_id, self.role_name(purpose))

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in the pipeline's account and Region."""
        return service_arn(service, self.region, self.account_id, resource)
