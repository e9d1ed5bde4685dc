"""The network of the Amazon MWAA environment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.topology.model.existing_network import SecurityGroupIds, SubnetIds, VpcId
from components.topology.model.fields import Expected, Model


class NetworkEndpoints(Model):
    """The endpoints of the environment's database and web server, which the stack makes."""

    account: str = Field(examples=["network"])
    """The alias of the account that owns the VPC: EC2 takes them from no other one."""

    security_group_ids: SecurityGroupIds = ()
    """1 to 5 security groups of that account, which let the environment's in."""


class Network(Model):
    """A network to create, or an existing one: all of VPC, subnets and security groups."""

    mode: Annotated[Literal["nat", "private"], Expected("a mode")] = "nat"
    """How the network that is created reaches AWS: through NAT gateways, or through endpoints alone
    and without any way to the Internet."""

    cidr_block: str = Field(default="10.192.0.0/16", examples=["10.192.0.0/16"])
    """A private IPv4 block, /16 to /24, for the network that is created."""

    regional_cidr_block: str = Field(default="10.193.0.0/16", examples=["10.193.0.0/16"])
    """In `private`: a private IPv4 block, /16 to /20, of which each other Region with pipelines has
    a /26 for its endpoints."""

    connectivity: Annotated[
        Literal["peering", "transit_gateway"], Expected("a kind of connectivity")
    ] = "peering"
    """In `private`: what joins the hub's network to those of endpoints in other Regions, a peering
    connection each, or a transit gateway in each Region."""

    vpc_id: VpcId = None
    """An existing VPC to use; needs `subnet_ids` and `security_group_ids`."""

    subnet_ids: SubnetIds = ()
    """Two private subnets of `vpc_id` in two Availability Zones."""

    security_group_ids: SecurityGroupIds = ()
    """1 to 5 security groups of `vpc_id`."""

    endpoint_management: Annotated[
        Literal["SERVICE", "CUSTOMER"], Expected("a kind of endpoint management")
    ] = "SERVICE"
    """Of an existing network: whether Amazon MWAA makes the endpoints of the environment's database
    and web server in it, or its owner does, as a shared VPC demands."""

    endpoints: NetworkEndpoints | None = None
    """With `CUSTOMER`: how the stack makes these endpoints; without it, their owner makes them."""

    @property
    def is_existing(self) -> bool:
        """Whether the environment runs in a network that the stack doesn't create."""
        return self.vpc_id is not None

    @property
    def is_private(self) -> bool:
        """Whether the stack creates a network without a way to the Internet."""
        return self.mode == "private" and not self.is_existing

    @property
    def is_customer_managed(self) -> bool:
        """Whether the owner of the network makes the environment's endpoints in it."""
        return self.endpoint_management == "CUSTOMER"
