"""The environment's endpoints in a shared VPC, where the stack makes them for the VPC's owner."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pulumi

from clients.role_session import role_client
from components.hub.availability import Availability
from components.network.environment_endpoints import (
    EnvironmentEndpoints,
    EnvironmentEndpointsArgs,
)
from components.program.private_network import ENDPOINTS_PREFIX
from components.program.stack import Stack
from components.providers import deploy_role_arns

_PUBLIC_ONLY = "PUBLIC_ONLY"
"""The access mode in which the web server has no endpoint."""


def make_environment_endpoints(stack: Stack, services: Mapping[str, pulumi.Output[str]]) -> None:
    """Make endpoints of the environment's `services`, if the topology says how."""
    hub = stack.topology.hub
    endpoints, vpc_id = hub.network.endpoints, hub.network.vpc_id
    if endpoints is None or vpc_id is None:
        return
    is_public = hub.environment.webserver_access_mode == _PUBLIC_ONLY
    EnvironmentEndpoints(
        f"{ENDPOINTS_PREFIX}environment",
        EnvironmentEndpointsArgs(
            names=stack.names,
            services={
                purpose: service
                for purpose, service in services.items()
                if purpose != "webserver" or not is_public
            },
            vpc_id=vpc_id,
            subnet_ids=hub.network.subnet_ids,
            security_group_ids=endpoints.security_group_ids,
            complete=_available(stack),
        ),
        stack.providers.at(endpoints.account, stack.hub_region),
    )


def _available(stack: Stack) -> pulumi.ResourceHook:
    """Waits for what the provider didn't wait for: it takes PENDING for the end."""
    availability = Availability(
        connect=lambda: role_client(
            "mwaa",
            stack.hub_account_id,
            deploy_role_arns(stack.topology, stack.names)[stack.hub_account_id],
            region=stack.hub_region,
            endpoint=stack.endpoint,
        ),
        environment=stack.names.environment(),
        say=pulumi.log.info,
    )

    async def wait(_args: pulumi.ResourceHookArgs) -> None:
        await asyncio.to_thread(availability.wait)

    return pulumi.ResourceHook(f"{ENDPOINTS_PREFIX}environment-available", wait)
