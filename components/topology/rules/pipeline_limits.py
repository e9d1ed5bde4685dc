"""What is computed for all together: names by hash, and policies of bounded size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from components.aws.arns import role_arn
from components.aws.naming import CROSS_ACCOUNT_ROLE, OWNER_PATTERN, Names
from components.aws.policy_document import MANAGED_POLICY_LIMIT
from components.connections.assume_role_policies import assume_role_policies
from components.replication.policies import MAX_DESTINATIONS
from components.replication.priority import replication_priority
from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import Problem, refused
from components.topology.rules.basics import matches
from components.topology.rules.pipelines import named_pipelines


def problems(topology: Topology, names: Names) -> Iterator[Problem]:
    """What doesn't work out between the pipelines."""
    yield from _destinations(topology)
    yield from _bucket_names(topology, names)
    yield from _too_many(topology, names)


def _destinations(topology: Topology) -> Iterator[Problem]:
    destinations: dict[str, list[str]] = defaultdict(list)
    for name, pipeline in sorted(topology.ml_pipelines.items()):
        for source in set(pipeline.data_pipelines()):
            destinations[source].append(name)
    for source, names in sorted(destinations.items()):
        if source not in topology.data_pipelines:
            continue
        if len(names) > MAX_DESTINATIONS:
            yield from refused(
                ("data_pipelines", source),
                Code.TOO_MANY,
                len(names),
                "ML pipelines train on its output",
                expected=f"at most {MAX_DESTINATIONS}, because the policy of a bucket's "
                "replication role names them all",
                advice="Let some of them train on another data pipeline",
            )
        yield from _same_priority(topology, names)


def _same_priority(topology: Topology, names: list[str]) -> Iterator[Problem]:
    """Names with one source whose replication rules S3 couldn't tell apart."""
    first_with: dict[int, str] = {}
    for name in names:
        first = first_with.setdefault(replication_priority(name), name)
        if first != name:
            yield from refused(
                ("ml_pipelines", name),
                Code.DUPLICATE_REPLICATION_PRIORITY,
                name,
                f"hashes to the replication priority of {first}, which has the same source",
                expected="a priority of its own",
                advice="Rename one of the two",
                relies_on=(("ml_pipelines", name, topology.ml_pipelines[name].source_key),),
            )


def _bucket_names(topology: Topology, names: Names) -> Iterator[Problem]:
    first_with: dict[str, str] = {}
    for path, pipeline in named_pipelines(topology):
        _, name = path
        account = topology.accounts.get(pipeline.account)
        if account is None or not matches(name, OWNER_PATTERN):
            continue
        bucket = names.bucket(name, account.id, pipeline.region)
        first = first_with.setdefault(bucket, name)
        if first != name:
            yield from refused(
                path,
                Code.DUPLICATE_BUCKET_NAME,
                name,
                f"hashes to the bucket name of {first}, {bucket}",
                expected="a bucket of its own",
                advice="Rename one of the two",
                relies_on=(("accounts", pipeline.account, "id"), (*path, "region")),
            )


def _too_many(topology: Topology, names: Names) -> Iterator[Problem]:
    """More pipelines and accesses than the policies of the hub's execution role can name."""
    roles = {
        name: role_arn(
            part.region,
            topology.accounts[part.account].id,
            names.role(name, CROSS_ACCOUNT_ROLE),
        )
        for name, part in topology.reached().items()
        if part.account in topology.accounts and matches(name, OWNER_PATTERN)
    }
    longest = max(map(len, assume_role_policies(roles).values()), default=0)
    if longest > MANAGED_POLICY_LIMIT:
        yield from refused(
            (),
            Code.TOO_MANY,
            len(roles),
            "pipelines and accesses don't fit into the policies of the hub's execution role",
            expected=f"about {len(roles) * MANAGED_POLICY_LIMIT // longest}, because one of these "
            f"policies would have {longest} characters and IAM takes {MANAGED_POLICY_LIMIT}",
            advice="Give some of them a stack, and so a hub, of their own",
        )
