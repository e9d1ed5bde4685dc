"""A network like the hub's, read back."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.local.deployment.conftest import Account

BLOCK = "10.1.0.0/16"


@pytest.fixture
def deployed(account: Account) -> dict[str, Any]:
    """The outputs of one program with every resource type of EC2."""
    return account.deploy(lambda: network(account)).outputs


def network(account: Account) -> None:
    options = account.options()
    zones = aws.get_availability_zones_output(
        state="available",
        exclude_zone_ids=["usw2-az1"],
        opts=pulumi.InvokeOutputOptions(provider=options.provider),
    )
    vpc = aws.ec2.Vpc(
        "vpc",
        cidr_block=BLOCK,
        enable_dns_hostnames=True,
        enable_dns_support=True,
        tags={"Name": "vpc"},
        opts=options,
    )
    subnet = aws.ec2.Subnet(
        "subnet",
        vpc_id=vpc.id,
        cidr_block="10.1.1.0/24",
        availability_zone=zones.names[0],
        map_public_ip_on_launch=False,
        opts=options,
    )
    routes(vpc, subnet, options)
    security(account, vpc, options)
    pulumi.export("zones", zones.names)
    pulumi.export("vpc", [vpc.id, vpc.arn, vpc.default_security_group_id])
    pulumi.export("subnet", subnet.id)


def routes(vpc: aws.ec2.Vpc, subnet: aws.ec2.Subnet, options: pulumi.ResourceOptions) -> None:
    gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id, opts=options)
    address = aws.ec2.Eip("address", domain="vpc", opts=options)
    nat = aws.ec2.NatGateway("nat", allocation_id=address.id, subnet_id=subnet.id, opts=options)
    table = aws.ec2.RouteTable("table", vpc_id=vpc.id, opts=options)
    aws.ec2.Route(
        "route",
        route_table_id=table.id,
        destination_cidr_block="0.0.0.0/0",
        nat_gateway_id=nat.id,
        opts=options,
    )
    aws.ec2.RouteTableAssociation(
        "association", route_table_id=table.id, subnet_id=subnet.id, opts=options
    )
    aws.ec2.VpcEndpoint(
        "s3",
        vpc_id=vpc.id,
        service_name="com.amazonaws.us-west-2.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=[table.id],
        opts=options,
    )
    pulumi.export("gateway", gateway.id)
    pulumi.export("nat", nat.id)
    pulumi.export("table", table.id)


def security(account: Account, vpc: aws.ec2.Vpc, options: pulumi.ResourceOptions) -> None:
    default = aws.ec2.DefaultSecurityGroup("default", vpc_id=vpc.id, opts=options)
    group = aws.ec2.SecurityGroup(
        "group", name="group", description="what for", vpc_id=vpc.id, opts=options
    )
    aws.vpc.SecurityGroupIngressRule(
        "itself",
        security_group_id=group.id,
        referenced_security_group_id=group.id,
        ip_protocol="-1",
        opts=options,
    )
    aws.vpc.SecurityGroupEgressRule(
        "https",
        security_group_id=group.id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="-1",
        description="out",
        opts=options,
    )
    flows = aws.ec2.FlowLog(
        "flows",
        vpc_id=vpc.id,
        traffic_type="REJECT",
        log_destination_type="cloud-watch-logs",
        log_destination=f"arn:aws:logs:us-west-2:{account.id}:log-group:flows",
        iam_role_arn=f"arn:aws:iam::{account.id}:role/flows",
        opts=options,
    )
    pulumi.export("default", default.id)
    pulumi.export("group", group.id)
    pulumi.export("flows", flows.id)


def test_a_network_like_the_hubs(account: Account, deployed: dict[str, Any]) -> None:
    ec2 = account.client("ec2")
    vpc_id, arn, default_group = deployed["vpc"]

    assert arn == f"arn:aws:ec2:{account.region}:{account.id}:vpc/{vpc_id}"
    assert default_group == deployed["default"]
    (vpc,) = ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"]
    assert vpc["CidrBlock"] == BLOCK
    assert {tag["Key"]: tag["Value"] for tag in vpc["Tags"]} == {"Name": "vpc", "stack": "test"}
    for attribute in ("enableDnsHostnames", "enableDnsSupport"):
        found = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=attribute)
        assert found[f"E{attribute[1:]}"] == {"Value": True}
    (subnet,) = ec2.describe_subnets(SubnetIds=[deployed["subnet"]])["Subnets"]
    assert (subnet["CidrBlock"], subnet["VpcId"]) == ("10.1.1.0/24", vpc_id)
    assert subnet["AvailabilityZone"] == deployed["zones"][0] == "us-west-2b"
    (flows,) = ec2.describe_flow_logs(FlowLogIds=[deployed["flows"]])["FlowLogs"]
    assert (flows["ResourceId"], flows["TrafficType"]) == (vpc_id, "REJECT")


def test_the_way_out_leads_through_the_nat_gateway(
    account: Account, deployed: dict[str, Any]
) -> None:
    ec2 = account.client("ec2")
    (table,) = ec2.describe_route_tables(RouteTableIds=[deployed["table"]])["RouteTables"]

    ways = {route.get("DestinationCidrBlock"): route for route in table["Routes"]}
    assert ways["0.0.0.0/0"]["NatGatewayId"] == deployed["nat"]
    assert [entry["SubnetId"] for entry in table["Associations"]] == [deployed["subnet"]]
    (gateway,) = ec2.describe_internet_gateways(InternetGatewayIds=[deployed["gateway"]])[
        "InternetGateways"
    ]
    assert [entry["VpcId"] for entry in gateway["Attachments"]] == [deployed["vpc"][0]]
    (nat,) = ec2.describe_nat_gateways(NatGatewayIds=[deployed["nat"]])["NatGateways"]
    assert nat["SubnetId"] == deployed["subnet"]


def test_groups_have_the_rules_that_were_asked_for_and_no_other(
    account: Account, deployed: dict[str, Any]
) -> None:
    ec2 = account.client("ec2")
    group_id = deployed["group"]
    (default,) = ec2.describe_security_groups(GroupIds=[deployed["default"]])["SecurityGroups"]
    (group,) = ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"]

    assert default["IpPermissions"] == default["IpPermissionsEgress"] == []
    (ingress,) = group["IpPermissions"]
    assert ingress["IpProtocol"] == "-1"
    assert [pair["GroupId"] for pair in ingress["UserIdGroupPairs"]] == [group_id]
    (egress,) = group["IpPermissionsEgress"]
    assert egress["IpProtocol"] == "-1"
    assert [block["CidrIp"] for block in egress["IpRanges"]] == ["0.0.0.0/0"]


def test_a_gateway_endpoint_is_in_the_route_table(
    account: Account, deployed: dict[str, Any]
) -> None:
    (endpoint,) = [
        each
        for each in account.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
        if each["VpcId"] == deployed["vpc"][0]
    ]

    assert endpoint["ServiceName"] == "com.amazonaws.us-west-2.s3"
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["RouteTableIds"] == [deployed["table"]]
