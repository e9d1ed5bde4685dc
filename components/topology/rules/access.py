"""Accesses: where they lead, what they are called, and their policy files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from components.aws.partitions import partition_of
from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import Problem, refused
from components.topology.rules.access_policy import policy_problems
from components.topology.rules.files import unusable
from components.topology.rules.pipelines import name_problems


def problems(topology: Topology, root: Path) -> Iterator[Problem]:
    """What is wrong with the accesses; their files are under `root`."""
    partition = partition_of(topology.hub.region)
    for name, access in topology.access.items():
        yield from name_problems(("access", name), "an access")
        yield from _taken(topology, name)
        path = ("access", name, "policy")
        found = list(unusable(path, access.policy, root))
        yield from found or policy_problems(path, access.policy, root, partition)
    yield from _reachable(topology)


def _taken(topology: Topology, name: str) -> Iterator[Problem]:
    if name in topology.data_pipelines or name in topology.ml_pipelines:
        yield from refused(
            ("access", name),
            Code.DUPLICATE_PIPELINE_NAME,
            name,
            "is also a pipeline",
            expected="a name of its own, because roles and connections are named after both",
            advice="Rename one of the two",
        )


def _reachable(topology: Topology) -> Iterator[Problem]:
    """A private network has endpoints of what the pipelines call, and of no other service."""
    if topology.access and topology.hub.network.is_private:
        yield from refused(
            ("access",),
            Code.NEEDS_INTERNET,
            sorted(topology.access),
            "is work with services that a private network has no endpoint for",
            expected="no access in a stack whose hub.network.mode is private",
            advice="Set the mode to nat, or bring an existing network with these endpoints",
            relies_on=(("hub", "network", "mode"),),
        )
