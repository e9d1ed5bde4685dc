"""How the hub's private network reaches AWS in another Region: the hub's side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import HUB_OWNER, Names
from components.network.endpoint_group import https_to
from components.network.endpoint_network import EndpointNetwork
from components.network.endpoint_services import host_name
from components.network.environment_network import PrivateNetwork
from components.network.interface_endpoint import interface_endpoint
from components.network.peering import (
    OtherNetwork,
    TransitGateways,
    requested_peering,
    subnet_route,
)


@dataclass(frozen=True, kw_only=True)
class RegionAccessArgs:
    """`hub` is in `hub_region`; `services` are reached by endpoints across Regions.

    The others are those of `endpoint_network` in `region`, in the account `account_id` as well.
    Without `gateways` the two networks are peered themselves.
    """

    names: Names
    account_id: str
    hub_region: str
    region: str
    hub: PrivateNetwork
    endpoint_network: EndpointNetwork
    services: Sequence[str]
    gateways: TransitGateways | None = None


class RegionAccess(pulumi.ComponentResource):
    """Endpoints across Regions, and a peering with the endpoint network of the Region.

    Names of services lead there by a private hosted zone each: an endpoint's private DNS holds in
    its own network alone.
    """

    peering_id: pulumi.Output[str]
    """The peering, which the other side has to accept."""

    def __init__(
        self, name: str, args: RegionAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:RegionAccess", name, None, opts)
        self._name = name
        self._args = args
        for service in args.services:
            interface_endpoint(
                f"{name}-{service}-endpoint",
                service,
                args.region,
                args.hub.place,
                tags=self._tags(service),
                parent=self,
                from_other_region=True,
            )
        self.peering_id = requested_peering(
            f"{name}-peering",
            args.hub.place.vpc_id,
            OtherNetwork(
                account_id=args.account_id, region=args.region, vpc_id=args.endpoint_network.vpc_id
            ),
            args.gateways,
            tags=self._tags("peering"),
            parent=self,
        )
        self._rules_and_routes()
        for service, endpoint in args.endpoint_network.endpoints.items():
            self._zone(service, endpoint)
        self.register_outputs({"peering_id": self.peering_id})

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _tags(self, purpose: str) -> dict[str, str]:
        return {"Name": f"{self._args.names.prefix}-{HUB_OWNER}-{self._args.region}-{purpose}"}

    def _rules_and_routes(self) -> None:
        """To the endpoints' subnets, and to nothing else."""
        args = self._args
        for number, block in enumerate(args.endpoint_network.subnet_blocks, start=1):
            https_to(
                f"{self._name}-to-endpoints-{number}",
                args.hub.environment_group_id,
                f"AWS in {args.region}",
                parent=self,
                cidr_ipv4=block,
            )
            for zone, table_id in enumerate(args.hub.route_table_ids, start=1):
                subnet_route(
                    f"{self._name}-private-{zone}-route-{number}",
                    table_id,
                    block,
                    self.peering_id,
                    args.gateways.hub if args.gateways else None,
                    parent=self,
                )

    def _zone(self, service: str, endpoint: aws.ec2.VpcEndpoint) -> None:
        host = host_name(service, self._args.region)
        purpose = service.replace(".", "-")
        zone = aws.route53.Zone(
            f"{self._name}-{purpose}-zone",
            name=host,
            comment=f"{service} of {self._args.region}, for the hub of {self._args.names.prefix}",
            vpcs=[
                aws.route53.ZoneVpcArgs(
                    vpc_id=self._args.hub.place.vpc_id, vpc_region=self._args.hub_region
                )
            ],
            tags=self._tags(purpose),
            opts=self._child(),
        )
        regional = endpoint.dns_entries[0]
        aws.route53.Record(
            f"{self._name}-{purpose}-record",
            zone_id=zone.zone_id,
            name=host,
            type="A",
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=regional.dns_name,
                    zone_id=regional.hosted_zone_id,
                    evaluate_target_health=False,
                )
            ],
            opts=self._child(),
        )
