"""Connections are made once, in subnets that exist, and keep their tags, which MiniStack drops."""
# ruff: noqa: SLF001 -- reads and writes MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2, glue

from local.gateway.api.responses import Response, failure

_Handler = Callable[[dict[str, Any]], Response]


def connection_arn(name: str) -> str:
    """The ARN of a connection of the request's account and Region."""
    return f"arn:aws:glue:{get_region()}:{get_account_id()}:connection/{name}"


def create_connection(original: _Handler) -> _Handler:
    """Refuse a second connection of a name, or one to a subnet that isn't there."""

    def creating(request: dict[str, Any]) -> Response:
        connection = request["ConnectionInput"]
        name = connection["Name"]
        if name in glue._connections:
            return failure("AlreadyExistsException", f"Connection {name} already exists.")
        subnet_id = connection.get("PhysicalConnectionRequirements", {}).get("SubnetId")
        if subnet_id is not None and subnet_id not in ec2._subnets:
            return failure("InvalidInputException", f"The subnet {subnet_id} does not exist.")
        response = original(request)
        glue._tags[connection_arn(name)] = dict(request.get("Tags", {}))
        return response

    return creating
