"""What the whole program works with: the stack's topology, names, tags and providers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pulumi

from components.aws.naming import Names, StackNameError
from components.monitoring.topic import NotificationTopic, topic_of
from components.providers import Providers
from components.topology.loading import load_topology, parsed
from components.topology.model import Topology
from components.topology.problems import TopologyError
from components.topology.quotas import warnings


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The stack that is deployed."""

    names: Names
    topology: Topology
    tags: Mapping[str, str]
    """Of every resource: the project's and the stack's names, and the topology's own tags."""

    providers: Providers

    endpoint: str | None
    """The address that answers for all of AWS instead of AWS itself, if any."""

    @property
    def hub_account_id(self) -> str:
        """The id of the hub's account."""
        return self.account_id(self.topology.hub.account)

    @property
    def hub_region(self) -> str:
        """The hub's Region."""
        return self.topology.hub.region

    @cached_property
    def topic(self) -> NotificationTopic | None:
        """The topic that is told of failures, if the topology has any notifications."""
        return topic_of(self.topology, self.names)

    @cached_property
    def upload_keys(self) -> Mapping[str, str]:
        """The pattern of the uploads that start runs, by the data pipeline's name."""
        return self.topology.upload_keys()

    def account_id(self, alias: str) -> str:
        """The id of the account that the topology calls `alias`."""
        return self.topology.accounts[alias].id


def load_stack(root: Path) -> Stack:
    """The stack of the configuration of this deployment; the project's directory is `root`.

    Raises pulumi.RunError with every problem of the configuration.
    """
    config = pulumi.Config()
    try:
        names = Names(project=pulumi.get_project(), stack=pulumi.get_stack())
        topology = load_topology(parsed(config.get("topology")), names=names, root=root)
    except (StackNameError, TopologyError) as error:
        # Pulumi prints a RunError as it is, and anything else with a traceback.
        raise pulumi.RunError(str(error)) from None
    for warning in warnings(topology):
        pulumi.log.warn(str(warning))
    tags = {"project": names.project, "stack": names.stack, **topology.tags}
    endpoint = config.get("endpoint")
    providers = Providers(
        topology,
        names,
        tags=tags,
        endpoint=endpoint,
        read_only=config.get_bool("read_only") or False,
    )
    return Stack(names=names, topology=topology, tags=tags, providers=providers, endpoint=endpoint)
