"""Tasks of the DAGs up to their deferral."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from cross_account.manifest import read_manifest
from cross_account.training_request import fill_in
from cross_account.tuning import CrossAccountSageMakerTuningOperator

try:
    from airflow.sdk.exceptions import TaskDeferred
except ImportError:  # Airflow 3.0
    from airflow.exceptions import TaskDeferred  # type: ignore[no-redef]

from tests.dags import example_data
from tests.dags.example_data import RUN

__all__ = ["CONTEXT", "GLUE_ARGUMENTS", "TaskDeferred", "begin", "ready"]

GLUE_ARGUMENTS = {"--bucket_name": "bucket", "--run": RUN}

CONTEXT = {"ti": MagicMock(), "dag_run": SimpleNamespace(clear_number=0, conf={})}


def ready(task: Any) -> Any:
    """A copy of a task of the DAGs, rendered; a sensor waits for a key that doesn't exist."""
    task = copy.copy(task)
    task.bucket_key, task.version_id = "is/not/there", ""
    task.script_args = dict(GLUE_ARGUMENTS)
    tunes = isinstance(task, CrossAccountSageMakerTuningOperator)
    configuration = example_data.tuning_config if tunes else example_data.training_config
    task.config = fill_in(
        configuration("bucket"),
        read_manifest(RUN, example_data.manifest()),
        f"unified-pipelines-dev-west2-{RUN}",
    )
    return task


def begin(task: Any) -> TaskDeferred:
    """Run a task of the DAGs until it defers."""
    with pytest.raises(TaskDeferred) as deferred:
        ready(task).execute(CONTEXT)
    return deferred.value
