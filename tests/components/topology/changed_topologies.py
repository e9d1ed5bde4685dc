"""The cases of the data files beside this one: the topology of `dev`, each time with changes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.aws.naming import Names
from components.topology.loading import load_topology
from components.topology.problems import TopologyError
from tests.topologies import minimal_topology

HERE = Path(__file__).parent
NAMES = Names(project="unified-pipelines", stack="dev")


def entries(file: str) -> list[dict[str, Any]]:
    """The entries of a data file."""
    text = (HERE / file).read_text(encoding="utf-8")
    # libyaml's: Python's own takes most of the time of collecting these tests.
    found: list[dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


def cases(file: str) -> list[Any]:
    """The entries of a data file, each named by what it changes."""
    return [pytest.param(entry, id=change(entry)[:60]) for entry in entries(file)]


def change(entry: dict[str, Any]) -> str:
    """What an entry does to the topology, as YAML would write it in one line."""
    parts = [f"remove {path}" for path in entry.get("remove", [])]
    for path, value in entry.get("set", {}).items():
        text = json.dumps(value, ensure_ascii=False, default=str)
        parts.append(f"{path}: {text if len(text) <= 90 else f'{text[:90]}...'}")
    return "; ".join(parts)


def changed(entry: dict[str, Any]) -> dict[str, Any]:
    """The topology of `dev` with the entry's changes."""
    topology = minimal_topology()
    for path, value in entry.get("set", {}).items():
        inner, key = _parent(topology, path)
        inner[key] = copy.deepcopy(value)
    for path in entry.get("remove", []):
        inner, key = _parent(topology, path)
        del inner[key]
    return topology


def _parent(topology: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *keys, last = path.split(".")
    for key in keys:
        topology = topology.setdefault(key, {})
    return topology, last


def refusal(value: object, root: Path, names: Names = NAMES) -> TopologyError:
    """What a wrong topology is refused with."""
    with pytest.raises(TopologyError) as caught:
        load_topology(value, names=names, root=root)
    return caught.value
