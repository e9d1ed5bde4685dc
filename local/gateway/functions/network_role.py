"""Functions in a network: Lambda creates none whose role can't have network interfaces made.

From "Giving Lambda functions access to resources in an Amazon VPC" in the developer guide of AWS
Lambda.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_region

from local.gateway.api.responses import REST_JSON, failure
from local.gateway.authorization.simulation import allowed

_ACTIONS = ("CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface")


def create_function(original: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Refuse a function in a network where its role lacks one of the actions on all resources."""

    def creating(request: dict[str, Any]) -> Any:
        role, network = request.get("Role", ""), request.get("VpcConfig") or {}
        if not network.get("SubnetIds"):
            return original(request)
        for action in _ACTIONS:
            if not allowed(role, f"ec2:{action}", "*", region=get_region()):
                message = (
                    f"The provided execution role does not have permissions to call {action} on EC2"
                )
                return failure("InvalidParameterValueException", message, content_type=REST_JSON)
        return original(request)

    return creating
