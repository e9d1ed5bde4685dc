"""The accounts of a stack, as the policies are written about them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bootstrap.policies.scope import Scope
from components.access.policy_file import statements_of
from components.aws.arns import policy_arn, repository_arn_of
from components.aws.naming import Names
from components.aws.policy_document import policy_document
from components.ml_pipeline.training_image import training_image
from components.providers import accounts_and_regions, accounts_with_parts
from components.topology.model import Network, PipelineNetwork, Topology

ROOT = Path(__file__).parents[1]
"""The project's directory, to which a topology's file names are relative."""


def scopes(
    topology: Topology, names: Names, *, state_region: str | None = None
) -> dict[str, Scope]:
    """Every account in use by its alias; the state is in the hub's Region unless in another one."""
    in_use = accounts_and_regions(topology)
    aliases = sorted({alias for alias, _ in in_use})
    return {
        alias: Scope(
            names=names,
            account_id=topology.accounts[alias].id,
            hub_region=topology.hub.region,
            state_region=state_region or topology.hub.region,
            account_ids=tuple(sorted(topology.accounts[each].id for each in aliases)),
            regions=tuple(sorted({region for _, region in in_use})),
            organization_id=topology.organization_id,
            boundary_arn=boundary_arn(topology, names, alias),
            images=_images(topology, alias),
            existing_network=topology.hub.network if topology.hub.network.is_existing else None,
            is_private=topology.hub.network.is_private,
            endpoint_regions=tuple(topology.endpoint_regions()),
            network_of_endpoints=_network_of_endpoints(topology, alias),
            has_parts=alias in accounts_with_parts(topology),
            has_transit_gateways=topology.has_transit_gateways(),
            backup_region=None if topology.hub.backup is None else topology.hub.backup.region,
            existing_topic_arn=topology.notifications.topic_arn,
            access_policies=_access_policies(topology, alias),
            has_hub=alias == topology.hub.account,
            has_pipelines=alias in _with_pipelines(topology),
            has_networks=bool(_networks(topology, alias)),
        )
        for alias in aliases
    }


def boundary_arn(topology: Topology, names: Names, alias: str) -> str:
    """The boundary of an account's roles: the bootstrap's, or the one that the topology names."""
    name = topology.permissions_boundary or names.boundary
    return policy_arn(topology.hub.region, topology.accounts[alias].id, name)


def _with_pipelines(topology: Topology) -> set[str]:
    data, ml = topology.data_pipelines.values(), topology.ml_pipelines.values()
    return {pipeline.account for pipeline in data} | {pipeline.account for pipeline in ml}


def _networks(topology: Topology, alias: str) -> list[PipelineNetwork]:
    """The networks of the account's pipelines."""
    found = (each.network for each in topology.pipelines() if each.account == alias)
    return [network for network in found if network]


def _network_of_endpoints(topology: Topology, alias: str) -> Network | None:
    network = topology.hub.network
    is_owner = network.endpoints is not None and network.endpoints.account == alias
    return network if is_owner else None


def _access_policies(topology: Topology, alias: str) -> Mapping[str, str]:
    """The policies of the account's accesses, unless the organization has a boundary for all."""
    if topology.permissions_boundary is not None:
        return {}
    return {
        name: policy_document(statements_of(ROOT / access.policy))
        for name, access in sorted(topology.access.items())
        if access.account == alias
    }


def _images(topology: Topology, alias: str) -> tuple[str, ...]:
    """The repositories of the images that the account's ML pipelines train with."""
    found = {
        repository_arn_of(training_image(ml))
        for ml in topology.ml_pipelines.values()
        if ml.account == alias
    }
    return tuple(sorted(found))
