"""The parts of a network that EC2 authorizes a call on, each by itself.

From the Service Authorization Reference: what a call makes counts with the tags of the request,
what is there already with its own. MiniStack authorizes one part, and knows no tags.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.gateway.authorization.ec2_associations import associated
from local.gateway.authorization.request import ConditionKeys, DependentAction

if TYPE_CHECKING:
    from local.gateway.api.request import Request


@dataclass(frozen=True, kw_only=True)
class _Call:
    """The kind of part that a call makes, and the kinds of those that its parameters name."""

    makes: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


_GROUP = {"GroupId": "security-group"}
_NETWORK = {"VpcId": "vpc"}
_SUBNET = {"SubnetId": "subnet"}
_TABLE = {"RouteTableId": "route-table"}
_GATEWAY = {"InternetGatewayId": "internet-gateway"}
_ACL = {"NetworkAclId": "network-acl"}
_PEERING = {"VpcPeeringConnectionId": "vpc-peering-connection"}
_TRANSIT = {"TransitGatewayId": "transit-gateway"}
_TRANSIT_ATTACHMENT = {"TransitGatewayAttachmentId": "transit-gateway-attachment"}
_TRANSIT_TABLE = {"TransitGatewayRouteTableId": "transit-gateway-route-table"}

_CALLS = {
    "AcceptTransitGatewayPeeringAttachment": _Call(names=_TRANSIT_ATTACHMENT),
    "AcceptVpcPeeringConnection": _Call(names=_PEERING),
    "AllocateAddress": _Call(makes="elastic-ip"),
    "AssociateRouteTable": _Call(names={**_TABLE, **_SUBNET}),
    "AssociateTransitGatewayRouteTable": _Call(names={**_TRANSIT_TABLE, **_TRANSIT_ATTACHMENT}),
    "AttachInternetGateway": _Call(names={**_GATEWAY, **_NETWORK}),
    "AuthorizeSecurityGroupEgress": _Call(makes="security-group-rule", names=_GROUP),
    "AuthorizeSecurityGroupIngress": _Call(makes="security-group-rule", names=_GROUP),
    "CreateFlowLogs": _Call(makes="vpc-flow-log", names={"ResourceId": "vpc"}),
    "CreateInternetGateway": _Call(makes="internet-gateway"),
    "CreateNatGateway": _Call(makes="natgateway", names={**_SUBNET, "AllocationId": "elastic-ip"}),
    "CreateNetworkAcl": _Call(makes="network-acl", names=_NETWORK),
    "CreateNetworkAclEntry": _Call(names=_ACL),
    "CreateNetworkInterface": _Call(
        makes="network-interface", names={**_SUBNET, "SecurityGroupId": "security-group"}
    ),
    "CreateRoute": _Call(names=_TABLE),
    "CreateRouteTable": _Call(makes="route-table", names=_NETWORK),
    "CreateSecurityGroup": _Call(makes="security-group", names=_NETWORK),
    "CreateSubnet": _Call(makes="subnet", names=_NETWORK),
    "CreateTransitGateway": _Call(makes="transit-gateway"),
    "CreateTransitGatewayPeeringAttachment": _Call(
        makes="transit-gateway-attachment", names=_TRANSIT
    ),
    "CreateTransitGatewayRoute": _Call(names={**_TRANSIT_TABLE, **_TRANSIT_ATTACHMENT}),
    "CreateTransitGatewayRouteTable": _Call(makes="transit-gateway-route-table", names=_TRANSIT),
    "CreateTransitGatewayVpcAttachment": _Call(
        makes="transit-gateway-attachment",
        names={**_TRANSIT, **_NETWORK, "SubnetIds": "subnet"},
    ),
    "CreateVpc": _Call(makes="vpc"),
    "CreateVpcEndpoint": _Call(
        makes="vpc-endpoint",
        names={**_NETWORK, **_TABLE, **_SUBNET, "SecurityGroupId": "security-group"},
    ),
    "CreateVpcPeeringConnection": _Call(makes="vpc-peering-connection", names=_NETWORK),
    "DeleteFlowLogs": _Call(names={"FlowLogId": "vpc-flow-log"}),
    "DeleteInternetGateway": _Call(names=_GATEWAY),
    "DeleteNatGateway": _Call(names={"NatGatewayId": "natgateway"}),
    "DeleteNetworkAcl": _Call(names=_ACL),
    "DeleteRoute": _Call(names=_TABLE),
    "DeleteRouteTable": _Call(names=_TABLE),
    "DeleteSecurityGroup": _Call(names=_GROUP),
    "DeleteSubnet": _Call(names=_SUBNET),
    "DeleteTransitGateway": _Call(names=_TRANSIT),
    "DeleteTransitGatewayPeeringAttachment": _Call(names=_TRANSIT_ATTACHMENT),
    "DeleteTransitGatewayRoute": _Call(names=_TRANSIT_TABLE),
    "DeleteTransitGatewayRouteTable": _Call(names=_TRANSIT_TABLE),
    "DeleteTransitGatewayVpcAttachment": _Call(names=_TRANSIT_ATTACHMENT),
    "DeleteVpc": _Call(names=_NETWORK),
    "DeleteVpcEndpoints": _Call(names={"VpcEndpointId": "vpc-endpoint"}),
    "DeleteVpcPeeringConnection": _Call(names=_PEERING),
    "DetachInternetGateway": _Call(names={**_GATEWAY, **_NETWORK}),
    "DisassociateTransitGatewayRouteTable": _Call(names={**_TRANSIT_TABLE, **_TRANSIT_ATTACHMENT}),
    "ModifySubnetAttribute": _Call(names=_SUBNET),
    "ModifyVpcAttribute": _Call(names=_NETWORK),
    "ReleaseAddress": _Call(names={"AllocationId": "elastic-ip"}),
    "ReplaceNetworkAclAssociation": _Call(names=_ACL),
    "ReplaceRoute": _Call(names=_TABLE),
    "RevokeSecurityGroupEgress": _Call(names=_GROUP),
    "RevokeSecurityGroupIngress": _Call(names=_GROUP),
    "SearchTransitGatewayRoutes": _Call(names=_TRANSIT_TABLE),
}

_KINDS = {
    "acl": "network-acl",
    "eipalloc": "elastic-ip",
    "fl": "vpc-flow-log",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "pcx": "vpc-peering-connection",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "tgw": "transit-gateway",
    "tgw-attach": "transit-gateway-attachment",
    "tgw-rtb": "transit-gateway-route-table",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
"""What CreateTags and DeleteTags may be given, by the beginning of its id."""


def first_part(request: Request) -> str | None:
    """The part that the call is authorized on first; None where MiniStack's resource is right."""
    return next(iter(_parts(request)), None)


def tags_of_request(request: Request) -> ConditionKeys:
    """The condition keys of the tags that a request gives."""
    tags = dict(_tags(request))
    keys: ConditionKeys = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return keys | ({"aws:TagKeys": list(tags)} if tags else {})


def part_keys(request: Request, part: str) -> ConditionKeys:
    """The condition keys of a part that come from the request: of one that it makes or tags."""
    if part.endswith("/*") or _operation(request) == "CreateTags":
        return tags_of_request(request)
    return {}


def further_parts(request: Request, action: str) -> list[DependentAction]:
    """The other parts of the call, and the tagging of what it makes."""
    parts = list(_parts(request))
    further = [
        DependentAction(
            action=action, resource=part, region=request.region, conditions=part_keys(request, part)
        )
        for part in parts[1:]
    ]
    further += _across_regions(request)
    asked = tags_of_request(request)
    if not asked or not parts or not parts[0].endswith("/*"):
        return further
    tagging: ConditionKeys = {**asked, "ec2:CreateAction": _operation(request)}
    return [
        *further,
        DependentAction(
            action="ec2:CreateTags", resource=parts[0], region=request.region, conditions=tagging
        ),
    ]


def _across_regions(request: Request) -> list[DependentAction]:
    """What an endpoint of a service in another Region takes besides (AWS PrivateLink guide)."""
    if request.parameter("ServiceRegion") in (None, "", request.region):
        return []
    return [DependentAction(action="vpce:AllowMultiRegion", resource="*", region=request.region)]


def _operation(request: Request) -> str:
    return request.parameter("Action") or ""


def _parts(request: Request) -> Iterator[str]:
    operation = _operation(request)
    start = f"arn:aws:ec2:{request.region}:{request.account_id}"
    if operation in ("CreateTags", "DeleteTags"):
        for identifier in _values(request, "ResourceId"):
            kind = _KINDS.get(identifier.rpartition("-")[0], "*")
            yield f"{start}:{kind}/{identifier}"
        return
    if operation == "DisassociateRouteTable":
        named = associated(request.parameter("AssociationId"))
        yield from (f"{start}:{_KINDS[each.rpartition('-')[0]]}/{each}" for each in named)
        return
    call = _CALLS.get(operation, _Call())
    if call.makes is not None:
        yield f"{start}:{call.makes}/*"
    for parameter, kind in call.names.items():
        yield from (f"{start}:{kind}/{each}" for each in _values(request, parameter))


def _values(request: Request, parameter: str) -> Iterator[str]:
    """The values of a parameter, which may be a list."""
    named = re.compile(rf"{parameter}(\.\d+)?")
    for name in request.parameters:
        value = request.parameter(name) if named.fullmatch(name) else None
        if value:
            yield value


def _tags(request: Request) -> Iterator[tuple[str, str]]:
    starts = ("Tag", "TagSpecification.1.Tag", "TagSpecifications.1.Tag")
    for start, number in itertools.product(starts, range(1, 51)):
        key = request.parameter(f"{start}.{number}.Key")
        if key is not None:
            yield key, request.parameter(f"{start}.{number}.Value") or ""
