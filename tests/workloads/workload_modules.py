"""The functions as modules: they are files for AWS Lambda to run, not parts of a package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

WORKLOADS = Path(__file__).parents[2] / "workloads"


def load(name: str, path: Path) -> ModuleType:
    """The module in `path`, under a name of its own."""
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise RuntimeError(f"There is no Python file {path}.")
    module = importlib.util.module_from_spec(specification)
    # A dataclass looks its module up.
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


# The functions import these two by their names.
run_rows = load("run_rows", WORKLOADS / "lambda/run_rows.py")
secret_rotation = load("secret_rotation", WORKLOADS / "lambda/secret_rotation.py")
dagcleanup = load("dagcleanup_under_test", WORKLOADS / "lambda/dagcleanup.py")
rotate_external_id = load(
    "rotate_external_id_under_test", WORKLOADS / "lambda/rotate_external_id.py"
)
start_runs = load("start_runs_under_test", WORKLOADS / "lambda/start_runs.py")
environment_status = load(
    "environment_status_under_test", WORKLOADS / "lambda/environment_status.py"
)
