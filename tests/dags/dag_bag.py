"""Loading a DAG folder, which differs from one version of Airflow to the next."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:  # Airflow 3.0
    from airflow.models.dagbag import DagBag  # type: ignore[no-redef]


def load_bag(folder: Path) -> DagBag:
    """Parse every DAG file in `folder`."""
    wanted: dict[str, Any] = {"include_examples": False, "collect_dags": True}
    known = inspect.signature(DagBag.__init__).parameters
    return DagBag(str(folder), **{name: wanted[name] for name in wanted if name in known})
