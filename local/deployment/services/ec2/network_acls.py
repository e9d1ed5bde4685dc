"""Amazon EC2: network ACLs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import (
    TAG_ACTIONS,
    ec2_arn,
    generated_id,
    tag_specifications,
)
from local.deployment.translation import Rule

_PROTOCOLS = {"-1": "-1", "tcp": "6"}
"""EC2 wants a protocol's number, and the provider takes its name."""


def create_network_acl(resource: Resource) -> Created:
    """A network ACL with its entries, in the place of the one that the subnets have."""
    ec2, inputs = resource.client, resource.inputs
    made = ec2.create_network_acl(**resource.call, **tag_specifications(resource, "network-acl"))
    acl_id, owner = made["NetworkAcl"]["NetworkAclId"], made["NetworkAcl"]["OwnerId"]
    for egress in (False, True):
        for entry in inputs["egress" if egress else "ingress"]:
            ec2.create_network_acl_entry(NetworkAclId=acl_id, Egress=egress, **_entry(entry))
    for association_id in list(_associations(ec2, inputs["subnetIds"])):
        ec2.replace_network_acl_association(AssociationId=association_id, NetworkAclId=acl_id)
    arn = ec2_arn(resource, owner, f"network-acl/{acl_id}")
    return Created(acl_id, {"arn": arn, "ownerId": owner})


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    protocol = _PROTOCOLS[entry["protocol"]]
    ports = {"PortRange": {"From": entry["fromPort"], "To": entry["toPort"]}}
    return {
        "CidrBlock": entry["cidrBlock"],
        "Protocol": protocol,
        "RuleAction": entry["action"],
        "RuleNumber": entry["ruleNo"],
        **({} if protocol == "-1" else ports),
    }


def _associations(ec2: Any, subnet_ids: list[str]) -> Iterator[str]:
    of_subnets = {"Name": "association.subnet-id", "Values": subnet_ids}
    for acl in ec2.describe_network_acls(Filters=[of_subnets])["NetworkAcls"]:
        for each in acl["Associations"]:
            if each["SubnetId"] in subnet_ids:
                yield each["NetworkAclAssociationId"]


def delete_network_acl(resource: Resource, id_: str) -> None:
    """The list, once the network's default one stands in for it at its subnets."""
    ec2, inputs = resource.client, resource.inputs
    of_vpc = {"Name": "vpc-id", "Values": [inputs["vpcId"]]}
    (default,) = ec2.describe_network_acls(
        Filters=[of_vpc, {"Name": "default", "Values": ["true"]}]
    )["NetworkAcls"]
    for association_id in list(_associations(ec2, inputs["subnetIds"])):
        ec2.replace_network_acl_association(
            AssociationId=association_id, NetworkAclId=default["NetworkAclId"]
        )
    ec2.delete_network_acl(NetworkAclId=id_)


NETWORK_ACL = ResourceType(
    token="aws:ec2/networkAcl:NetworkAcl",
    service="ec2",
    properties={
        "egress": Rule.HANDLED,
        "ingress": Rule.HANDLED,
        "subnetIds": Rule.HANDLED,
        "vpcId": "VpcId",
    },
    create=create_network_acl,
    remove=delete_network_acl,
    mock_outputs=generated_id("acl", "network-acl"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateNetworkAcl",
        "ec2:CreateNetworkAclEntry",
        "ec2:DeleteNetworkAcl",
        "ec2:DeleteNetworkAclEntry",
        "ec2:DescribeNetworkAcls",
        "ec2:ReplaceNetworkAclAssociation",
        *TAG_ACTIONS,
    ),
)
