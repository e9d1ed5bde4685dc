"""Topologies for tests: those of the stack files, and random ones that are allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from components.iam_replication import MAX_DESTINATIONS
from components.naming import HUB_OWNER, OWNER_PATTERN, replication_priority

STACKS = Path(__file__).parent.parent / "stacks"

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "sa-east-1")
"""Regions of one partition in which AWS's XGBoost image is known."""

MAX_ACCOUNTS = 5
MAX_PIPELINES = 20


def stack_topology(stack: str) -> dict[str, Any]:
    """The topology in a stack's file, as YAML gives it: a fresh copy."""
    text = (STACKS / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    topology: dict[str, Any] = yaml.safe_load(text)["config"]["unified-pipelines:topology"]
    return topology


def minimal_topology() -> dict[str, Any]:
    """The smallest whole topology: two accounts, two Regions, one pipeline of each kind."""
    return stack_topology("dev")


@st.composite
def topologies(draw: st.DrawFn) -> dict[str, Any]:
    """A random topology that is allowed: up to 20 pipelines over 5 accounts and 6 Regions."""
    aliases = draw(
        st.lists(
            st.from_regex(r"[a-z][a-z0-9_-]{0,30}", fullmatch=True),
            min_size=1,
            max_size=MAX_ACCOUNTS,
            unique=True,
        )
    )
    ids = draw(
        st.lists(
            st.from_regex(r"[0-9]{12}", fullmatch=True),
            min_size=len(aliases),
            max_size=len(aliases),
            unique=True,
        )
    )
    names = draw(
        st.lists(
            st.from_regex(OWNER_PATTERN, fullmatch=True).filter(lambda name: name != HUB_OWNER),
            min_size=1,
            max_size=MAX_PIPELINES,
            unique_by=(lambda name: name, replication_priority),
        )
    )
    fewest = max(1, len(names) - MAX_DESTINATIONS)
    sources = names[: draw(st.integers(fewest, len(names)))]
    place = st.fixed_dictionaries(
        {"account": st.sampled_from(aliases), "region": st.sampled_from(REGIONS)}
    )
    return {
        "accounts": {alias: {"id": id_} for alias, id_ in zip(aliases, ids, strict=True)},
        "hub": draw(place),
        "data_pipelines": {name: draw(place) for name in sources},
        "ml_pipelines": {
            name: {**draw(place), "source": draw(st.sampled_from(sources))}
            for name in names[len(sources) :]
        },
    }
