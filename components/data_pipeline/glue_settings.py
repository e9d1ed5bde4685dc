"""`scripts/glue_settings.json`: what the Glue job knows of its input and of who trains on it.

An object beside the job's code, not an argument: a table may have thousands of columns, and AWS
documents no limit on the length of an argument (ADR 45).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.topology.model import DataPipeline


def glue_settings(
    pipeline: DataPipeline, trainings: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Any]:
    """The settings; `trainings` are hyperparameters of AWS's XGBoost, by ML pipeline."""
    return {
        "input": pipeline.input.settings(),
        "columns": {name: column.model_dump() for name, column in pipeline.columns.items()},
        "split": pipeline.split.model_dump(exclude_none=True),
        "trainings": [_training(name, given) for name, given in sorted(trainings.items())],
    }


def _training(name: str, given: Mapping[str, str]) -> Mapping[str, Any]:
    classes = int(given["num_class"]) if "num_class" in given else None
    return {"name": name, "objective": given["objective"], "classes": classes}
