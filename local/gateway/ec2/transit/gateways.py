"""Transit gateways, and the attachments of networks."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2

from local.gateway.ec2.transit.answers import RefusedError, refused
from local.gateway.ec2.transit.store import (
    DELETED,
    Members,
    Parameters,
    attachment,
    gateway,
    new_id,
    parameter,
)
from local.gateway.stores.transit_gateways import ASSOCIATIONS, ATTACHMENTS, GATEWAYS

_DEFAULT_TABLES = ("DefaultRouteTableAssociation", "DefaultRouteTablePropagation")


def create_gateway(request: Parameters) -> Members:
    """A gateway without a default route table: there is none here."""
    for option in _DEFAULT_TABLES:
        if parameter(request, f"Options.{option}") != "disable":
            message = f"The embedded AWS has no default route tables: set {option} to disable"
            raise RefusedError("UnsupportedOperation", message)
    made = new_id("tgw", "transit-gateway", request)
    start = f"arn:aws:ec2:{get_region()}:{get_account_id()}"
    shared = parameter(request, "Options.AutoAcceptSharedAttachments")
    GATEWAYS[made] = {
        "transitGatewayId": made,
        "transitGatewayArn": f"{start}:transit-gateway/{made}",
        "state": "available",
        "ownerId": get_account_id(),
        "description": parameter(request, "Description"),
        "options": {
            "autoAcceptSharedAttachments": shared or "disable",
            "defaultRouteTableAssociation": "disable",
            "defaultRouteTablePropagation": "disable",
        },
    }
    return {"transitGateway": GATEWAYS[made]}


def delete_gateway(request: Parameters) -> Members:
    """Refused while anything is attached."""
    gone = gateway(parameter(request, "TransitGatewayId"))
    attached = [
        each["transitGatewayAttachmentId"]
        for each in ATTACHMENTS.values()
        if gone["transitGatewayId"] in _gateways_of(each) and each["state"] != DELETED
    ]
    if attached:
        message = f"{gone['transitGatewayId']} has non-deleted attachments: {', '.join(attached)}"
        raise RefusedError("IncorrectState", message)
    gone["state"] = DELETED
    return {"transitGateway": gone}


def _gateways_of(found: Members) -> list[str]:
    if "vpcId" in found:
        return [found["transitGatewayId"]]
    return [found[f"{side}TgwInfo"]["transitGatewayId"] for side in ("requester", "accepter")]


def attach_network(request: Parameters) -> Members:
    """Refused but for subnets of the network, each in a zone of its own."""
    owner = gateway(parameter(request, "TransitGatewayId"))
    vpc_id = parameter(request, "VpcId")
    subnets = {each: ec2._subnets.get(each, {}) for each in _subnet_ids(request)}
    for subnet_id, subnet in subnets.items():
        if subnet.get("VpcId") != vpc_id:
            message = f"The subnet ID '{subnet_id}' does not exist in {vpc_id}"
            raise RefusedError("InvalidSubnetID.NotFound", message)
    if len({each["AvailabilityZone"] for each in subnets.values()}) < len(subnets):
        raise RefusedError("DuplicateSubnetsInSameZone", "Two subnets are in the same zone")
    made = new_id("tgw-attach", "transit-gateway-attachment", request)
    ATTACHMENTS[made] = {
        "transitGatewayAttachmentId": made,
        "transitGatewayId": owner["transitGatewayId"],
        "vpcId": vpc_id,
        "vpcOwnerId": get_account_id(),
        "state": "available",
        "subnetIds": list(subnets),
    }
    return {"transitGatewayVpcAttachment": ATTACHMENTS[made]}


def _subnet_ids(request: Parameters) -> list[str]:
    return list(ec2._parse_member_list(request, "SubnetIds"))


def route_of_network(original: Callable[[Parameters], Any]) -> Callable[[Parameters], Any]:
    """Refuse a network's route to a gateway that it isn't attached to."""

    def handle(request: Parameters) -> Any:
        gateway_id = parameter(request, "TransitGatewayId")
        vpc_id = ec2._route_tables.get(parameter(request, "RouteTableId"), {}).get("VpcId")
        attached = [
            each["state"]
            for each in ATTACHMENTS.values()
            if (each.get("transitGatewayId"), each.get("vpcId")) == (gateway_id, vpc_id)
        ]
        if gateway_id and "available" not in attached:
            message = f"Transit Gateway {gateway_id} isn't attached to {vpc_id}"
            return refused(RefusedError("InvalidTransitGatewayID.NotFound", message))
        return original(request)

    return handle


def detach_network(request: Parameters) -> Members:
    """Its association goes with it."""
    gone = attachment(parameter(request, "TransitGatewayAttachmentId"), "available")
    ASSOCIATIONS.pop(gone["transitGatewayAttachmentId"], None)
    gone["state"] = DELETED
    return {"transitGatewayVpcAttachment": gone}
