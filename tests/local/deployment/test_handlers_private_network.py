"""What a private network consists of besides, read back: ACL, endpoints, peering, hosted zone."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from local.deployment.errors import DeploymentError
from tests.local.deployment.conftest import Account

HOST = "sts.us-west-2.amazonaws.com"
POLICY = '{"Version":"2012-10-17","Statement":[]}'


@pytest.fixture
def deployed(account: Account) -> dict[str, Any]:
    """The outputs of one program with every resource type that only a private network has."""
    return account.deploy(lambda: network(account)).outputs


def network(account: Account) -> None:
    options = account.options()
    vpc, peer = (
        aws.ec2.Vpc(name, cidr_block=block, opts=options)
        for name, block in (("vpc", "10.1.0.0/16"), ("peer", "10.2.0.0/16"))
    )
    subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.1.1.0/24", opts=options)
    acl = aws.ec2.NetworkAcl(
        "acl",
        vpc_id=vpc.id,
        subnet_ids=[subnet.id],
        ingress=[
            aws.ec2.NetworkAclIngressArgs(
                rule_no=100,
                action="allow",
                protocol="tcp",
                cidr_block="10.2.0.0/16",
                from_port=443,
                to_port=443,
            )
        ],
        egress=[
            aws.ec2.NetworkAclEgressArgs(
                rule_no=110,
                action="allow",
                protocol="-1",
                cidr_block="10.2.0.0/16",
                from_port=0,
                to_port=0,
            )
        ],
        opts=options,
    )
    group = aws.ec2.SecurityGroup("group", name="g", description="g", vpc_id=vpc.id, opts=options)
    endpoint = endpoint_of("com.amazonaws.us-west-2.sts", vpc, subnet, group, options)
    pulumi.export("far", far_endpoint("s3", vpc, subnet, group, options).id)
    gateway = aws.ec2.VpcEndpoint(
        "s3",
        vpc_id=vpc.id,
        service_name="com.amazonaws.us-west-2.s3",
        vpc_endpoint_type="Gateway",
        policy=POLICY,
        opts=options,
    )
    aws.vpc.SecurityGroupEgressRule(
        "to-s3",
        security_group_id=group.id,
        prefix_list_id=gateway.prefix_list_id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        opts=options,
    )
    pulumi.export("names", joined(account, vpc, peer, endpoint, options))
    pulumi.export("acl", [acl.id, subnet.id])
    pulumi.export("group", group.id)


def joined(
    account: Account,
    vpc: aws.ec2.Vpc,
    peer: aws.ec2.Vpc,
    endpoint: aws.ec2.VpcEndpoint,
    options: pulumi.ResourceOptions,
) -> list[pulumi.Output[str]]:
    peering = aws.ec2.VpcPeeringConnection(
        "peering",
        vpc_id=vpc.id,
        peer_vpc_id=peer.id,
        peer_owner_id=account.id,
        peer_region=account.region,
        opts=options,
    )
    aws.ec2.VpcPeeringConnectionAccepter(
        "accepter", vpc_peering_connection_id=peering.id, auto_accept=True, opts=options
    )
    zone = aws.route53.Zone(
        "zone",
        name=HOST,
        comment="for the hub",
        vpcs=[aws.route53.ZoneVpcArgs(vpc_id=vpc.id, vpc_region=account.region)],
        opts=options,
    )
    entry = endpoint.dns_entries[0]
    aws.route53.Record(
        "record",
        zone_id=zone.zone_id,
        name=HOST,
        type="A",
        aliases=[
            aws.route53.RecordAliasArgs(
                name=entry.dns_name, zone_id=entry.hosted_zone_id, evaluate_target_health=False
            )
        ],
        opts=options,
    )
    return [peering.id, zone.zone_id, vpc.id, endpoint.id]


def endpoint_of(
    service_name: str,
    vpc: aws.ec2.Vpc,
    subnet: aws.ec2.Subnet,
    group: aws.ec2.SecurityGroup,
    options: pulumi.ResourceOptions,
    **more: Any,
) -> aws.ec2.VpcEndpoint:
    return aws.ec2.VpcEndpoint(
        service_name,
        vpc_id=vpc.id,
        service_name=service_name,
        vpc_endpoint_type="Interface",
        subnet_ids=[subnet.id],
        security_group_ids=[group.id],
        private_dns_enabled=False,
        opts=options,
        **more,
    )


def far_endpoint(service: str, *parts: Any) -> aws.ec2.VpcEndpoint:
    name = f"com.amazonaws.eu-west-1.{service}"
    return endpoint_of(name, *parts, service_region="eu-west-1")


def test_the_subnet_has_the_new_acl_alone(account: Account, deployed: dict[str, Any]) -> None:
    acl_id, subnet_id = deployed["acl"]
    acls = account.client("ec2").describe_network_acls()["NetworkAcls"]
    having = {
        acl["NetworkAclId"]: acl
        for acl in acls
        if subnet_id in [each["SubnetId"] for each in acl["Associations"]]
    }
    assert list(having) == [acl_id]
    entries = {(each["Egress"], each["Protocol"]) for each in having[acl_id]["Entries"]}
    assert entries == {(False, "6"), (True, "-1")}


def test_the_rule_names_the_prefix_list_of_s3(account: Account, deployed: dict[str, Any]) -> None:
    ec2 = account.client("ec2")
    (group,) = ec2.describe_security_groups(GroupIds=[deployed["group"]])["SecurityGroups"]
    (rule,) = group["IpPermissionsEgress"]
    (listed,) = rule["PrefixListIds"]
    (found,) = ec2.describe_prefix_lists(PrefixListIds=[listed["PrefixListId"]])["PrefixLists"]
    assert found["PrefixListName"] == "com.amazonaws.us-west-2.s3"


def test_the_peering_connection_is_accepted(account: Account, deployed: dict[str, Any]) -> None:
    peering_id, _, _, _ = deployed["names"]
    (peering,) = account.client("ec2").describe_vpc_peering_connections(
        VpcPeeringConnectionIds=[peering_id]
    )["VpcPeeringConnections"]
    assert peering["Status"]["Code"] == "active"


def test_the_service_s_name_leads_to_the_endpoint(
    account: Account, deployed: dict[str, Any]
) -> None:
    _, zone_id, vpc_id, endpoint_id = deployed["names"]
    route53 = account.client("route53")
    zone = route53.get_hosted_zone(Id=zone_id)
    assert [each["VPCId"] for each in zone["VPCs"]] == [vpc_id]
    assert zone["HostedZone"]["Config"]["PrivateZone"] is True
    records = route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    (alias,) = [each["AliasTarget"]["DNSName"] for each in records if each["Type"] == "A"]
    assert alias.startswith(endpoint_id)


def test_privatelink_carries_few_services_across_regions(account: Account) -> None:
    def program() -> None:
        options = account.options()
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.1.0.0/16", opts=options)
        subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.1.1.0/24", opts=options)
        group = aws.ec2.SecurityGroup(
            "group", name="g", description="g", vpc_id=vpc.id, opts=options
        )
        far_endpoint("glue", vpc, subnet, group, options)

    with pytest.raises(DeploymentError, match=r"InvalidServiceName.*eu-west-1\.glue"):
        account.deploy(program)
