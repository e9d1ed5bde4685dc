"""The YAML of docs/how-to.md is accepted, and the errors that name the page find its sections."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name

from components.hub.wheels import pinned
from components.topology.how_to import PAGE, SECTIONS
from components.topology.loading import load_topology
from tests.components.topology.changed_topologies import NAMES
from tests.test_docs import ROOT, anchors
from tests.topologies import minimal_topology


def blocks(language: str) -> list[str]:
    """The code blocks of the page in a language."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def merged(topology: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The topology with the values of a part of one."""
    both = topology.keys() & part.keys()
    inner = {key: merged(topology[key], part[key]) for key in both if isinstance(part[key], dict)}
    return {**topology, **part, **inner}


def test_its_yaml_loads(tmp_path: Path) -> None:
    (requirements,) = blocks("text")
    (tmp_path / "requirements-mwaa.txt").write_text(requirements, encoding="utf-8")
    for shipped in ("workloads/mwaa/constraints-3.3.1.txt", "examples/runs_table/policy.json"):
        (tmp_path / shipped).parent.mkdir(parents=True)
        (tmp_path / shipped).write_text((ROOT / shipped).read_text("utf-8"), encoding="utf-8")
    constraints = (ROOT / "workloads/mwaa/constraints-3.3.1.txt").read_text("utf-8")
    version = pinned(constraints)[canonicalize_name("apache-airflow-providers-snowflake")]
    for name in (
        f"wheels/apache_airflow_providers_snowflake-{version}-py3-none-any.whl",
        "team/plugins/team_macros.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()

    parts = [yaml.safe_load(block) for block in blocks("yaml")]

    assert len(parts) >= 3
    for part in parts:
        load_topology(merged(minimal_topology(), part), names=NAMES, root=tmp_path)


def test_errors_name_sections_that_exist() -> None:
    assert set(SECTIONS.values()) <= anchors(ROOT / PAGE)
