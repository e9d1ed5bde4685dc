"""Whether work in a network can reach a host by HTTPS: the recorded networks, read as AWS does.

Names (private DNS, private hosted zones), routes, security groups, network ACLs and endpoint
policies all have to let a request and its answer through. It doesn't show that AWS agrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from components.network.endpoint_services import host_name
from tests.contracts.transit import Transit
from tests.mocks import Recorded, Registration

HTTPS = (443, 443)
ANSWERS = (1024, 65535)
PUBLIC = IPv4Network("203.0.113.0/24")
"""Stands for all of the Internet."""


@dataclass(frozen=True)
class Target:
    """Where a host's addresses are: in an endpoint's subnet, in S3's prefix list, or public."""

    block: IPv4Network
    endpoint: Registration | None = None
    subnet: Registration | None = None


@dataclass(frozen=True)
class Work:
    """The subnets and security groups of what calls: of tasks, of a job, of a function."""

    subnet_ids: Sequence[str]
    group_ids: Sequence[str]


def of_tasks(recorded: Recorded) -> Work:
    """The environment's."""
    network = recorded.one("mwaa/environment:Environment").inputs["networkConfiguration"]
    return Work(network["subnetIds"], network["securityGroupIds"])


def of_glue_job(recorded: Recorded, pipeline: str) -> Work:
    """A data pipeline's, which each of its connections has one subnet of."""
    places = [
        entry.inputs["physicalConnectionRequirements"]
        for entry in recorded.of_type("glue/connection:Connection")
        if entry.name.startswith(f"{pipeline}-")
    ]
    return Work([each["subnetId"] for each in places], places[0]["securityGroupIdLists"])


def of_training(recorded: Recorded, pipeline: str) -> Work:
    """An ML pipeline's, as its training jobs are started."""
    request = recorded.one("BucketObjectv2", f"{pipeline}-training-config").document("content")
    return Work(request["VpcConfig"]["Subnets"], request["VpcConfig"]["SecurityGroupIds"])


def of_function(recorded: Recorded, pipeline: str) -> Work:
    """The clean-up function's."""
    function = recorded.one("lambda/function:Function", f"{pipeline}-dagcleanup-function")
    network = function.inputs["vpcConfig"]
    return Work(network["subnetIds"], network["securityGroupIds"])


class Networks:
    """All networks of a stack; `account_id` is what `work` calls as: tasks, unless it is given."""

    def __init__(
        self,
        recorded: Recorded,
        account_id: str,
        without: Sequence[str] = (),
        work: Work | None = None,
    ) -> None:
        """`without` names resources that are left out, to see what depends on them."""
        self._all = [entry for entry in recorded if entry.name not in without]
        self._account_id = account_id
        self._work = work or of_tasks(recorded)

    def reach(self, host: str) -> bool:
        """Whether the work can call `host`, from each of its subnets."""
        targets = list(self._resolved(host))
        return all(
            any(self._passes(self._by_id(source), target) for target in targets)
            for source in self._work.subnet_ids
        )

    def meet(self) -> bool:
        """Whether the work's members reach each other by all of TCP's ports, both ways."""
        return all(
            any(
                rule.inputs["securityGroupId"] == group_id
                and rule.inputs.get("referencedSecurityGroupId") == group_id
                and (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"])
                == ("tcp", 0, 65535)
                for rule in self._of(type_)
            )
            for group_id in self._work.group_ids
            for type_ in ("SecurityGroupIngressRule", "SecurityGroupEgressRule")
        )

    def ways_out(self) -> list[str]:
        """The routes of any subnet that lead to the Internet, and the rules that open it."""
        routes = [
            entry.name
            for entry in self._of(":Route")
            if PUBLIC.subnet_of(IPv4Network(entry.inputs["destinationCidrBlock"]))
        ]
        rules = [
            entry.name
            for entry in self._of("SecurityGroupEgressRule")
            if PUBLIC.subnet_of(IPv4Network(entry.inputs.get("cidrIpv4", "10.0.0.0/8")))
        ]
        return routes + rules

    def _of(self, type_: str) -> list[Registration]:
        return [entry for entry in self._all if entry.type.endswith(type_)]

    def _by_id(self, id_: str) -> Registration:
        return next(entry for entry in self._all if entry.outputs.get("id") == id_)

    def _resolved(self, host: str) -> Iterator[Target]:
        vpc_id = self._by_id(self._work.subnet_ids[0]).inputs["vpcId"]
        names = [
            record.inputs["aliases"][0]["name"]
            for record in self._of("Record")
            for zone in self._of("Zone")
            if zone.outputs["zoneId"] == record.inputs["zoneId"]
            if record.inputs["name"] == host
            and vpc_id in [each["vpcId"] for each in zone.inputs["vpcs"]]
        ]
        found = False
        for endpoint in self._of("VpcEndpoint"):
            _, _, rest = endpoint.inputs["serviceName"].partition("com.amazonaws.")
            region, _, service = rest.partition(".")
            own = host == host_name(service, region) and endpoint.inputs["vpcId"] == vpc_id
            is_interface = endpoint.inputs["vpcEndpointType"] == "Interface"
            private = own and is_interface and endpoint.inputs["privateDnsEnabled"]
            if private or any(endpoint.outputs["id"] in name for name in names):
                found = True
                for subnet in map(self._by_id, endpoint.inputs["subnetIds"]):
                    yield Target(IPv4Network(subnet.inputs["cidrBlock"]), endpoint, subnet)
            elif own and not is_interface:
                found = True
                yield Target(PUBLIC, endpoint)
        if not found:
            yield Target(PUBLIC)

    def _passes(self, source: Registration, target: Target) -> bool:
        own = IPv4Network(source.inputs["cidrBlock"])
        return (
            self._is_routed(source, target, own)
            and self._may_leave(target)
            and self._may_enter(target, own)
            and self._acl(source, target.block, sent=HTTPS, received=ANSWERS)
            and (target.subnet is None or self._acl(target.subnet, own, ANSWERS, HTTPS))
            and (target.endpoint is None or self._is_allowed(target.endpoint))
        )

    def _is_routed(self, source: Registration, target: Target, own: IPv4Network) -> bool:
        if target.endpoint and target.endpoint.inputs["vpcEndpointType"] == "Gateway":
            return self._table(source) in target.endpoint.inputs["routeTableIds"]
        if target.subnet is None:
            return any("natGatewayId" in route.inputs for route in self._routes(source, PUBLIC))
        if target.subnet.inputs["vpcId"] == source.inputs["vpcId"]:
            return True
        accepted = {
            each.inputs["vpcPeeringConnectionId"] for each in self._of("PeeringConnectionAccepter")
        }
        there, back = (
            {route.inputs.get("vpcPeeringConnectionId") for route in routes}
            for routes in (self._routes(source, target.block), self._routes(target.subnet, own))
        )
        return bool(there & back & accepted) or (
            self._transits(source, target.block, target.subnet.inputs["vpcId"])
            and self._transits(target.subnet, own, source.inputs["vpcId"])
        )

    def _transits(self, source: Registration, block: IPv4Network, vpc_id: str) -> bool:
        """Whether a transit gateway takes what is for `block` to the network `vpc_id`."""
        gateways = {
            route.inputs["transitGatewayId"]
            for route in self._routes(source, block)
            if "transitGatewayId" in route.inputs
        }
        transit = Transit(self._all)
        return any(transit.carried(source, each, block) == vpc_id for each in gateways)

    def _table(self, subnet: Registration) -> str:
        (table,) = (
            each.inputs["routeTableId"]
            for each in self._of("ec2/routeTableAssociation:RouteTableAssociation")
            if each.inputs["subnetId"] == subnet.outputs["id"]
        )
        return str(table)

    def _routes(self, subnet: Registration, block: IPv4Network) -> list[Registration]:
        return [
            route
            for route in self._of("ec2/route:Route")
            if route.inputs["routeTableId"] == self._table(subnet)
            and block.subnet_of(IPv4Network(route.inputs["destinationCidrBlock"]))
        ]

    def _may_leave(self, target: Target) -> bool:
        endpoint = target.endpoint
        theirs = endpoint.inputs.get("securityGroupIds", []) if endpoint else []
        prefix_list = endpoint.outputs.get("prefixListId") if endpoint else None
        groups = self._work.group_ids
        return self._opened("SecurityGroupEgressRule", groups, target.block, theirs, prefix_list)

    def _may_enter(self, target: Target, own: IPv4Network) -> bool:
        if target.endpoint is None or "securityGroupIds" not in target.endpoint.inputs:
            return True
        groups = target.endpoint.inputs["securityGroupIds"]
        return self._opened("SecurityGroupIngressRule", groups, own, self._work.group_ids)

    def _opened(
        self,
        type_: str,
        groups: Sequence[str],
        block: IPv4Network,
        theirs: Sequence[str],
        prefix_list: str | None = None,
    ) -> bool:
        return any(
            rule.inputs["securityGroupId"] in groups
            and rule.inputs.get("fromPort", HTTPS[0]) == HTTPS[0]
            and (
                rule.inputs.get("referencedSecurityGroupId") in theirs
                or (prefix_list and rule.inputs.get("prefixListId") == prefix_list)
                or ("cidrIpv4" in rule.inputs and _within(block, rule.inputs["cidrIpv4"]))
            )
            for rule in self._of(type_)
        )

    def _acl(
        self,
        subnet: Registration,
        other: IPv4Network,
        sent: tuple[int, int],
        received: tuple[int, int],
    ) -> bool:
        acls = [
            acl for acl in self._of("NetworkAcl") if subnet.outputs["id"] in acl.inputs["subnetIds"]
        ]
        return all(
            any(
                _within(other, entry["cidrBlock"])
                and (
                    entry["protocol"] == "-1"
                    or (entry["fromPort"] <= ports[0] and ports[1] <= entry["toPort"])
                )
                for entry in acl.inputs[direction]
            )
            for acl in acls
            for direction, ports in (("egress", sent), ("ingress", received))
        )

    def _is_allowed(self, endpoint: Registration) -> bool:
        if "policy" not in endpoint.inputs:
            return True
        return any(
            self._account_id in each["Condition"]["StringEquals"]["aws:PrincipalAccount"]
            for each in endpoint.document("policy")["Statement"]
            if each["Action"] == "*" and "Condition" in each
        )


def _within(block: IPv4Network, other: str) -> bool:
    return block.subnet_of(IPv4Network(other))
