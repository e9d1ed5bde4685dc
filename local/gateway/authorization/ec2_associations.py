"""What an association joins: a call that ends one names nothing else."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from ministack.services import ec2


def associated(association_id: str | None) -> list[str]:
    """The ids of a route table and of the subnet that it is associated with."""
    return [
        identifier
        for table in ec2._route_tables.values()
        for each in table["Associations"]
        if each["RouteTableAssociationId"] == association_id
        for identifier in (table["RouteTableId"], each["SubnetId"])
    ]
