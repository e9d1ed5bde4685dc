"""A way to Airflow's REST API for the functions of a network that the stack makes."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.network.environment_network import EnvironmentNetwork
from components.pipeline.site import PipelineSite


def airflow_endpoint(
    name: str,
    *,
    site: PipelineSite,
    network: EnvironmentNetwork,
    parent: pulumi.Resource,
    formerly: pulumi.Alias,
) -> list[pulumi.Resource]:
    """The endpoint where NAT gateways are the only way: the other networks have one already.

    A network takes one endpoint of a service with private DNS. `formerly` is the one of another
    component that may have been there before, and becomes this one.
    """
    if network.new_vpc_id is None or network.private is not None:
        return []
    endpoint = aws.ec2.VpcEndpoint(
        name,
        vpc_id=network.new_vpc_id,
        service_name=f"com.amazonaws.{site.region}.airflow.env",
        vpc_endpoint_type="Interface",
        subnet_ids=network.subnet_ids,
        security_group_ids=network.security_group_ids,
        private_dns_enabled=True,
        tags={"Name": f"{site.settings.names.prefix}-hub-airflow-env"},
        opts=pulumi.ResourceOptions(parent=parent, aliases=[formerly]),
    )
    return [endpoint]


def endpoint_of(component: str, name: str) -> pulumi.Alias:
    """The endpoint that the hub's component of this class and name had made."""
    type_ = f"unified-pipelines:index:{component}"
    stack = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}"
    return pulumi.Alias(name=f"{name}-airflow-endpoint", parent=f"{stack}::{type_}::{name}")
