"""What AWS may not be up to: quotas that can be raised, and the capacity of an environment class.

None of it is refused: whether a quota was raised, an account's other roles and how much a DAG does
can't be known before deploying.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import Problem, refused

_DATA_PIPELINE_ROLES = 2
"""The hub's and the Glue job's. In the same account uploads have one more, and replication two."""
_ML_PIPELINE_ROLES = 3
"""The hub's, the training's and the clean-up function's."""


def warnings(topology: Topology) -> Iterator[Problem]:
    """What an operator has to know before anything is created."""
    yield from _dags(topology)
    yield from _roles(topology)
    yield from _networks(topology)
    yield from _backup(topology)


def roles_by_account(topology: Topology) -> Counter[str]:
    """The IAM roles that the stack creates in each account, by the account's alias."""
    uploads = topology.upload_keys()
    # The environment's and the rotation's; a network of the stack's own has one for its flow logs.
    roles = Counter({topology.hub.account: 2 if topology.hub.network.is_existing else 3})
    roles[topology.hub.account] += bool(uploads) + topology.notifications.has_topic
    roles[topology.hub.account] += topology.hub.backup is not None
    for name, data in topology.data_pipelines.items():
        roles[data.account] += _DATA_PIPELINE_ROLES
        roles[data.account] += 2 * bool(topology.ml_pipelines_of(name)) + (name in uploads)
    for ml in topology.ml_pipelines.values():
        roles[ml.account] += _ML_PIPELINE_ROLES
    for access in topology.access.values():
        roles[access.account] += 1
    return roles


def networks_by_region(topology: Topology) -> Counter[tuple[str, str]]:
    """The VPCs that the stack creates, by an account's alias and a Region."""
    hub = topology.hub
    made = Counter({(hub.account, hub.region): 0 if hub.network.is_existing else 1})
    made.update((hub.account, region) for region in topology.endpoint_regions())
    made.update(
        (each.account, each.region)
        for each in topology.pipelines()
        if each.network is not None and not each.network.is_existing
    )
    return made


def _dags(topology: Topology) -> Iterator[Problem]:
    class_ = topology.hub.environment.class_
    dags = len(topology.data_pipelines) + len(topology.ml_pipelines)
    capacity = limits.DAGS_BY_CLASS.get(class_)
    if capacity is not None and dags > capacity:
        larger = [each for each, most in limits.DAGS_BY_CLASS.items() if most >= dags]
        yield from refused(
            ("hub", "environment", "class"),
            Code.DAGS_ABOVE_CAPACITY,
            class_,
            f"is made for up to {capacity} DAGs, and the stack has {dags}, one per pipeline",
            advice=f"Choose {larger[0]} or a larger class" if larger else "Use several stacks",
        )


def _roles(topology: Topology) -> Iterator[Problem]:
    for alias, roles in sorted(roles_by_account(topology).items()):
        if roles > limits.ROLES_PER_ACCOUNT:
            yield from refused(
                ("accounts", alias),
                Code.ROLES_ABOVE_QUOTA,
                topology.accounts[alias].id,
                f"gets {roles} IAM roles of this stack, and the default quota of an account is "
                f"{limits.ROLES_PER_ACCOUNT} roles in all",
                advice="Have AWS raise it before you deploy, or use another account for some "
                "of the pipelines",
            )


def _networks(topology: Topology) -> Iterator[Problem]:
    for (alias, region), made in sorted(networks_by_region(topology).items()):
        # Accounts have a default VPC, unless it was deleted.
        if made >= limits.VPCS_PER_REGION:
            yield from refused(
                ("accounts", alias),
                Code.VPCS_ABOVE_QUOTA,
                topology.accounts[alias].id,
                f"gets {made} VPCs of this stack in {region}, and the default quota of an account "
                f"is {limits.VPCS_PER_REGION} in a Region, a default VPC included",
                advice="Have AWS raise it before you deploy, or let pipelines use an existing "
                "network together",
            )


def _backup(topology: Topology) -> Iterator[Problem]:
    """Not refused: after a recovery into the backups' Region, the hub is beside them for a time."""
    hub = topology.hub
    if hub.backup is not None and hub.backup.region == hub.region:
        yield from refused(
            ("hub", "backup", "region"),
            Code.BACKUP_IN_HUB_REGION,
            hub.backup.region,
            "is the hub's own Region, whose loss is the loss of the backups, too",
            expected="another Region",
        )
