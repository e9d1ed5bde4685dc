"""Amazon EC2: transit gateways, and what is attached to them."""

from __future__ import annotations

from botocore.exceptions import ClientError

from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import TAG_ACTIONS, generated_id, tag_specifications
from local.deployment.translation import Rule

_READ = ("ec2:DescribeTransitGateways", *TAG_ACTIONS)
_GONE = "InvalidTransitGatewayAttachmentID.NotFound"


def create_gateway(resource: Resource) -> Created:
    """A transit gateway with its options."""
    options = {
        "AutoAcceptSharedAttachments": resource.inputs["autoAcceptSharedAttachments"],
        "DefaultRouteTableAssociation": resource.inputs["defaultRouteTableAssociation"],
        "DefaultRouteTablePropagation": resource.inputs["defaultRouteTablePropagation"],
    }
    made = resource.client.create_transit_gateway(
        **resource.call, Options=options, **tag_specifications(resource, "transit-gateway")
    )["TransitGateway"]
    return Created(made["TransitGatewayId"], {"arn": made["TransitGatewayArn"]})


TRANSIT_GATEWAY = ResourceType(
    token="aws:ec2transitgateway/transitGateway:TransitGateway",
    service="ec2",
    properties={
        "autoAcceptSharedAttachments": Rule.HANDLED,
        "defaultRouteTableAssociation": Rule.HANDLED,
        "defaultRouteTablePropagation": Rule.HANDLED,
        "description": "Description",
    },
    create=create_gateway,
    remove=call("delete_transit_gateway", TransitGatewayId=ID),
    mock_outputs=generated_id("tgw", "transit-gateway"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateTransitGateway",
        "ec2:DeleteTransitGateway",
        "ec2:ModifyTransitGateway",
        *_READ,
    ),
)


def attach_network(resource: Resource) -> Created:
    """The attachment of a network."""
    made = resource.client.create_transit_gateway_vpc_attachment(
        **resource.call, **tag_specifications(resource, "transit-gateway-attachment")
    )["TransitGatewayVpcAttachment"]
    return Created(made["TransitGatewayAttachmentId"])


NETWORK_ATTACHMENT = ResourceType(
    token="aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    service="ec2",
    properties={
        "subnetIds": "SubnetIds",
        "transitGatewayDefaultRouteTableAssociation": Rule.HANDLED,
        "transitGatewayDefaultRouteTablePropagation": Rule.HANDLED,
        "transitGatewayId": "TransitGatewayId",
        "vpcId": "VpcId",
    },
    create=attach_network,
    remove=call("delete_transit_gateway_vpc_attachment", TransitGatewayAttachmentId=ID),
    mock_outputs=generated_id("tgw-attach", "transit-gateway-attachment"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateTransitGatewayVpcAttachment",
        "ec2:DeleteTransitGatewayVpcAttachment",
        "ec2:DescribeTransitGatewayVpcAttachments",
        "ec2:ModifyTransitGatewayVpcAttachment",
        "iam:CreateServiceLinkedRole",
        *_READ,
    ),
)


def attach_peer(resource: Resource) -> Created:
    """The attachment of another gateway, which the other side has to accept."""
    made = resource.client.create_transit_gateway_peering_attachment(
        **resource.call, **tag_specifications(resource, "transit-gateway-attachment")
    )["TransitGatewayPeeringAttachment"]
    return Created(made["TransitGatewayAttachmentId"], {"state": made["State"]})


def remove_peer(resource: Resource, id_: str) -> None:
    """Removes the peering, unless its other side has removed it already."""
    try:
        resource.client.delete_transit_gateway_peering_attachment(TransitGatewayAttachmentId=id_)
    except ClientError as error:
        if error.response["Error"]["Code"] != _GONE:
            raise


PEERING_ATTACHMENT = ResourceType(
    token="aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
    service="ec2",
    properties={
        "peerAccountId": "PeerAccountId",
        "peerRegion": "PeerRegion",
        "peerTransitGatewayId": "PeerTransitGatewayId",
        "transitGatewayId": "TransitGatewayId",
    },
    create=attach_peer,
    remove=remove_peer,
    mock_outputs=generated_id("tgw-attach", "transit-gateway-attachment"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateTransitGatewayPeeringAttachment",
        "ec2:DeleteTransitGatewayPeeringAttachment",
        "ec2:DescribeTransitGatewayPeeringAttachments",
        *_READ,
    ),
)


def accept_peer(resource: Resource) -> Created:
    """The accepted attachment, with tags of its own on this side."""
    attachment_id = resource.inputs["transitGatewayAttachmentId"]
    ec2 = resource.client
    ec2.accept_transit_gateway_peering_attachment(**resource.call)
    ec2.create_tags(Resources=[attachment_id], Tags=resource.tag_list())
    return Created(attachment_id)


PEERING_ATTACHMENT_ACCEPTER = ResourceType(
    token="aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
    service="ec2",
    properties={"transitGatewayAttachmentId": "TransitGatewayAttachmentId"},
    create=accept_peer,
    remove=remove_peer,
    mock_outputs=generated_id("tgw-attach", "transit-gateway-attachment"),
    takes_tags=True,
    deploy_actions=(
        "ec2:AcceptTransitGatewayPeeringAttachment",
        "ec2:DeleteTransitGatewayPeeringAttachment",
        "ec2:DescribeTransitGatewayPeeringAttachments",
        *_READ,
    ),
)
