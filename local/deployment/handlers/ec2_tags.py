"""How EC2 wants tags at creation, and how its ARNs look."""

from __future__ import annotations

from typing import Any

from local.deployment.resource import Resource


def tag_specifications(resource: Resource, kind: str) -> dict[str, Any]:
    """The parameter that tags what is created; nothing where there are no tags."""
    if not resource.tags:
        return {}
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": resource.tag_list()}]}


def ec2_arn(resource: Resource, owner: str, rest: str) -> str:
    """The ARN of something of EC2, which its API leaves out."""
    partition = resource.client("ec2").meta.partition
    return f"arn:{partition}:ec2:{resource.provider.region}:{owner}:{rest}"
