"""The hub's own network."""

from __future__ import annotations

import functools
import re

import pulumi
import pytest

from components.aws.naming import Names
from components.network.hub_network import HubNetwork, HubNetworkArgs, enough_zones
from tests.mocks import Recorded, Registration, aws_provider, evaluate

HUB = "111111111111"
REGION = "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{HUB}:key/k"
BOUNDARY = f"arn:aws:iam::{HUB}:policy/boundary"

EC2_DESCRIPTION = r"[\w .:/()#,@\[\]+=&;{}!$*-]{1,255}"
"""EC2 API reference, `CreateSecurityGroup` and `IpRange`: no apostrophe, above all."""


@functools.cache
def network() -> Recorded:
    def program() -> dict[str, object]:
        made = HubNetwork(
            "network",
            HubNetworkArgs(
                names=Names(project="unified-pipelines", stack="dev"),
                account_id=HUB,
                region=REGION,
                cidr_block="10.0.0.0/16",
                key_arn=KEY,
                log_retention_days=30,
                permissions_boundary_arn=BOUNDARY,
            ),
            pulumi.ResourceOptions(provider=aws_provider(HUB, REGION)),
        )
        return {
            "subnets": made.private_subnet_ids,
            "group": made.security_group_id,
            "ready": [resource.urn for resource in made.ready],
        }

    return evaluate(program)


def subnets(recorded: Recorded, kind: str) -> list[Registration]:
    return [recorded.one("Subnet", f"network-{kind}-{number}") for number in (1, 2)]


def test_children() -> None:
    recorded = network()
    assert recorded.tree(recorded.one("HubNetwork").urn) == [
        ("DefaultSecurityGroup", "network-default-security-group"),
        ("Eip", "network-nat-1-address"),
        ("Eip", "network-nat-2-address"),
        ("FlowLogs", "network-flow-logs"),
        ("InternetGateway", "network-internet-gateway"),
        ("NatGateway", "network-nat-1"),
        ("NatGateway", "network-nat-2"),
        ("Route", "network-private-1-route"),
        ("Route", "network-private-2-route"),
        ("Route", "network-public-route"),
        ("RouteTable", "network-private-1-table"),
        ("RouteTable", "network-private-2-table"),
        ("RouteTable", "network-public-table"),
        ("RouteTableAssociation", "network-private-1-association"),
        ("RouteTableAssociation", "network-private-2-association"),
        ("RouteTableAssociation", "network-public-1-association"),
        ("RouteTableAssociation", "network-public-2-association"),
        ("SecurityGroup", "network-security-group"),
        ("SecurityGroupEgressRule", "network-to-anywhere"),
        ("SecurityGroupIngressRule", "network-from-itself"),
        ("Subnet", "network-private-1"),
        ("Subnet", "network-private-2"),
        ("Subnet", "network-public-1"),
        ("Subnet", "network-public-2"),
        ("Vpc", "network-vpc"),
        ("VpcEndpoint", "network-s3-endpoint"),
    ]


class TestSubnets:
    """Two of each kind, in two zones, and nothing in them gets a public address by itself."""

    def test_each_pair_spans_two_zones(self) -> None:
        recorded = network()
        for kind in ("public", "private"):
            zones = [entry.inputs["availabilityZone"] for entry in subnets(recorded, kind)]
            assert zones == [f"{REGION}a", f"{REGION}b"]

    def test_blocks_differ_and_lie_in_the_network(self) -> None:
        recorded = network()
        blocks = [entry.inputs["cidrBlock"] for entry in recorded.of_type("Subnet")]
        assert len(set(blocks)) == 4
        assert all(block.startswith("10.0.") for block in blocks)

    def test_no_public_address_on_launch(self) -> None:
        assert [e.inputs["mapPublicIpOnLaunch"] for e in network().of_type("Subnet")] == [False] * 4

    def test_a_new_zone_moves_no_subnet(self) -> None:
        assert {e.ignore_changes for e in network().of_type("Subnet")} == {("availabilityZone",)}

    def test_only_zones_that_every_account_has_are_asked_for(self) -> None:
        for call in network().invocations:
            assert call.arguments == {
                "state": "available",
                "excludeZoneIds": ["apne1-az3", "cnn1-az4", "use1-az3", "usw1-az2"],
                "filters": [{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
            }
            assert (call.account_region.account_id, call.account_region.region) == (HUB, REGION)

    def test_the_environment_gets_the_private_ones(self) -> None:
        recorded = network()
        assert recorded.result["subnets"] == [
            entry.outputs["id"] for entry in subnets(recorded, "private")
        ]


class TestRoutes:
    """Each private subnet goes out through the gateway of its own zone."""

    def test_private_subnets_go_through_the_nat_gateway_of_their_zone(self) -> None:
        recorded = network()
        for number in (1, 2):
            table = recorded.one("RouteTable", f"network-private-{number}-table").outputs["id"]
            nat = recorded.one("NatGateway", f"network-nat-{number}")
            route = recorded.one("Route", f"network-private-{number}-route")
            assert route.inputs == {
                "routeTableId": table,
                "destinationCidrBlock": "0.0.0.0/0",
                "natGatewayId": nat.outputs["id"],
            }
            association = recorded.one(
                "RouteTableAssociation", f"network-private-{number}-association"
            )
            private, public = subnets(recorded, "private"), subnets(recorded, "public")
            assert association.inputs["subnetId"] == private[number - 1].outputs["id"]
            assert association.inputs["routeTableId"] == table
            assert nat.inputs["subnetId"] == public[number - 1].outputs["id"]

    def test_public_subnets_go_through_the_internet_gateway(self) -> None:
        recorded = network()
        gateway = recorded.one("InternetGateway").outputs["id"]
        assert recorded.one("Route", "network-public-route").inputs["gatewayId"] == gateway

    def test_nat_gateways_wait_for_the_internet_gateway(self) -> None:
        recorded = network()
        gateway = recorded.one("InternetGateway").urn
        assert all(gateway in entry.depends_on for entry in recorded.of_type("NatGateway"))

    def test_s3_has_its_own_route_from_both_private_subnets(self) -> None:
        recorded = network()
        endpoint = recorded.one("VpcEndpoint").inputs
        assert endpoint["serviceName"] == f"com.amazonaws.{REGION}.s3"
        assert endpoint["vpcEndpointType"] == "Gateway"
        assert endpoint["routeTableIds"] == [
            recorded.one("RouteTable", f"network-private-{number}-table").outputs["id"]
            for number in (1, 2)
        ]


class TestSecurityGroups:
    """Members of the environment's group reach one another; no other traffic gets in."""

    def test_only_the_group_itself_may_come_in(self) -> None:
        recorded = network()
        group = recorded.one("SecurityGroup").outputs["id"]
        rule = recorded.one("SecurityGroupIngressRule").inputs
        assert rule["securityGroupId"] == rule["referencedSecurityGroupId"] == group
        assert rule["ipProtocol"] == "-1"
        assert "cidrIpv4" not in rule
        assert recorded.result["group"] == group

    def test_rules_are_resources_of_their_own(self) -> None:
        group = network().one("SecurityGroup").inputs
        assert not {"ingress", "egress"} & set(group)

    def test_ec2_takes_every_description(self) -> None:
        recorded = network()
        described = [
            recorded.one("SecurityGroup"),
            recorded.one("SecurityGroupIngressRule"),
            recorded.one("SecurityGroupEgressRule"),
        ]
        for each in described:
            assert re.fullmatch(EC2_DESCRIPTION, each.inputs["description"], re.ASCII), each.name

    def test_the_default_group_lets_nothing_through(self) -> None:
        group = network().one("DefaultSecurityGroup").inputs
        assert not group.get("ingress")
        assert not group.get("egress")


class TestFlowLogs:
    """All traffic is on record, encrypted, and kept as long as was asked for."""

    def test_all_traffic_goes_to_the_encrypted_group(self) -> None:
        recorded = network()
        group, log = recorded.one("LogGroup"), recorded.one("FlowLog").inputs
        assert log["trafficType"] == "ALL"
        assert log["logDestination"] == group.outputs["arn"]
        assert log["iamRoleArn"] == recorded.one("Role").outputs["arn"]
        assert group.inputs == {
            "name": "unified-pipelines-dev-hub-flow-logs",
            "retentionInDays": 30,
            "kmsKeyId": KEY,
        }

    def test_the_role_has_its_policy_first_and_the_boundary(self) -> None:
        recorded = network()
        assert recorded.one("RolePolicy").urn in recorded.one("FlowLog").depends_on
        assert recorded.one("Role").inputs["permissionsBoundary"] == BOUNDARY

    def test_the_old_one_goes_before_a_new_one_to_the_same_group(self) -> None:
        assert network().one("FlowLog").delete_before_replace


def test_ready_means_routes_associations_and_rules() -> None:
    recorded = network()
    ready = {recorded.registrations[urn].name for urn in recorded.result["ready"]}
    assert ready == {
        "network-public-route",
        "network-private-1-route",
        "network-private-2-route",
        "network-public-1-association",
        "network-public-2-association",
        "network-private-1-association",
        "network-private-2-association",
        "network-s3-endpoint",
        "network-from-itself",
        "network-to-anywhere",
    }


class TestZones:
    """Amazon MWAA needs two zones; whether there are two is only known when the program runs."""

    def test_two_are_enough(self) -> None:
        assert enough_zones(["eu-west-1a", "eu-west-1c"], REGION) == ["eu-west-1a", "eu-west-1c"]

    @pytest.mark.parametrize(("names", "found"), [(["eu-west-1a"], "eu-west-1a"), ([], "none")])
    def test_fewer_are_refused(self, names: list[str], found: str) -> None:
        with pytest.raises(pulumi.RunError, match=rf"eu-west-1 has too few .*\({found}\).*needs 2"):
            enough_zones(names, REGION)
