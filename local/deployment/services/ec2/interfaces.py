"""Amazon EC2: the interfaces that Lambda leaves for a while where a function was."""

from __future__ import annotations

from typing import Any

_OF_LAMBDA = {"Name": "description", "Values": ["AWS Lambda VPC ENI*"]}


def remove_interfaces(ec2: Any, key: str, value: str) -> None:
    """Detach and delete those of a subnet or a group, by the filter that names it."""
    found = ec2.describe_network_interfaces(Filters=[{"Name": key, "Values": [value]}, _OF_LAMBDA])[
        "NetworkInterfaces"
    ]
    for interface in found:
        if attachment := interface.get("Attachment"):
            ec2.detach_network_interface(AttachmentId=attachment["AttachmentId"])
        ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
