"""Hyperparameters that a DAG run gives for its training, over the configured ones."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from cross_account.algorithms import (
    SCRIPT_MODES_OWN,
    UNSUPPORTED_OBJECTIVES,
    XGBOOST_NAMES,
    as_json,
)
from cross_account.failure import PipelineError

_HASH_CHARACTERS = 16


class HyperparametersError(PipelineError):
    """A DAG run's hyperparameters are none of its algorithm's."""


def with_hyperparameters(
    configuration: Mapping[str, Any], given: object, algorithm: str
) -> Mapping[str, Any]:
    """The training configuration with what is `given`: names with strings, numbers or booleans.

    AWS's XGBoost takes its own names alone, as in the topology, and a script none of script mode's.
    Anything else is for SageMaker and the algorithm to refuse.
    """
    if given is None:
        return configuration
    if not isinstance(given, dict):
        raise HyperparametersError(
            f'hyperparameters: expected an object such as {{"eta": 0.1}}, got {given!r}.'
        )
    own = {name: _text(name, value) for name, value in given.items()}
    for name in own:
        _check_name(name, algorithm)
    if algorithm == "script":
        own = {name: as_json(value) for name, value in own.items()}
    definition = configuration.get("TrainingJobDefinition")
    if definition is None:
        return _changed(configuration, "HyperParameters", own, algorithm)
    _check_not_tuned(own, configuration["HyperParameterTuningJobConfig"]["ParameterRanges"])
    changed = _changed(definition, "StaticHyperParameters", own, algorithm)
    return {**configuration, "TrainingJobDefinition": changed}


def _changed(
    training: Mapping[str, Any], key: str, own: dict[str, str], algorithm: str
) -> Mapping[str, Any]:
    """The part of a request that describes a training, with hyperparameters over its own."""
    if algorithm == "xgboost":
        own = _of_classes(own, training[key])
    return {**training, **_checkpoints(training, own), key: {**training[key], **own}}


def _check_not_tuned(own: Mapping[str, str], ranges: Mapping[str, Any]) -> None:
    tuned = {each["Name"] for some in ranges.values() for each in some}
    for name in own:
        if name in tuned:
            raise HyperparametersError(
                f"hyperparameters.{name}: expected one that training.tuning doesn't choose; it "
                "chooses " + ", ".join(sorted(tuned)) + "."
            )


def _text(name: str, value: object) -> str:
    """As the topology writes it: `0.1`, `true`, and a list of metrics with commas between them."""
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return ",".join(value)
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return json.dumps(value)
    if isinstance(value, str) and value:
        return value
    raise HyperparametersError(
        f"hyperparameters.{name}: expected a string, a number or a boolean, got {value!r}."
    )


def _check_name(name: str, algorithm: str) -> None:
    if algorithm == "xgboost" and name not in XGBOOST_NAMES:
        close = get_close_matches(name, sorted(XGBOOST_NAMES), 1)
        advice = f"Did you mean {close[0]}?" if close else "Leave it out."
        raise HyperparametersError(
            f"hyperparameters.{name}: AWS's XGBoost has no such hyperparameter. {advice}"
        )
    if algorithm == "script" and name.startswith(SCRIPT_MODES_OWN):
        raise HyperparametersError(
            f"hyperparameters.{name}: expected a name that doesn't begin with {SCRIPT_MODES_OWN}, "
            "as script mode's own do."
        )


def _of_classes(own: dict[str, str], configured: Mapping[str, str]) -> dict[str, str]:
    """With the number of the run's classes where another objective needs it."""
    objective = own.get("objective", "")
    for start, what in UNSUPPORTED_OBJECTIVES.items():
        if objective.startswith(start):
            raise HyperparametersError(
                f"hyperparameters.objective: {objective} needs {what}, which the training data "
                "doesn't have."
            )
    if objective.startswith("multi:") and "num_class" not in configured:
        return {"num_class": "{classes}", **own}
    return own


def _checkpoints(configuration: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """A folder of its own for spot's checkpoints: those of other hyperparameters are another's."""
    if "CheckpointConfig" not in configuration or not own:
        return {}
    given = json.dumps(own, sort_keys=True).encode()
    digest = hashlib.sha256(given).hexdigest()[:_HASH_CHARACTERS]
    config = configuration["CheckpointConfig"]
    return {"CheckpointConfig": {**config, "S3Uri": f"{config['S3Uri'].rstrip('/')}-{digest}/"}}
