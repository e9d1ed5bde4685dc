"""An interface endpoint: addresses in a network's subnets that are an AWS service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.endpoint_policy import endpoint_policy

HTTPS = 443


@dataclass(frozen=True, kw_only=True)
class EndpointPlace:
    """Where endpoints are made, and the accounts whose principals may use them."""

    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    group_id: pulumi.Input[str]
    account_ids: Sequence[str]


def interface_endpoint(
    name: str,
    service: str,
    region: str,
    place: EndpointPlace,
    *,
    tags: dict[str, str],
    parent: pulumi.Resource,
    from_other_region: bool = False,
    private_dns: bool = True,
) -> aws.ec2.VpcEndpoint:
    """An endpoint of `service` in `region`; `from_other_region`, in a network of another one.

    With `private_dns`, the service's own name leads to it everywhere in the network.
    """
    return aws.ec2.VpcEndpoint(
        name,
        vpc_id=place.vpc_id,
        service_name=f"com.amazonaws.{region}.{service}",
        service_region=region if from_other_region else None,
        vpc_endpoint_type="Interface",
        subnet_ids=place.subnet_ids,
        security_group_ids=[place.group_id],
        private_dns_enabled=private_dns,
        policy=endpoint_policy(service, region, place.account_ids),
        tags=tags,
        opts=pulumi.ResourceOptions(
            parent=parent,
            # A second endpoint with the same private name is refused while the first is there.
            delete_before_replace=True,
        ),
    )
