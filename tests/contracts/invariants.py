"""What has to hold for every topology: each check returns its violations as sentences.

`tests.contracts.test_invariants` runs them over random topologies, and over programs that were
broken on purpose, to see each of them fail.
"""

from __future__ import annotations

import fnmatch
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from components.aws.account_region import AccountRegion
from components.aws.naming import HUB_OWNER
from components.ml_pipeline.training_image import REGISTRY_ACCOUNTS
from local.deployment.services import RESOURCE_TYPES
from tests.mocks import Recorded, Registration
from tests.policy_documents import Statement
from tests.topologies import pipelines_of, sources_of

Topology = dict[str, Any]

REPLICATION_SUFFIX = "-replication"
"""The end of a replication component's name, after its source's."""

_ACCOUNT_ID = re.compile(r"(?<![0-9a-f-])[0-9]{12}(?![0-9a-f-])")
_SERVICES_OF_ONE_KIND = {
    "data_pipelines": {"sagemaker", "lambda", "ecr"},
    "ml_pipelines": {"glue"},
}
"""Services of which no policy of that kind of pipeline may allow an action."""

BACKUPS = f"{HUB_OWNER}-backups"
"""What the hub keeps in the backups' Region."""

UPLOADS_SUFFIX = "-uploads"
"""The end of the name of a pipeline's component for uploads."""

ENDPOINTS_PREFIX = "endpoints-"
"""The beginning of the names of the hub's components in other Regions, before the Region's."""

LOGS_SUFFIX = "-access-logs"
"""The end of the name of the log bucket's component, which all in an account and Region share."""


@dataclass(frozen=True)
class Program:
    """What a topology evaluated to."""

    topology: Topology
    recorded: Recorded

    @property
    def resources(self) -> list[Registration]:
        """All but components and providers."""
        return [
            entry
            for entry in self.recorded
            if entry.custom and not entry.type.startswith("pulumi:providers:")
        ]

    def top(self, entry: Registration) -> str:
        """The component below the stack that a resource belongs to; beside the hub, the hub."""
        while entry.parent in self.recorded.registrations:
            entry = self.recorded.registrations[entry.parent]
        if entry.name == BACKUPS:
            return BACKUPS
        return HUB_OWNER if entry.name.startswith(f"{HUB_OWNER}-") else entry.name

    def account_region_of(self, part: dict[str, Any]) -> AccountRegion:
        """The account and Region of the hub or of a pipeline."""
        id_ = self.topology["accounts"][part["account"]]["id"]
        return AccountRegion(account_id=id_, region=part["region"])

    @property
    def account_regions(self) -> dict[str, AccountRegion]:
        """Where the resources of each top component belong, by its name."""
        pipelines = {
            name: self.account_region_of(p) for name, p in pipelines_of(self.topology).items()
        }
        accesses = {name: self.account_region_of(each) for name, each in self.accesses.items()}
        sources = {
            f"{name}{suffix}": pipelines[name]
            for name in self.topology["data_pipelines"]
            for suffix in (REPLICATION_SUFFIX, UPLOADS_SUFFIX)
        }
        hub = self.account_region_of(self.topology["hub"])
        backup = self.topology["hub"].get("backup")
        backups = {BACKUPS: replace(hub, region=backup["region"])} if backup else {}
        logs = {
            f"{each.account_id}-{each.region}{LOGS_SUFFIX}": each
            for each in (hub, *pipelines.values(), *backups.values())
        }
        budgets = {
            f"{account['id']}-budget": AccountRegion(account_id=account["id"], region=hub.region)
            for account in self.topology["accounts"].values()
        }
        endpoints = {
            f"{ENDPOINTS_PREFIX}{each.region}{suffix}": AccountRegion(
                account_id=hub.account_id, region=each.region
            )
            for each in pipelines.values()
            for suffix in ("", "-peering", "-transit", "-transit-peering")
        }
        of_environment = self.topology["hub"].get("network", {}).get("endpoints")
        if of_environment:
            id_ = self.topology["accounts"][of_environment["account"]]["id"]
            endpoints[f"{ENDPOINTS_PREFIX}environment"] = AccountRegion(
                account_id=id_, region=hub.region
            )
        hubs = {HUB_OWNER: hub, **backups}
        return {**hubs, **pipelines, **accesses, **sources, **logs, **budgets, **endpoints}

    @property
    def accesses(self) -> dict[str, dict[str, Any]]:
        """The accesses by name: what their roles may do is the team's own."""
        found: dict[str, dict[str, Any]] = self.topology.get("access", {})
        return found

    def is_hubs(self, top: str) -> bool:
        """Whether a top component is the hub's, in its own Region or another one."""
        return top in (HUB_OWNER, BACKUPS) or top.startswith(ENDPOINTS_PREFIX)

    def ml_pipelines_of(self, source: str) -> list[str]:
        """The ML pipelines that train on a data pipeline's output."""
        return [
            name for name, ml in self.topology["ml_pipelines"].items() if source in sources_of(ml)
        ]

    def statements(self) -> Iterator[tuple[Registration, str, list[Statement]]]:
        """Every policy document: its resource, the top component's name, its statements."""
        for entry in self.resources:
            for document in entry.policies:
                yield entry, self.top(entry), document.statements


def misplaced(program: Program) -> list[str]:
    """Every resource is in its own account and Region."""
    account_regions = program.account_regions
    return [
        f"{entry.urn} is in {entry.account_region}"
        for entry in program.resources
        if not entry.type.startswith("random:")
        and entry.account_region != account_regions[program.top(entry)]
    ]


def strangers(program: Program) -> list[str]:
    """No principal, action or ARN of one pipeline in another's policies."""
    owned = _identifiers(program)
    return [
        f"{entry.name}: {sentence}"
        for entry, top, statements in program.statements()
        if not program.is_hubs(top) and not top.endswith(LOGS_SUFFIX)
        if not (top in program.accesses and entry.type.endswith(":RolePolicy"))
        for sentence in (
            *_foreign_texts(program, top, statements, owned),
            *_foreign_accounts(program, top, statements),
            *_foreign_actions(program, top, statements),
        )
    ]


def _identifiers(program: Program) -> dict[str, set[str]]:
    """The ARNs and names of each top component's resources."""
    owned: dict[str, set[str]] = defaultdict(set)
    for entry in program.resources:
        # Where the ARN is an input, as of a rule's target, it is another resource's.
        arn = None if "arn" in entry.inputs else entry.outputs.get("arn")
        found = {arn, entry.inputs.get("bucket"), entry.inputs.get("name")}
        owned[program.top(entry)] |= {each for each in found if isinstance(each, str)}
    return {top: each - {"access"} for top, each in owned.items()}


def _related(program: Program, top: str, other: str) -> bool:
    """Whether the policies of `top` have to name `other`, as for replication between the two."""
    if other in (top, HUB_OWNER):
        return True
    if top.endswith(REPLICATION_SUFFIX):
        source = top.removesuffix(REPLICATION_SUFFIX)
        return other == source or other in program.ml_pipelines_of(source)
    if top.endswith(UPLOADS_SUFFIX):
        return other == top.removesuffix(UPLOADS_SUFFIX)
    ml = program.topology["ml_pipelines"].get(top)
    return (
        ml is not None
        and other.removesuffix(REPLICATION_SUFFIX) in sources_of(ml)
        and (other.endswith(REPLICATION_SUFFIX))
    )


def _foreign_texts(
    program: Program, top: str, statements: list[Statement], owned: dict[str, set[str]]
) -> Iterator[str]:
    texts = set(_strings(statements))
    for other, identifiers in owned.items():
        if _related(program, top, other):
            continue
        for text in texts:
            for identifier in identifiers:
                if _speaks_of(text, identifier):
                    yield f"{text} speaks of {identifier}, which is {other}'s"


def _speaks_of(text: str, identifier: str) -> bool:
    """Whether a text, perhaps a pattern, is an identifier, something in it, or matches it."""
    if "*" in text and text != "*":
        return fnmatch.fnmatchcase(identifier, text) or fnmatch.fnmatchcase(f"{identifier}/x", text)
    return text == identifier or text.startswith((f"{identifier}/", f"{identifier}:"))


def _foreign_accounts(program: Program, top: str, statements: list[Statement]) -> Iterator[str]:
    account_regions = program.account_regions
    own = {
        account_regions[other].account_id
        for other in account_regions
        if _related(program, top, other)
    }
    own |= set(REGISTRY_ACCOUNTS.values())
    for text in set(_strings(statements)):
        for id_ in set(_ACCOUNT_ID.findall(text)) - own:
            yield f"{text} names account {id_}"


def _foreign_actions(program: Program, top: str, statements: list[Statement]) -> Iterator[str]:
    kind = "ml_pipelines" if top in program.topology["ml_pipelines"] else "data_pipelines"
    for statement in statements:
        for action in _strings(statement["Action"]):
            if action.split(":")[0] in _SERVICES_OF_ONE_KIND[kind]:
                yield f"{action} is no action of {kind}"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def written_twice(program: Program) -> list[str]:
    """One policy per bucket, and one replication configuration per source with ML pipelines."""
    recorded = program.recorded
    buckets = {entry.inputs["bucket"]: program.top(entry) for entry in recorded.of_type("Bucket")}
    policies = Counter(entry.inputs["bucket"] for entry in recorded.of_type("BucketPolicy"))
    rules = Counter(entry.inputs["bucket"] for entry in recorded.of_type("BucketReplicationConfig"))
    wanted = {bucket: int(bool(program.ml_pipelines_of(top))) for bucket, top in buckets.items()}
    return [
        *(f"{name} has {policies[name]} policies" for name in buckets if policies[name] != 1),
        *(
            f"{name} has {rules[name]} replication configurations, not {count}"
            for name, count in wanted.items()
            if rules[name] != count
        ),
    ]


def names_taken_twice(program: Program) -> list[str]:
    """No physical name twice where AWS takes it once."""
    taken: Counter[tuple[Any, ...]] = Counter()
    for entry in program.resources:
        limit = RESOURCE_TYPES[entry.type].name_limit
        if limit is not None and entry.account_region is not None and limit.unique_in is not None:
            scope = {
                "the world": None,
                "the account": entry.account_region.account_id,
                "the Region": entry.account_region,
            }[limit.unique_in]
            taken[entry.type, scope, str(entry.inputs[limit.key]).lower()] += 1
    return [f"{name} {count} times" for name, count in taken.items() if count > 1]


def names_out_of_bounds(program: Program) -> list[str]:
    """Every physical name, and every policy, is one that AWS takes."""
    return [*_names(program), *_sizes(program)]


def _names(program: Program) -> Iterator[str]:
    for entry in program.resources:
        limit = RESOURCE_TYPES[entry.type].name_limit
        if limit is None:
            if "name" in entry.inputs:
                yield f"{entry.type} has a name and no limit in its description"
            continue
        for name in limit.names(entry.inputs):
            if not limit.least <= len(name.encode()) <= limit.most:
                yield f"{entry.type} {name} has {len(name.encode())} characters"
            if not re.fullmatch(limit.pattern, name):
                yield f"{entry.type} {name} isn't spelled as AWS wants it"


def _sizes(program: Program) -> Iterator[str]:
    for entry in program.resources:
        limits = RESOURCE_TYPES[entry.type].document_limits
        for document in entry.policies:
            size, length = limits.get(document.path), len(document.text.encode())
            if size is None:
                yield f"{entry.type} has a {document.path} and no limit of it in its description"
            elif length > size.most:
                yield f"{entry.type} {entry.name} has a {document.path} of {length} characters"
