"""What a pipeline that comes or goes may change: its own resources, and its own entry in a list."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from components.aws.naming import HUB_OWNER
from tests.contracts.invariants import (
    ENDPOINTS_PREFIX,
    LOGS_SUFFIX,
    REPLICATION_SUFFIX,
    UPLOADS_SUFFIX,
    Program,
)
from tests.mocks import Registration
from tests.permission_reasons import listed
from tests.topologies import pipelines_of, sources_of

HUB_UPLOADS = "hub-uploads"
MONITORING = f"{HUB_OWNER}-monitoring"
ALARMS_OF_PIPELINES = ("failing", "overdue", "replication", "lost-uploads")
UPLOAD_ALARMS = tuple(
    f"{MONITORING}-{purpose}"
    for purpose in ("oldest-upload", "dead-uploads", "start-function-errors")
)


def moved(with_it: Program, without_it: Program, pipeline: str) -> list[str]:
    """What a pipeline that comes or goes changes of others, in either direction."""
    more, less = with_it.recorded.registrations, without_it.recorded.registrations
    ml = with_it.topology["ml_pipelines"].get(pipeline)
    sources = sources_of(ml) if ml else []
    # All pipelines wait for the hub's endpoints, also for those that another pipeline needs.
    new, old = set(more) - set(less), set(less) - set(more)
    endpoints = {urn for urn in new if _reaches_region_of(with_it, more[urn], pipeline)}
    taken_over = {former: urn for former in old for urn in new if _becomes(less[former], more[urn])}
    waiting = _without_dependencies(more, endpoints | set(taken_over.values()))
    less = _without_dependencies(less, set(taken_over))
    return [
        *(f"{urn} is there without {pipeline} only" for urn in sorted(old - set(taken_over))),
        *(
            f"{more[urn].name} belongs to another, and is there with {pipeline} only"
            for urn in sorted(new)
            if not _belongs(with_it, more[urn], pipeline, sources)
        ),
        *(
            f"{more[urn].name} changes with {pipeline}"
            for urn in sorted(set(more) & set(less))
            if _compared(waiting[urn], sources, pipeline) != _compared(less[urn], sources, pipeline)
        ),
    ]


def _becomes(former: Registration, entry: Registration) -> bool:
    """Whether the one is the other's resource by an alias, and isn't deleted."""
    return entry.type == former.type and former.name in entry.aliases


def _without_dependencies(
    registrations: Mapping[str, Registration], gone: set[str]
) -> dict[str, Registration]:
    """The registrations, less what they wait for of these URNs."""
    return {
        urn: replace(entry, depends_on=entry.depends_on - gone)
        for urn, entry in registrations.items()
    }


def _belongs(program: Program, entry: Registration, pipeline: str, sources: list[str]) -> bool:
    connection = f"hub-connections-{pipeline}"
    rotation = f"hub-connections-rotation-{pipeline}"
    others = _others_with_uploads(program, pipeline)
    of_uploads = (f"{HUB_UPLOADS}-{pipeline}-",) if others else (HUB_UPLOADS, *UPLOAD_ALARMS)
    top, account_regions = program.top(entry), program.account_regions
    return (
        entry.type.startswith("pulumi:providers:")
        or (top.endswith(LOGS_SUFFIX) and account_regions[top] == account_regions[pipeline])
        or top in (pipeline, f"{pipeline}{UPLOADS_SUFFIX}")
        or top in {f"{source}{REPLICATION_SUFFIX}" for source in sources}
        or entry.name.startswith(of_uploads)
        or entry.name in (connection, rotation)
        or _reaches_region_of(program, entry, pipeline)
        or entry.name in {f"{MONITORING}-{pipeline}-{purpose}" for purpose in ALARMS_OF_PIPELINES}
        or entry.name.startswith((f"{connection}-", f"{rotation}-", "hub-connections-assume-"))
    )


def _reaches_region_of(program: Program, entry: Registration, pipeline: str) -> bool:
    """Whether it is one of the hub's endpoints for the pipeline's Region, or leads there."""
    region = program.account_regions[pipeline].region
    if region == program.account_regions[HUB_OWNER].region:
        return entry.name.startswith("hub-network-") and entry.name.endswith("-endpoint")
    starts = [f"{ENDPOINTS_PREFIX}{region}", f"{HUB_OWNER}-{region}"]
    pipelines = pipelines_of(program.topology)
    others = {each["region"] for name, each in pipelines.items() if name != pipeline}
    if others <= {program.account_regions[HUB_OWNER].region}:
        starts.append(f"{HUB_OWNER}-transit")
    return entry.name.startswith(tuple(starts))


def _others_with_uploads(program: Program, pipeline: str) -> list[str]:
    """The other pipelines whose uploads start runs: without any, the hub has no part for them."""
    pipelines = program.topology["data_pipelines"]
    return [name for name in pipelines if name != pipeline and _has_uploads(pipelines[name])]


def _has_uploads(pipeline: dict[str, Any]) -> bool:
    return "on_upload" in pipeline.get("start", {})


def _compared(entry: Registration, sources: list[str], pipeline: str) -> Any:
    """What has to stay of a resource: everything but the pipeline's own entry in a list."""
    fixed = (entry.provider, entry.parent, entry.protect, entry.account_region)
    own_entries: dict[str, Callable[[], Any]] = {
        "hub-connections-dags-topology": lambda: _without_pipeline(
            json.loads(entry.inputs["content"]), pipeline
        ),
        f"{HUB_UPLOADS}-bus-policy": lambda: _without_sender(entry.document("policy"), pipeline),
        f"{MONITORING}-dashboard": lambda: _without_row(
            json.loads(entry.inputs["dashboardBody"]), pipeline
        ),
        f"{HUB_OWNER}-key": lambda: _without_uploads(entry.document("policy")),
    }
    for source in sources:
        own_entries |= {
            # The Glue job knows the objectives of the ML pipelines that train on its output.
            f"{source}-glue-settings": lambda: _without_training(entry.inputs, pipeline),
            f"{source}{REPLICATION_SUFFIX}-rules": lambda: {
                **entry.inputs,
                "rules": [rule for rule in entry.inputs["rules"] if rule["id"] != pipeline],
            },
            # The first that trains on its output lets the hub read the replication's status.
            f"{source}-crossaccount-policy": lambda: [
                statement
                for statement in entry.document("policy")["Statement"]
                if statement["Sid"] != "ReadReplicationStatus"
            ],
            f"{source}{REPLICATION_SUFFIX}-policy": lambda: {
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

    return {key: rest for key, rest in less(topology).items() if (key, rest) != ("access", {})}


def _without_sender(document: dict[str, Any], pipeline: str) -> list[str]:
    """The roles that may put events on the hub's bus, less that of the pipeline."""
    roles = [
        role
        for statement in document["Statement"]
        for role in listed(statement["Condition"]["ArnEquals"]["aws:PrincipalArn"])
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
    return sorted(arn for arn in listed(statement["Resource"]) if f"-{pipeline}-" not in arn)
