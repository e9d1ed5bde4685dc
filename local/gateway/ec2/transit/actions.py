"""The handlers of the calls, as MiniStack's table of EC2's actions has them."""
# ruff: noqa: SLF001 -- answers with MiniStack's own tags

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import ec2

from local.gateway.ec2.transit import gateways, peerings, routes
from local.gateway.ec2.transit.answers import RefusedError, answered, refused
from local.gateway.ec2.transit.store import Members, Parameters
from local.gateway.stores.transit_gateways import ATTACHMENTS, GATEWAYS, TABLES

_Call = Callable[[Parameters], Members]


def _listed(
    member: str, parameter: str, store: AccountRegionScopedDict, marker: str = "state"
) -> _Call:
    """The parts of a store that have `marker`, all or those of the given ids."""

    def call(request: Parameters) -> Members:
        wanted = ec2._parse_member_list(request, parameter)
        found = [
            {**routes.described(part), "tagSet": _tags(id_)}
            for id_, part in store.items()
            if marker in part and (not wanted or id_ in wanted)
        ]
        return {member: found}

    return call


def _tags(id_: str) -> list[dict[str, str]]:
    return [{"key": tag["Key"], "value": tag["Value"]} for tag in ec2._tags.get(id_, [])]


_CALLS: Mapping[str, _Call] = {
    "AcceptTransitGatewayPeeringAttachment": peerings.accept_peering,
    "AssociateTransitGatewayRouteTable": routes.associate,
    "CreateTransitGateway": gateways.create_gateway,
    "CreateTransitGatewayPeeringAttachment": peerings.request_peering,
    "CreateTransitGatewayRoute": routes.create_route,
    "CreateTransitGatewayRouteTable": routes.create_table,
    "CreateTransitGatewayVpcAttachment": gateways.attach_network,
    "DeleteTransitGateway": gateways.delete_gateway,
    "DeleteTransitGatewayPeeringAttachment": peerings.delete_peering,
    "DeleteTransitGatewayRoute": routes.delete_route,
    "DeleteTransitGatewayRouteTable": routes.delete_table,
    "DeleteTransitGatewayVpcAttachment": gateways.detach_network,
    "DescribeTransitGatewayPeeringAttachments": _listed(
        "transitGatewayPeeringAttachments",
        "TransitGatewayAttachmentIds",
        ATTACHMENTS,
        "accepterTgwInfo",
    ),
    "DescribeTransitGatewayRouteTables": _listed(
        "transitGatewayRouteTables", "TransitGatewayRouteTableIds", TABLES
    ),
    "DescribeTransitGatewayVpcAttachments": _listed(
        "transitGatewayVpcAttachments", "TransitGatewayAttachmentIds", ATTACHMENTS, "vpcId"
    ),
    "DescribeTransitGateways": _listed("transitGatewaySet", "TransitGatewayIds", GATEWAYS),
    "DisassociateTransitGatewayRouteTable": routes.disassociate,
    "GetTransitGatewayRouteTableAssociations": routes.associations,
    "SearchTransitGatewayRoutes": routes.search_routes,
}


def _handler(action: str, call: _Call) -> Callable[[Parameters], Any]:
    def handle(request: Parameters) -> Any:
        try:
            return answered(action, call(request))
        except RefusedError as error:
            return refused(error)

    return handle


HANDLERS = {action: _handler(action, call) for action, call in _CALLS.items()}
"""By action."""
