"""What a service does in a role's name to connect work to a network, and what the role refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ministack.core.responses import get_account_id, get_region

from local.gateway.authorization.simulation import allowed

_CREATE = "ec2:CreateNetworkInterface"


@dataclass(frozen=True, kw_only=True)
class Calls:
    """The calls of one service: `look` on every resource, and `on_interface` on its interface.

    `tag` is the one tag that it gives the interface, if it gives one.
    """

    look: Sequence[str]
    on_interface: Sequence[str]
    on_anything: Sequence[str] = ()
    tag: str | None = None


def refused(
    role_arn: str, subnet_ids: Sequence[str], group_ids: Sequence[str], calls: Calls
) -> str | None:
    """The first of `calls` that the role may not make for these subnets and groups, if any."""
    region = get_region()
    start = f"arn:aws:ec2:{region}:{get_account_id()}"
    interface = f"{start}:network-interface/*"
    groups = [f"{start}:security-group/{group_id}" for group_id in group_ids]
    wanted: list[tuple[str, str, dict[str, str]]] = [
        (action, "*", {}) for action in (*calls.look, *calls.on_anything)
    ]
    for subnet in (f"{start}:subnet/{subnet_id}" for subnet_id in subnet_ids):
        here = {"ec2:Subnet": subnet}
        wanted += [(_CREATE, part, {}) for part in (subnet, *groups)]
        wanted += [(action, interface, here) for action in (_CREATE, *calls.on_interface)]
    if calls.tag is not None:
        wanted.append(("ec2:CreateTags", interface, {"aws:TagKeys": calls.tag}))
    for action, resource, conditions in wanted:
        if not allowed(role_arn, action, resource, region=region, conditions=conditions):
            return f"{role_arn} is not authorized to perform: {action} on resource: {resource}"
    return None
