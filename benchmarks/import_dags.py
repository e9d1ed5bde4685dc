"""How long the DAG files take beyond what they import of Airflow, on the default Airflow."""

from __future__ import annotations

import ast
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import ROOT, Figure, median, printed
from components.topology.model import Environment
from tests.mocks import evaluate_stack

AIRFLOW = ROOT / ".local" / f"airflow-{Environment().airflow_version}" / "bin" / "python"

_PROGRAM = """
import importlib, pathlib, runpy, sys, time
folder, *modules = sys.argv[1:]
for module in modules:
    importlib.import_module(module)
sys.path.insert(0, folder)
start = time.perf_counter()
for file in sorted(pathlib.Path(folder).glob("*.py")):
    runpy.run_path(str(file))
print("seconds", time.perf_counter() - start)
"""


def figures() -> Iterator[Figure]:
    """Both DAG files, with the topology of the stack `prod` beside them."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "dags")
        shutil.copytree(ROOT / "dags", folder, ignore=shutil.ignore_patterns("__pycache__"))
        topology = evaluate_stack("prod").one("BucketObjectv2", "hub-connections-dags-topology")
        (folder / "topology.json").write_text(topology.inputs["content"], encoding="utf-8")
        modules = sorted(_airflow_modules(folder))
        command: list[str | Path] = [AIRFLOW, "-c", _PROGRAM, folder, *modules]
        environment = {**os.environ, "AIRFLOW_HOME": home}
        yield Figure(
            what="import the DAG files of prod, beyond Airflow's own import",
            value=median(lambda: _measured(printed(command, environment))),
            target=0.2,
        )


def _measured(output: str) -> float:
    return float(output.rpartition("seconds")[2])


def _airflow_modules(folder: Path) -> set[str]:
    """What the DAG files and their helpers import of Airflow and of what comes with it."""
    found = set()
    for file in folder.rglob("*.py"):
        for statement in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(statement, ast.ImportFrom) and statement.module:
                found.add(statement.module)
            elif isinstance(statement, ast.Import):
                found.update(name.name for name in statement.names)
    ours = {path.stem for path in folder.iterdir()}
    return {module for module in found if module.partition(".")[0] not in ours}
