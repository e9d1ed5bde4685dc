"""The ids of a network that is there already, as the hub and the pipelines name it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.topology import limits
from components.topology.model.fields import Expected, pattern

_ADVICE = "Use the id, not the name or the ARN"

_SubnetId = Annotated[str, pattern(limits.SUBNET_ID_PATTERN)]
_SecurityGroupId = Annotated[str, pattern(limits.SECURITY_GROUP_ID_PATTERN)]

VpcId = Annotated[
    str | None,
    pattern(limits.VPC_ID_PATTERN),
    Expected("a VPC id", "an id such as vpc-0123456789abcdef0", _ADVICE),
]
SubnetIds = Annotated[
    tuple[_SubnetId, ...],
    Field(strict=False),
    Expected("a subnet id", "an id such as subnet-0123456789abcdef0", _ADVICE),
]
SecurityGroupIds = Annotated[
    tuple[_SecurityGroupId, ...],
    Field(strict=False),
    Expected("a security group id", "an id such as sg-0123456789abcdef0", _ADVICE),
]
