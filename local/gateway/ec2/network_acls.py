"""Which subnet has which network ACL: MiniStack keeps no record of it."""
# ruff: noqa: SLF001 -- reads and answers as MiniStack's own handlers do

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ministack.services import ec2

_Handler = Callable[[dict[str, Any]], Any]
_SUBNET = re.compile(r"subnet-[0-9a-f]+")


def create_subnet(original: _Handler) -> _Handler:
    """Give a new subnet the default ACL of its network."""

    def handle(request: dict[str, Any]) -> Any:
        answer = original(request)
        found = _SUBNET.search(_text(answer))
        subnet_id = found.group() if found else ""
        vpc_id = ec2._subnets.get(subnet_id, {}).get("VpcId")
        for acl in ec2._network_acls.values():
            if acl["IsDefault"] and acl["VpcId"] == vpc_id:
                association_id = subnet_id.replace("subnet-", "aclassoc-")
                acl["Associations"].append(
                    {"NetworkAclAssociationId": association_id, "SubnetId": subnet_id}
                )
        return answer

    return handle


def replace_association(original: _Handler) -> _Handler:
    """Put the subnet of the old association into the new one."""

    def handle(request: dict[str, Any]) -> Any:
        old_id = ec2._p(request, "AssociationId")
        subnet_ids = [
            each["SubnetId"]
            for acl in ec2._network_acls.values()
            for each in acl["Associations"]
            if each["NetworkAclAssociationId"] == old_id
        ]
        if not subnet_ids:
            message = f"The association ID '{old_id}' does not exist"
            return ec2._error("InvalidAssociationID.NotFound", message, 400)
        answer = original(request)
        acl = ec2._network_acls.get(ec2._p(request, "NetworkAclId"))
        if acl is not None:
            acl["Associations"][-1]["SubnetId"] = subnet_ids[0]
        return answer

    return handle


def _text(answer: Any) -> str:
    body = answer[2]
    return body.decode() if isinstance(body, bytes) else str(body)
