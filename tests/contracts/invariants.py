"""What has to hold for every topology: each check returns its violations as sentences.

`tests.contracts.test_invariants` runs them over random topologies, and over programs that were
broken on purpose, to see each of them fail.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.aws.account_region import AccountRegion
from components.aws.naming import HUB_OWNER
from components.ml_pipeline.training_image import REGISTRY_ACCOUNTS
from local.deployment.services import RESOURCE_TYPES
from tests.mocks import Recorded, Registration
from tests.policy_documents import Statement
from tests.topologies import pipelines_of

Topology = dict[str, Any]

REPLICATION_SUFFIX = "-replication"
"""The end of a replication component's name, after its source's."""

_ACCOUNT_ID = re.compile(r"(?<![0-9a-f-])[0-9]{12}(?![0-9a-f-])")
_SERVICES_OF_ONE_KIND = {
    "data_pipelines": {"sagemaker", "lambda", "ecr"},
    "ml_pipelines": {"glue"},
}
"""Services of which no policy of that kind of pipeline may allow an action."""

HUB_UPLOADS = "hub-uploads"
MONITORING = f"{HUB_OWNER}-monitoring"
ALARMS_OF_PIPELINES = ("failing", "overdue", "lost-uploads")
UPLOAD_ALARMS = tuple(
    f"{MONITORING}-{purpose}"
    for purpose in ("oldest-upload", "dead-uploads", "start-function-errors")
)
UPLOADS_SUFFIX = "-uploads"
"""The end of the name of a pipeline's component for uploads."""

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
        sources = {
            f"{name}{suffix}": pipelines[name]
            for name in self.topology["data_pipelines"]
            for suffix in (REPLICATION_SUFFIX, UPLOADS_SUFFIX)
        }
        hub = self.account_region_of(self.topology["hub"])
        aliases = {each["id"]: alias for alias, each in self.topology["accounts"].items()}
        logs = {
            f"{aliases[each.account_id]}-{each.region}{LOGS_SUFFIX}": each
            for each in (hub, *pipelines.values())
        }
        budgets = {
            f"{alias}-budget": AccountRegion(account_id=account["id"], region=hub.region)
            for alias, account in self.topology["accounts"].items()
        }
        return {HUB_OWNER: hub, **pipelines, **sources, **logs, **budgets}

    def ml_pipelines_of(self, source: str) -> list[str]:
        """The ML pipelines that train on a data pipeline's output."""
        return [
            name for name, ml in self.topology["ml_pipelines"].items() if ml["source"] == source
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
        if top != HUB_OWNER and not top.endswith(LOGS_SUFFIX)
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
    return ml is not None and other == f"{ml['source']}{REPLICATION_SUFFIX}"


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


def moved(with_it: Program, without_it: Program, pipeline: str) -> list[str]:
    """What a pipeline that comes or goes changes of others, in either direction."""
    more, less = with_it.recorded.registrations, without_it.recorded.registrations
    source = with_it.topology["ml_pipelines"].get(pipeline, {}).get("source")
    replication = f"{source}{REPLICATION_SUFFIX}"
    return [
        *(f"{urn} is there without {pipeline} only" for urn in sorted(set(less) - set(more))),
        *(
            f"{more[urn].name} belongs to another, and is there with {pipeline} only"
            for urn in sorted(set(more) - set(less))
            if not _belongs(with_it, more[urn], pipeline, replication)
        ),
        *(
            f"{more[urn].name} changes with {pipeline}"
            for urn in sorted(set(more) & set(less))
            if _compared(more[urn], replication, pipeline)
            != _compared(less[urn], replication, pipeline)
        ),
    ]


def _belongs(program: Program, entry: Registration, pipeline: str, replication: str) -> bool:
    connection = f"hub-connections-{pipeline}"
    others = _others_with_uploads(program, pipeline)
    of_uploads = (f"{HUB_UPLOADS}-{pipeline}-",) if others else (HUB_UPLOADS, *UPLOAD_ALARMS)
    top, account_regions = program.top(entry), program.account_regions
    return (
        entry.type.startswith("pulumi:providers:")
        or (top.endswith(LOGS_SUFFIX) and account_regions[top] == account_regions[pipeline])
        or top in (pipeline, replication, f"{pipeline}{UPLOADS_SUFFIX}")
        or entry.name.startswith(of_uploads)
        or entry.name == connection
        or entry.name in {f"{MONITORING}-{pipeline}-{purpose}" for purpose in ALARMS_OF_PIPELINES}
        or entry.name.startswith((f"{connection}-", "hub-connections-assume-"))
    )


def _others_with_uploads(program: Program, pipeline: str) -> list[str]:
    """The other pipelines whose uploads start runs: without any, the hub has no part for them."""
    pipelines = program.topology["data_pipelines"]
    return [name for name in pipelines if name != pipeline and _has_uploads(pipelines[name])]


def _has_uploads(pipeline: dict[str, Any]) -> bool:
    return "on_upload" in pipeline.get("start", {})


def _compared(entry: Registration, replication: str, pipeline: str) -> Any:
    """What has to stay of a resource: everything but the pipeline's own entry in a list."""
    source = replication.removesuffix(REPLICATION_SUFFIX)
    fixed = (entry.provider, entry.parent, entry.protect, entry.account_region)
    own_entries: dict[str, Callable[[], Any]] = {
        "hub-connections-dags-topology": lambda: _without_pipeline(
            json.loads(entry.inputs["content"]), pipeline
        ),
        f"{HUB_UPLOADS}-bus-policy": lambda: _without_sender(entry.document("policy"), pipeline),
        f"{MONITORING}-dashboard": lambda: _without_row(
            json.loads(entry.inputs["dashboardBody"]), pipeline
        ),
        # The Glue job knows the objectives of the ML pipelines that train on its output.
        f"{source}-glue-settings": lambda: _without_training(entry.inputs, pipeline),
        f"{HUB_OWNER}-key": lambda: _without_uploads(entry.document("policy")),
        f"{replication}-rules": lambda: {
            **entry.inputs,
            "rules": [rule for rule in entry.inputs["rules"] if rule["id"] != pipeline],
        },
        f"{replication}-policy": lambda: {
            key: entry.inputs[key] for key in entry.inputs if key != "policy"
        },
    }
    if entry.type == "aws:iam/policy:Policy":
        return fixed, _without_role(entry.document("policy"), pipeline)
    compared = own_entries.get(entry.name)
    return entry if compared is None else (fixed, compared())


def _without_row(dashboard: dict[str, Any], pipeline: str) -> Any:
    """The graphs of the others, which move up or down."""
    graphs = [widget["properties"] for widget in dashboard["widgets"]]
    return [graph for graph in graphs if not graph["title"].startswith(f"{pipeline}: ")]


def _without_training(settings: Mapping[str, Any], pipeline: str) -> Any:
    """The settings of a Glue job, less the training of the pipeline."""
    content = json.loads(settings["source"]["text"])
    trainings = [each for each in content["trainings"] if each["name"] != pipeline]
    return {**settings, "source": {**content, "trainings": trainings}}


def _without_pipeline(topology: dict[str, Any], pipeline: str) -> Any:
    """What `topology.json` says of all other pipelines."""

    def less(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: less(item) for key, item in value.items() if key != pipeline}
        if isinstance(value, list):
            return [item for item in value if item != pipeline]
        return value

    return less(topology)


def _without_sender(document: dict[str, Any], pipeline: str) -> list[str]:
    """The roles that may put events on the hub's bus, less that of the pipeline."""
    roles = [
        role
        for statement in document["Statement"]
        for role in _strings(statement["Condition"]["ArnEquals"]["aws:PrincipalArn"])
    ]
    return sorted(arn for arn in roles if f"-{pipeline}-" not in arn)


def _without_uploads(document: dict[str, Any]) -> list[Any]:
    """The statements of the hub's key, less what the first pipeline with uploads adds to them."""
    groups = "kms:EncryptionContext:aws:logs:arn"
    statements = [each for each in document["Statement"] if each["Sid"] != "UploadMessages"]
    for each in statements:
        if each["Sid"] == "LogEncryption":
            named = each["Condition"]["ArnEquals"][groups]
            each["Condition"]["ArnEquals"][groups] = [
                arn for arn in named if not arn.endswith("-startruns")
            ]
    return statements


def _without_role(document: dict[str, Any], pipeline: str) -> list[str]:
    """The roles that a policy of the hub names, less those of the pipeline."""
    (statement,) = document["Statement"]
    resources = statement["Resource"]
    listed = [resources] if isinstance(resources, str) else resources
    return sorted(arn for arn in listed if f"-{pipeline}-" not in arn)
