"""Pipelines among each other: names, sources, and what is computed from their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from components.aws.arns import role_arn
from components.aws.naming import CROSS_ACCOUNT_ROLE, HUB_OWNER, OWNER_PATTERN, Names
from components.connections.assume_role_policies import MANAGED_POLICY_LIMIT, assume_role_policies
from components.replication.policies import MAX_DESTINATIONS
from components.replication.priority import replication_priority
from components.topology.model import DataPipeline, MlPipeline, Topology
from components.topology.problems import Problem, closest, listed, refused
from components.topology.rules.basics import matches, matching


def problems(topology: Topology, names: Names) -> Iterator[Problem]:
    """What is wrong with the pipelines as a set."""
    yield from _names(topology)
    yield from _sources(topology)
    yield from _replication_rules(topology)
    yield from _bucket_names(topology, names)
    yield from _too_many(topology, names)


def _names(topology: Topology) -> Iterator[Problem]:
    for path, _ in _pipelines(topology):
        _, name = path
        yield from matching(
            path,
            name,
            OWNER_PATTERN,
            "a lower-case letter, then up to 11 lower-case letters or digits",
            "rename the pipeline (every AWS name of it carries this one)",
        )
        if name == HUB_OWNER:
            yield from refused(path, name, "any other name", "the hub is called so; rename it")
    for name in sorted(topology.data_pipelines.keys() & topology.ml_pipelines.keys()):
        yield from refused(
            ("ml_pipelines", name),
            name,
            "a name that no data pipeline has, for each has one connection of its name",
            "rename one of the two",
        )


def _pipelines(topology: Topology) -> Iterator[tuple[tuple[str, str], DataPipeline | MlPipeline]]:
    for name, data_pipeline in topology.data_pipelines.items():
        yield ("data_pipelines", name), data_pipeline
    for name, ml_pipeline in topology.ml_pipelines.items():
        yield ("ml_pipelines", name), ml_pipeline


def _sources(topology: Topology) -> Iterator[Problem]:
    known = topology.data_pipelines
    for name, pipeline in topology.ml_pipelines.items():
        if pipeline.source not in known:
            yield from refused(
                ("ml_pipelines", name, "source"),
                pipeline.source,
                f"a data pipeline: {listed(known)}",
                closest(pipeline.source, known, otherwise="add it to `data_pipelines`"),
                ("data_pipelines", pipeline.source),
            )


def _replication_rules(topology: Topology) -> Iterator[Problem]:
    destinations: dict[str, list[str]] = defaultdict(list)
    for name, pipeline in sorted(topology.ml_pipelines.items()):
        destinations[pipeline.source].append(name)
    for source, names in sorted(destinations.items()):
        if source not in topology.data_pipelines:
            continue
        if len(names) > MAX_DESTINATIONS:
            yield Problem(
                ("data_pipelines", source),
                f"{len(names)} ML pipelines that learn from it are not allowed",
                f"{MAX_DESTINATIONS}, for S3 takes one replication role per bucket, whose policy "
                "names them all",
                "let some of them learn from another data pipeline",
            )
        yield from _same_priority(names)


def _same_priority(names: list[str]) -> Iterator[Problem]:
    """Names with one source whose replication rules S3 couldn't tell apart."""
    first_with: dict[int, str] = {}
    for name in names:
        first = first_with.setdefault(replication_priority(name), name)
        if first != name:
            yield from refused(
                ("ml_pipelines", name),
                name,
                f"a name whose replication priority differs from that of {first}, which has the "
                "same source",
                "rename one of the two (by chance their hashes are equal)",
                ("ml_pipelines", name, "source"),
            )


def _bucket_names(topology: Topology, names: Names) -> Iterator[Problem]:
    first_with: dict[str, str] = {}
    for path, pipeline in _pipelines(topology):
        _, name = path
        account = topology.accounts.get(pipeline.account)
        if account is None or not matches(name, OWNER_PATTERN):
            continue
        bucket = names.bucket(name, account.id, pipeline.region)
        first = first_with.setdefault(bucket, name)
        if first != name:
            yield from refused(
                path,
                name,
                f"a name whose bucket differs from {bucket}, which is that of {first}",
                "rename one of the two (by chance their hashes are equal)",
                ("accounts", pipeline.account, "id"),
                (*path, "region"),
            )


def _too_many(topology: Topology, names: Names) -> Iterator[Problem]:
    """More pipelines than the policies of the hub's execution role can name."""
    roles = {
        name: role_arn(
            pipeline.region,
            topology.accounts[pipeline.account].id,
            names.role(name, CROSS_ACCOUNT_ROLE),
        )
        for (_, name), pipeline in _pipelines(topology)
        if pipeline.account in topology.accounts and matches(name, OWNER_PATTERN)
    }
    lengths = [len(policy) for policy in assume_role_policies(roles).values()]
    too_long = [length for length in lengths if length > MANAGED_POLICY_LIMIT]
    if too_long:
        most = len(roles) * MANAGED_POLICY_LIMIT // max(too_long)
        yield Problem(
            (),
            f"{len(roles)} pipelines are not allowed",
            f"about {most}, for a policy of the hub's execution role names their roles and would "
            f"have {max(too_long)} characters, of which IAM takes {MANAGED_POLICY_LIMIT}",
            "give some of them a stack, and so a hub, of their own",
        )
