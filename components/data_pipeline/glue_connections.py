"""The connections by which a Glue job runs in a network: one for each subnet, and so for each zone.

A run takes the first one whose zone is healthy and whose subnet has an address left.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.data_pipeline.glue_names import connection_name
from components.network.work_network import WorkNetwork
from components.pipeline.site import PipelineSite


def connection_arns(site: PipelineSite, network: WorkNetwork) -> list[str]:
    """What a role has to be allowed in order to read them: the catalog that has them, too."""
    numbers = range(1, len(network.subnet_ids) + 1)
    names = [connection_name(site, number) for number in numbers]
    return [
        site.arn("glue", "catalog"),
        *(site.arn("glue", f"connection/{name}") for name in names),
    ]


def glue_connections(
    name: str, site: PipelineSite, network: WorkNetwork, parent: pulumi.Resource
) -> Sequence[aws.glue.Connection]:
    """Make them, in the order of the subnets."""
    return [
        aws.glue.Connection(
            f"{name}-connection-{number}",
            name=connection_name(site, number),
            description=f"The network of the job of {site.name}",
            connection_type="NETWORK",
            physical_connection_requirements=aws.glue.ConnectionPhysicalConnectionRequirementsArgs(
                availability_zone=zone,
                security_group_id_lists=network.group_ids,
                subnet_id=subnet_id,
            ),
            # Two can't have the same name.
            opts=pulumi.ResourceOptions(
                parent=parent, depends_on=list(network.ready), delete_before_replace=True
            ),
        )
        for number, (subnet_id, zone) in enumerate(
            zip(network.subnet_ids, network.zones, strict=True), start=1
        )
    ]
