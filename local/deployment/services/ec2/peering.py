"""Amazon EC2: peering connections between networks."""

from __future__ import annotations

from local.deployment.removal_calls import ID, call, no_call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import TAG_ACTIONS, generated_id, tag_specifications
from local.deployment.translation import Rule

_READ = ("ec2:DescribeVpcPeeringConnections", *TAG_ACTIONS)


def create_peering(resource: Resource) -> Created:
    """A peering connection, which the other side has to accept."""
    made = resource.client.create_vpc_peering_connection(
        **resource.call, **tag_specifications(resource, "vpc-peering-connection")
    )["VpcPeeringConnection"]
    return Created(made["VpcPeeringConnectionId"], {"acceptStatus": made["Status"]["Code"]})


PEERING = ResourceType(
    token="aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    service="ec2",
    properties={
        "peerOwnerId": "PeerOwnerId",
        "peerRegion": "PeerRegion",
        "peerVpcId": "PeerVpcId",
        "vpcId": "VpcId",
    },
    create=create_peering,
    remove=call("delete_vpc_peering_connection", VpcPeeringConnectionId=ID),
    mock_outputs=generated_id("pcx", "vpc-peering-connection"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateVpcPeeringConnection",
        "ec2:DeleteVpcPeeringConnection",
        *_READ,
    ),
)


def accept_peering(resource: Resource) -> Created:
    """The accepted connection, with tags of its own on this side."""
    peering_id = resource.inputs["vpcPeeringConnectionId"]
    ec2 = resource.client
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering_id)
    ec2.create_tags(Resources=[peering_id], Tags=resource.tag_list())
    return Created(peering_id, {"acceptStatus": "active"})


PEERING_ACCEPTER = ResourceType(
    token="aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
    service="ec2",
    properties={"autoAccept": Rule.HANDLED, "vpcPeeringConnectionId": Rule.HANDLED},
    create=accept_peering,
    remove=no_call,
    mock_outputs=generated_id("pcx", "vpc-peering-connection"),
    takes_tags=True,
    deploy_actions=("ec2:AcceptVpcPeeringConnection", *_READ),
)
