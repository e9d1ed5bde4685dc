"""The network that a pipeline's jobs and functions run in."""

from __future__ import annotations

from pydantic import Field

from components.topology.model.existing_network import SecurityGroupIds, SubnetIds, VpcId
from components.topology.model.fields import Model


class PipelineNetwork(Model):
    """A network of the pipeline's own, without a way to the Internet, or an existing one.

    An existing one needs all of VPC, subnets and security groups.
    """

    cidr_block: str = Field(default="10.194.0.0/16", examples=["10.194.0.0/16"])
    """A private IPv4 block, /16 to /24, for the network that is created. It is joined to no other
    one, so that pipelines may have the same."""

    vpc_id: VpcId = None
    """An existing VPC in the pipeline's account and Region; needs `subnet_ids` and
    `security_group_ids`."""

    subnet_ids: SubnetIds = ()
    """2 to 16 private subnets of `vpc_id`, each in an Availability Zone of its own."""

    security_group_ids: SecurityGroupIds = ()
    """1 to 5 security groups of `vpc_id`, one of which lets its members reach each other."""

    @property
    def is_existing(self) -> bool:
        """Whether the pipeline runs in a network that the stack doesn't create."""
        return self.vpc_id is not None
