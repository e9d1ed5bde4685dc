"""The endpoints of the environment's database and web server, in a network of its owner's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import HUB_OWNER, Names


@dataclass(frozen=True, kw_only=True)
class EnvironmentEndpointsArgs:
    """`services` are the endpoint services, by what each is of; the rest is of the endpoints.

    `complete` is called once all are there.
    """

    names: Names
    services: Mapping[str, pulumi.Input[str]]
    vpc_id: str
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
    complete: pulumi.ResourceHook


class EnvironmentEndpoints(pulumi.ComponentResource):
    """What an environment waits for in the status PENDING, once Amazon MWAA has its services.

    In a shared VPC EC2 takes endpoints from the owner's account alone.
    """

    def __init__(
        self, name: str, args: EnvironmentEndpointsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:EnvironmentEndpoints", name, None, opts)
        made: list[pulumi.Resource] = []
        for purpose, service in args.services.items():
            is_last = len(made) + 1 == len(args.services)
            endpoint = aws.ec2.VpcEndpoint(
                f"{name}-{purpose}",
                vpc_id=args.vpc_id,
                service_name=service,
                vpc_endpoint_type="Interface",
                subnet_ids=args.subnet_ids,
                security_group_ids=args.security_group_ids,
                private_dns_enabled=False,
                tags={"Name": f"{args.names.prefix}-{HUB_OWNER}-{purpose}"},
                opts=pulumi.ResourceOptions(
                    parent=self,
                    depends_on=list(made),
                    hooks=pulumi.ResourceHookBinding(after_create=[args.complete])
                    if is_last
                    else None,
                ),
            )
            made.append(endpoint)
        self.register_outputs({})
