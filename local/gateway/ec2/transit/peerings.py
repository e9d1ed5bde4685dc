"""Peerings of transit gateways: one id in both Regions, and tags of its own in each."""

from __future__ import annotations

import copy

from ministack.core.responses import get_account_id, get_region

from local.gateway.ec2.transit.answers import RefusedError
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


def request_peering(request: Parameters) -> Members:
    """A peering that the other side has to accept."""
    own = gateway(parameter(request, "TransitGatewayId"))
    owner, region, peer = (
        parameter(request, f"Peer{name}") for name in ("AccountId", "Region", "TransitGatewayId")
    )
    found = GATEWAYS.get_scoped(owner, region, peer)
    if found is None or found["state"] == DELETED:
        message = f"Transit Gateway {peer} was not found in {region}"
        raise RefusedError("InvalidTransitGatewayID.NotFound", message)
    made = new_id("tgw-attach", "transit-gateway-attachment", request)
    record = {
        "transitGatewayAttachmentId": made,
        "requesterTgwInfo": {
            "transitGatewayId": own["transitGatewayId"],
            "ownerId": get_account_id(),
            "region": get_region(),
        },
        "accepterTgwInfo": {"transitGatewayId": peer, "ownerId": owner, "region": region},
        "state": "pendingAcceptance",
    }
    for account_id, of_region in _sides(record):
        ATTACHMENTS.set_scoped(account_id, of_region, made, copy.deepcopy(record))
    return {"transitGatewayPeeringAttachment": record}


def accept_peering(request: Parameters) -> Members:
    """Refused but on the side that was asked."""
    record = _peering(request, "pendingAcceptance")
    _, accepter = _sides(record)
    if accepter != (get_account_id(), get_region()):
        message = f"Cannot accept {record['transitGatewayAttachmentId']} on the requesting side"
        raise RefusedError("InvalidParameterValue", message)
    return _now(record, "available")


def delete_peering(request: Parameters) -> Members:
    """From either side, for both."""
    record = _peering(request)
    for account_id, region in _sides(record):
        ASSOCIATIONS.pop_scoped(account_id, region, record["transitGatewayAttachmentId"], None)
    return _now(record, DELETED)


def _peering(request: Parameters, *states: str) -> Members:
    record = attachment(parameter(request, "TransitGatewayAttachmentId"), *states)
    if "accepterTgwInfo" not in record:
        message = f"{record['transitGatewayAttachmentId']} is no peering attachment"
        raise RefusedError("InvalidTransitGatewayAttachmentID.NotFound", message)
    return record


def _sides(record: Members) -> list[tuple[str, str]]:
    infos = [record[f"{side}TgwInfo"] for side in ("requester", "accepter")]
    return [(info["ownerId"], info["region"]) for info in infos]


def _now(record: Members, state: str) -> Members:
    for account_id, region in _sides(record):
        id_ = record["transitGatewayAttachmentId"]
        ATTACHMENTS.get_scoped(account_id, region, id_)["state"] = state
    return {"transitGatewayPeeringAttachment": record}
