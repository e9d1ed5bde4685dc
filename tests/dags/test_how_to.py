"""The DAG files of docs/how-to.md are parsed beside the project's own, its plugin is loaded."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest
from airflow.plugins_manager import AirflowPlugin

from tests.dags.conftest import copy_dags
from tests.dags.dag_bag import load_bag
from tests.dags.example_topology import topology

pytestmark = pytest.mark.airflow

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
EXAMPLES = [block for block in BLOCKS if "AirflowPlugin" not in block]
(PLUGIN,) = (block for block in BLOCKS if "AirflowPlugin" in block)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(1, len(EXAMPLES) + 1))
def test_a_dag_file_of_the_page_is_parsed(tmp_path: Path, example: str) -> None:
    folder = copy_dags(tmp_path / "dags", json.dumps(topology()))
    (folder / "example.py").write_text(example, encoding="utf-8")

    bag = load_bag(folder)

    assert bag.import_errors == {}
    (dag,) = [dag for dag in bag.dags.values() if dag.fileloc.endswith("example.py")]
    triggered = {getattr(task, "trigger_dag_id", dag.dag_id) for task in dag.tasks}
    assert triggered <= set(bag.dags)


def test_the_plugin_of_the_page_brings_its_macro(tmp_path: Path) -> None:
    (tmp_path / "team_macros.py").write_text(PLUGIN, encoding="utf-8")
    found = runpy.run_path(str(tmp_path / "team_macros.py"))
    plugin = found["TeamPlugin"]
    assert issubclass(plugin, AirflowPlugin)
    (macro,) = plugin.macros
    assert macro("2026-01-15") == "2025-12"
