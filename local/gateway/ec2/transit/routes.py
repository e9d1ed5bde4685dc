"""The route tables of transit gateways, their associations and static routes."""

from __future__ import annotations

from local.gateway.ec2.transit.answers import RefusedError
from local.gateway.ec2.transit.store import (
    DELETED,
    Members,
    Parameters,
    attachment,
    gateway,
    new_id,
    parameter,
    table,
)
from local.gateway.stores.transit_gateways import ASSOCIATIONS, TABLES

_ROUTES = "routes"
"""The member of a stored table that holds its routes by their blocks."""


def create_table(request: Parameters) -> Members:
    """A table without routes."""
    owner = gateway(parameter(request, "TransitGatewayId"))
    made = new_id("tgw-rtb", "transit-gateway-route-table", request)
    TABLES[made] = {
        "transitGatewayRouteTableId": made,
        "transitGatewayId": owner["transitGatewayId"],
        "state": "available",
        "defaultAssociationRouteTable": "false",
        "defaultPropagationRouteTable": "false",
        _ROUTES: {},
    }
    return {"transitGatewayRouteTable": described(TABLES[made])}


def described(found: Members) -> Members:
    """What EC2 tells of a table: not its routes."""
    return {name: value for name, value in found.items() if name != _ROUTES}


def delete_table(request: Parameters) -> Members:
    """Refused while an attachment is associated with it."""
    gone = _table(request)
    table_id = gone["transitGatewayRouteTableId"]
    if table_id in ASSOCIATIONS.values():
        raise RefusedError("IncorrectState", f"{table_id} is associated with an attachment")
    gone["state"] = DELETED
    return {"transitGatewayRouteTable": described(gone)}


def associate(request: Parameters) -> Members:
    """Refused for an attachment that has a table, or isn't accepted yet."""
    found, attached = _table(request), _available(request)
    attachment_id = attached["transitGatewayAttachmentId"]
    if attachment_id in ASSOCIATIONS:
        message = f"{attachment_id} is already associated with {ASSOCIATIONS[attachment_id]}"
        raise RefusedError("Resource.AlreadyAssociated", message)
    ASSOCIATIONS[attachment_id] = found["transitGatewayRouteTableId"]
    return {"association": _association(attachment_id, "associated")}


def disassociate(request: Parameters) -> Members:
    """Refused where the two aren't associated."""
    found, attached = _table(request), _available(request)
    attachment_id = attached["transitGatewayAttachmentId"]
    if ASSOCIATIONS.get(attachment_id) != found["transitGatewayRouteTableId"]:
        message = f"{attachment_id} isn't associated with {found['transitGatewayRouteTableId']}"
        raise RefusedError("InvalidAssociation.NotFound", message)
    answer = _association(attachment_id, "disassociated")
    del ASSOCIATIONS[attachment_id]
    return {"association": answer}


def associations(request: Parameters) -> Members:
    """All attachments of a table; filters aren't looked at."""
    table_id = _table(request)["transitGatewayRouteTableId"]
    return {
        "associations": [
            _association(each, "associated")
            for each in ASSOCIATIONS
            if ASSOCIATIONS[each] == table_id
        ]
    }


def _association(attachment_id: str, state: str) -> Members:
    return {
        "transitGatewayRouteTableId": ASSOCIATIONS[attachment_id],
        "transitGatewayAttachmentId": attachment_id,
        "state": state,
    }


def create_route(request: Parameters) -> Members:
    """Refused for a block that has a route, and for an attachment that isn't accepted yet."""
    routes, attached = _table(request)[_ROUTES], _available(request)
    block = parameter(request, "DestinationCidrBlock")
    if block in routes:
        raise RefusedError("RouteAlreadyExists", f"The table has a route to {block}")
    routes[block] = {
        "destinationCidrBlock": block,
        "transitGatewayAttachments": [
            {"transitGatewayAttachmentId": attached["transitGatewayAttachmentId"]}
        ],
        "type": "static",
        "state": "active",
    }
    return {"route": routes[block]}


def delete_route(request: Parameters) -> Members:
    """Refused for a block without a route."""
    routes, block = _table(request)[_ROUTES], parameter(request, "DestinationCidrBlock")
    if block not in routes:
        raise RefusedError("InvalidRoute.NotFound", f"The table has no route to {block}")
    return {"route": {**routes.pop(block), "state": DELETED}}


def search_routes(request: Parameters) -> Members:
    """All routes of a table; filters aren't looked at."""
    return {"routeSet": list(_table(request)[_ROUTES].values())}


def _table(request: Parameters) -> Members:
    return table(parameter(request, "TransitGatewayRouteTableId"))


def _available(request: Parameters) -> Members:
    return attachment(parameter(request, "TransitGatewayAttachmentId"), "available")
