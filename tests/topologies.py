"""Topologies for tests: those of the stack files, and random ones that are allowed."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from components.aws.naming import HUB_OWNER, OWNER_PATTERN
from components.replication.policies import MAX_DESTINATIONS
from components.replication.priority import replication_priority
from tests.mock_outputs import EXISTING_GROUPS, EXISTING_VPC, EXISTING_ZONES

STACKS = Path(__file__).parent.parent / "stacks"

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "sa-east-1")
"""Regions of one partition in which AWS's XGBoost image is known."""

MAX_ACCOUNTS = 5
MAX_PIPELINES = 20


def stack_topology(stack: str) -> dict[str, Any]:
    """The topology in a stack's file, as YAML gives it: a fresh copy."""
    return copy.deepcopy(_read(stack))


@functools.cache
def _read(stack: str) -> dict[str, Any]:
    text = (STACKS / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    topology: dict[str, Any] = yaml.safe_load(text)["config"]["unified-pipelines:topology"]
    return topology


def minimal_topology() -> dict[str, Any]:
    """The smallest whole topology: two accounts, two Regions, one pipeline of each kind."""
    return stack_topology("dev")


def private_topology() -> dict[str, Any]:
    """The topology of `dev` without a way to the Internet: of the hub and of both pipelines."""
    topology = minimal_topology()
    topology["hub"]["network"] = {"mode": "private"}
    for pipeline in pipelines_of(topology).values():
        pipeline["network"] = {"cidr_block": "10.194.0.0/20"}
    return topology


def transit_topology() -> dict[str, Any]:
    """The same with transit gateways, and with a pipeline in a third Region."""
    topology = private_topology()
    topology["hub"]["network"]["connectivity"] = "transit_gateway"
    topology["ml_pipelines"]["ireland"] = {
        **topology["ml_pipelines"]["west2"],
        "region": "eu-west-1",
    }
    return topology


def shared_topology() -> dict[str, Any]:
    """The topology of `dev` in a VPC of an account that has nothing else."""
    topology = minimal_topology()
    topology["accounts"]["network"] = {"id": "666666666666"}
    topology["hub"]["network"] = {
        "vpc_id": EXISTING_VPC,
        "subnet_ids": list(EXISTING_ZONES)[:2],
        "security_group_ids": list(EXISTING_GROUPS)[:1],
        "endpoint_management": "CUSTOMER",
        "endpoints": {"account": "network", "security_group_ids": ["sg-33333333333333333"]},
    }
    return topology


def topology_with_access() -> dict[str, Any]:
    """The topology of `dev` with an access in an account that has nothing else."""
    topology = minimal_topology()
    topology["accounts"]["team"] = {"id": "555555555555"}
    topology["access"] = {
        "reports": {
            "account": "team",
            "region": "eu-west-1",
            "policy": "examples/runs_table/policy.json",
        }
    }
    return topology


def wide_topology() -> dict[str, Any]:
    """A private stack in four Regions and three accounts, with uploads, a budget and protection."""
    topology = private_topology()
    topology["accounts"]["team"] = {"id": "555555555555", "monthly_budget": 500}
    topology["notifications"] = {"emails": ["team@example.com"]}
    topology["protect_data"] = True
    topology["data_pipelines"]["east1"]["start"] = {"on_upload": "raw/incoming/*.csv"}
    topology["data_pipelines"]["frankfurt"] = {"account": "team", "region": "eu-central-1"}
    topology["ml_pipelines"]["both"] = {
        "account": "analytics",
        "region": "eu-west-1",
        "sources": ["east1", "frankfurt"],
        "trains_when": "all",
    }
    return topology


CONFUSABLE_ALIASES = ("a", "a-b", "a_b", "ab", "a--b", "a-b-", "us-east-1")
"""Aliases that differ in a separator, or that read like a Region."""

CONFUSABLE_NAMES = (
    *("w", "we", "wes", "west", "west1", "west2", "west22", "westwest"),
    *("twelvechars1", "twelvechars2", "topology", "dags", "bucket", "replication"),
)
"""Names of which one begins another, that differ in their last character, or name a part."""

_TEXT = st.text("abcXYZ 012-_.:/=+@", min_size=1, max_size=20)

_NETWORKS = st.sampled_from(
    [
        {"cidr_block": "10.0.0.0/24"},
        {"mode": "private", "cidr_block": "172.31.0.0/16"},
        {"mode": "private", "connectivity": "transit_gateway"},
        {
            "vpc_id": EXISTING_VPC,
            "subnet_ids": list(EXISTING_ZONES)[:2],
            "security_group_ids": list(EXISTING_GROUPS)[:1],
        },
    ]
)
_PIPELINE_NETWORKS = st.sampled_from(
    [
        {},
        {
            "vpc_id": EXISTING_VPC,
            "subnet_ids": list(EXISTING_ZONES)[:2],
            "security_group_ids": list(EXISTING_GROUPS),
        },
    ]
)
_ENVIRONMENTS = st.fixed_dictionaries(
    {},
    optional={
        "class": st.sampled_from(["mw1.micro", "mw1.medium"]),
        "airflow_version": st.sampled_from(["3.0.6", "3.2.1"]),
        "configuration_options": st.just({"core.parallelism": 64}),
        "log_level": st.sampled_from(["DEBUG", "CRITICAL"]),
        "log_retention_days": st.sampled_from([1, 3653]),
    },
)
_DATA = {
    "start": st.sampled_from([{"schedule": "@daily"}, {"on_upload": "raw/*.csv"}]),
    "raw_key": st.sampled_from(["raw/x.csv", "raw/2026/a_b-c!('d')=.csv"]),
    "label_column": st.sampled_from(["y", "Größe in m²"]),
    "columns": st.just({"city": "category", "id": {"kind": "drop"}}),
    "max_rejected_fraction": st.sampled_from([0, 0.5]),
    "drop_duplicates": st.booleans(),
    "split": st.sampled_from(
        [
            {"by": "content"},
            {"by": "group", "column": "customer"},
            {"by": "time", "column": "at", "validation_from": "2026-11-01"},
        ]
    ),
    "min_rows": st.sampled_from([1, 1_000_000]),
    "network": _PIPELINE_NETWORKS,
    "output_retention_days": st.sampled_from([1, 3653]),
    "glue": st.fixed_dictionaries(
        {}, optional={"workers": st.integers(2, 299), "worker_type": st.just("R.8X")}
    ),
}
_TRAINING = st.fixed_dictionaries(
    {},
    optional={
        "hyperparameters": st.just({"objective": "multi:softmax", "num_class": 3}),
        "instance_type": st.sampled_from(["ml.c5.large", "ml.p3.2xlarge"]),
        "instance_count": st.integers(1, 4),
        "max_runtime_seconds": st.integers(60, 86_400),
    },
)
_REST = {
    "permissions_boundary": st.just("team/a/boundary"),
    "protect_data": st.booleans(),
    "tags": st.dictionaries(
        st.sampled_from(["team", "cost centre", "owner"]), _TEXT.filter(str.strip), max_size=3
    ),
}


def _often_the_most(most: int) -> st.SearchStrategy[int]:
    """1 to `most`, itself in more than a third of draws: few examples are to reach the largest."""
    return st.integers(1, most + most // 2).map(lambda drawn: min(drawn, most))


@st.composite
def _accounts(draw: st.DrawFn) -> dict[str, dict[str, str]]:
    count = draw(_often_the_most(MAX_ACCOUNTS))
    random_alias = st.from_regex(r"[a-z][a-z0-9_-]{0,30}", fullmatch=True)
    # The first three in half of those: two of them are to meet in one topology.
    confusable = st.sampled_from(CONFUSABLE_ALIASES) | st.sampled_from(CONFUSABLE_ALIASES[:3])
    alias = confusable | random_alias
    aliases = draw(st.lists(alias, min_size=count, max_size=count, unique=True))
    id_ = st.from_regex(r"[0-9]{12}", fullmatch=True)
    ids = draw(st.lists(id_, min_size=count, max_size=count, unique=True))
    accounts = {alias: {"id": id_} for alias, id_ in zip(aliases, ids, strict=True)}
    for account in accounts.values():
        if draw(st.booleans()):
            account["deploy_role_arn"] = f"arn:aws:iam::{account['id']}:role/team/deploy"
    return accounts


@st.composite
def _names(draw: st.DrawFn, most: int) -> list[str]:
    count = draw(_often_the_most(most))
    random_name = st.from_regex(OWNER_PATTERN, fullmatch=True)
    name = (st.sampled_from(CONFUSABLE_NAMES) | random_name).filter(lambda one: one != HUB_OWNER)
    return draw(
        st.lists(
            name, min_size=count, max_size=count, unique_by=(lambda one: one, replication_priority)
        )
    )


def _reaches_backups(hub: dict[str, Any]) -> bool:
    """Whether it doesn't depend on the pipelines' Regions that the backups can be written."""
    return "backup" not in hub or hub.get("network", {}).get("mode") != "private"


@st.composite
def topologies(draw: st.DrawFn, most: int = MAX_PIPELINES) -> dict[str, Any]:
    """A random topology that is allowed: up to `most` pipelines, 5 accounts and 6 Regions."""
    accounts = draw(_accounts())
    names = draw(_names(most))
    fewest = max(1, len(names) - MAX_DESTINATIONS)
    sources = names[: draw(st.integers(fewest, max(fewest, len(names) * 2 // 3)))]
    account_region = {
        "account": st.sampled_from(sorted(accounts)),
        "region": st.sampled_from(REGIONS),
    }
    backup = st.fixed_dictionaries({"region": st.sampled_from(REGIONS)})
    hub = st.fixed_dictionaries(
        account_region,
        optional={"environment": _ENVIRONMENTS, "network": _NETWORKS, "backup": backup},
    ).filter(_reaches_backups)
    data = st.fixed_dictionaries(account_region, optional=_DATA)
    one: dict[str, st.SearchStrategy[Any]] = {"source": st.sampled_from(sources)}
    several: dict[str, st.SearchStrategy[Any]] = {
        "sources": st.lists(st.sampled_from(sources), min_size=2, max_size=10, unique=True),
        "trains_when": st.sampled_from(["all", "any"]),
    }
    kinds = [one, one, several] if len(sources) > 1 else [one]
    ml = st.one_of(
        [
            st.fixed_dictionaries(
                {**account_region, **of},
                optional={"training": _TRAINING, "network": _PIPELINE_NETWORKS},
            )
            for of in kinds
        ]
    )
    return {
        "accounts": accounts,
        "hub": draw(hub),
        "data_pipelines": {name: draw(data) for name in sources},
        "ml_pipelines": {name: draw(ml) for name in names[len(sources) :]},
        **draw(st.fixed_dictionaries({}, optional=_REST)),
    }


def sources_of(ml_pipeline: dict[str, Any]) -> list[str]:
    """The data pipelines that an ML pipeline trains on."""
    return [ml_pipeline["source"]] if "source" in ml_pipeline else ml_pipeline["sources"]


def pipelines_of(topology: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every pipeline of a topology, by name."""
    return {**topology["data_pipelines"], **topology["ml_pipelines"]}


def accounts_and_regions_of(topology: dict[str, Any]) -> list[tuple[str, str]]:
    """The account and Region of the hub and of every pipeline."""
    parts = [topology["hub"], *pipelines_of(topology).values()]
    return [(part["account"], part["region"]) for part in parts]


def large_topology() -> dict[str, Any]:
    """20 pipelines of both kinds over 5 accounts and 6 Regions, their names easily confused."""
    accounts = CONFUSABLE_ALIASES[:MAX_ACCOUNTS]
    names = [*CONFUSABLE_NAMES, *(f"other{number}" for number in range(6))]
    sources = names[:6]
    accounts_and_regions = [
        {"account": accounts[number % 5], "region": REGIONS[number % 6]}
        for number in range(MAX_PIPELINES)
    ]
    return {
        "accounts": {
            alias: {"id": f"{number}{number + 1}" * 6, "monthly_budget": 1}
            for number, alias in enumerate(accounts)
        },
        "hub": {"account": "a", "region": "us-east-1"},
        "notifications": {"emails": ["a@example.com"]},
        "data_pipelines": {
            name: {**accounts_and_regions[number], "start": {"on_upload": "raw/*.csv"}}
            for number, name in enumerate(sources)
        },
        "access": {
            name: {
                "account": accounts[number],
                "region": "eu-north-1",
                "policy": "examples/runs_table/policy.json",
            }
            for number, name in ((0, "reports"), (1, "report"))
        },
        # Most train in another account than their source's, one in its account and Region.
        "ml_pipelines": {
            name: {
                **accounts_and_regions[(number * 7) % MAX_PIPELINES],
                "source": sources[number % 5],
            }
            for number, name in enumerate(names[6:])
        },
    }
