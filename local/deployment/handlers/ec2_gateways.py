"""Amazon EC2: the ways out of a network."""

from __future__ import annotations

from local.deployment.handlers.ec2_tags import ec2_arn, tag_specifications
from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule


@creates("aws:ec2/internetGateway:InternetGateway", {"vpcId": Rule.HANDLED}, tagged=True)
def create_internet_gateway(resource: Resource) -> Created:
    """An Internet gateway, attached to its network."""
    ec2 = resource.client("ec2")
    gateway = ec2.create_internet_gateway(**tag_specifications(resource, "internet-gateway"))[
        "InternetGateway"
    ]
    gateway_id, owner = gateway["InternetGatewayId"], gateway.get("OwnerId", "")
    if vpc_id := resource.inputs.get("vpcId"):
        ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    return Created(
        gateway_id,
        {"arn": ec2_arn(resource, owner, f"internet-gateway/{gateway_id}"), "ownerId": owner},
    )


@creates("aws:ec2/eip:Eip", {"domain": "Domain"}, tagged=True)
def allocate_address(resource: Resource) -> Created:
    """A public address."""
    address = resource.client("ec2").allocate_address(
        **resource.call, **tag_specifications(resource, "elastic-ip")
    )
    allocation = address["AllocationId"]
    return Created(allocation, {"allocationId": allocation, "publicIp": address["PublicIp"]})


@creates(
    "aws:ec2/natGateway:NatGateway",
    {
        "allocationId": "AllocationId",
        "connectivityType": "ConnectivityType",
        "subnetId": "SubnetId",
    },
    tagged=True,
)
def create_nat_gateway(resource: Resource) -> Created:
    """A NAT gateway, once it is available."""
    ec2 = resource.client("ec2")
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
