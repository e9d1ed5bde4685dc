"""Amazon EC2: how a network reaches the Internet."""

from __future__ import annotations

from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services.ec2.tags import (
    TAG_ACTIONS,
    ec2_arn,
    generated_id,
    tag_specifications,
)
from local.deployment.translation import Rule


def create_internet_gateway(resource: Resource) -> Created:
    """An Internet gateway, attached to its network."""
    ec2, vpc_id = resource.client, resource.required("vpcId")
    gateway = ec2.create_internet_gateway(**tag_specifications(resource, "internet-gateway"))[
        "InternetGateway"
    ]
    gateway_id, owner = gateway["InternetGatewayId"], gateway.get("OwnerId", "")
    ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    return Created(
        gateway_id,
        {"arn": ec2_arn(resource, owner, f"internet-gateway/{gateway_id}"), "ownerId": owner},
    )


def delete_internet_gateway(resource: Resource, id_: str) -> None:
    """The gateway, detached before."""
    ec2 = resource.client
    ec2.detach_internet_gateway(InternetGatewayId=id_, VpcId=resource.inputs["vpcId"])
    ec2.delete_internet_gateway(InternetGatewayId=id_)


INTERNET_GATEWAY = ResourceType(
    token="aws:ec2/internetGateway:InternetGateway",
    service="ec2",
    properties={"vpcId": Rule.HANDLED},
    create=create_internet_gateway,
    remove=delete_internet_gateway,
    mock_outputs=generated_id("igw", "internet-gateway"),
    takes_tags=True,
    deploy_actions=(
        "ec2:AttachInternetGateway",
        "ec2:CreateInternetGateway",
        "ec2:DeleteInternetGateway",
        "ec2:DescribeInternetGateways",
        "ec2:DetachInternetGateway",
        *TAG_ACTIONS,
    ),
)


def allocate_address(resource: Resource) -> Created:
    """A public address."""
    address = resource.client.allocate_address(
        **resource.call, **tag_specifications(resource, "elastic-ip")
    )
    allocation = address["AllocationId"]
    return Created(allocation, {"allocationId": allocation, "publicIp": address["PublicIp"]})


def mock_address(mocked: Mocked) -> Outputs:
    """An address of the block that is reserved for examples."""
    allocation = f"eipalloc-{mocked.generated(17)}"
    return {"id": allocation, "allocationId": allocation, "publicIp": "192.0.2.1"}


ADDRESS = ResourceType(
    token="aws:ec2/eip:Eip",
    service="ec2",
    properties={"domain": "Domain"},
    create=allocate_address,
    remove=call("release_address", AllocationId=ID),
    mock_outputs=mock_address,
    takes_tags=True,
    deploy_actions=(
        "ec2:AllocateAddress",
        "ec2:DescribeAddresses",
        "ec2:DescribeAddressesAttribute",
        "ec2:DisassociateAddress",
        "ec2:ReleaseAddress",
        *TAG_ACTIONS,
    ),
)


def create_nat_gateway(resource: Resource) -> Created:
    """A NAT gateway, once it is available."""
    ec2 = resource.client
    gateway = ec2.create_nat_gateway(**resource.call, **tag_specifications(resource, "natgateway"))[
        "NatGateway"
    ]
    gateway_id = gateway["NatGatewayId"]
    ec2.get_waiter("nat_gateway_available").wait(
        NatGatewayIds=[gateway_id], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    addresses = gateway.get("NatGatewayAddresses") or [{}]
    return Created(
        gateway_id,
        {
            "networkInterfaceId": addresses[0].get("NetworkInterfaceId", ""),
            "privateIp": addresses[0].get("PrivateIp", ""),
            "publicIp": addresses[0].get("PublicIp", ""),
        },
    )


def delete_nat_gateway(resource: Resource, id_: str) -> None:
    """The gateway, once it is gone: it holds its address until then."""
    resource.client.delete_nat_gateway(NatGatewayId=id_)
    resource.client.get_waiter("nat_gateway_deleted").wait(
        NatGatewayIds=[id_], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )


NAT_GATEWAY = ResourceType(
    token="aws:ec2/natGateway:NatGateway",
    service="ec2",
    properties={"allocationId": "AllocationId", "subnetId": "SubnetId"},
    create=create_nat_gateway,
    remove=delete_nat_gateway,
    mock_outputs=generated_id("nat", "natgateway"),
    takes_tags=True,
    deploy_actions=(
        "ec2:CreateNatGateway",
        "ec2:DeleteNatGateway",
        "ec2:DescribeNatGateways",
        *TAG_ACTIONS,
    ),
)
