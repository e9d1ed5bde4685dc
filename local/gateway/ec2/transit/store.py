"""What is there of transit gateways, and what a request has for them."""
# ruff: noqa: SLF001 -- tags as MiniStack's own handlers do

from __future__ import annotations

import secrets
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import ec2

from local.gateway.ec2.transit.answers import RefusedError
from local.gateway.stores.transit_gateways import ATTACHMENTS, GATEWAYS, TABLES

Parameters = dict[str, Any]
Members = dict[str, Any]

DELETED = "deleted"


def parameter(request: Parameters, name: str) -> str:
    """A parameter, or nothing."""
    return str(ec2._p(request, name))


def new_id(prefix: str, kind: str, request: Parameters) -> str:
    """An id of a new part, which gets the tags that the request has for its kind."""
    made = f"{prefix}-{secrets.token_hex(9)[:17]}"
    # Some of these calls say TagSpecifications, and the others TagSpecification.
    renamed = {key.replace("Specifications.", "Specification."): request[key] for key in request}
    ec2._parse_tag_specs(renamed, kind, made)
    return made


def gateway(gateway_id: str) -> Members:
    """A gateway of this account and Region."""
    return _found(GATEWAYS, gateway_id, "InvalidTransitGatewayID.NotFound")


def table(table_id: str) -> Members:
    """A route table of this account and Region."""
    return _found(TABLES, table_id, "InvalidRouteTableID.NotFound")


def attachment(attachment_id: str, *states: str) -> Members:
    """An attachment of this account and Region, in one of `states` where any is named."""
    found = _found(ATTACHMENTS, attachment_id, "InvalidTransitGatewayAttachmentID.NotFound")
    if states and found["state"] not in states:
        message = f"{attachment_id} is in invalid state: {found['state']}"
        raise RefusedError("IncorrectState", message)
    return found


def _found(store: AccountRegionScopedDict, id_: str, code: str) -> Members:
    found: Members | None = store.get(id_)
    if found is None or found["state"] == DELETED:
        raise RefusedError(code, f"{id_} was deleted or does not exist")
    return found
