"""How EC2 wants tags at creation, and how its ARNs and ids look."""

from __future__ import annotations

from typing import Any

from local.deployment.mocked import Mocked, MockOutputs, Outputs
from local.deployment.resource import Resource

TAG_ACTIONS = ("ec2:CreateTags", "ec2:DeleteTags", "ec2:DescribeTags")
"""The IAM actions on the tags of anything in EC2."""


def tag_specifications(resource: Resource, kind: str) -> dict[str, Any]:
    """The parameter that tags what is created; nothing where there are no tags."""
    if not resource.tags:
        return {}
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": resource.tag_list()}]}


def ec2_arn(resource: Resource, owner: str, rest: str) -> str:
    """The ARN of something in EC2, which its API leaves out."""
    partition = resource.client.meta.partition
    return f"arn:{partition}:ec2:{resource.provider.region}:{owner}:{rest}"


def generated_id(prefix: str, kind: str | None = None) -> MockOutputs:
    """An id that EC2 generates, such as `vpc-0a1b...`, and the ARN of that kind of resource."""

    def outputs(mocked: Mocked) -> Outputs:
        identifier = f"{prefix}-{mocked.generated(17)}"
        return {"id": identifier, "arn": mocked.at.arn("ec2", f"{kind or prefix}/{identifier}")}

    return outputs
