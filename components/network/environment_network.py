"""The part of a network that the environment runs in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class EnvironmentNetwork:
    """Two subnets and the security groups; `ready` is what the environment waits for besides."""

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    ready: Sequence[pulumi.Resource] = ()
