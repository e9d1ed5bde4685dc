"""A CreateHyperParameterTuningJob request, around that of its training jobs.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.ml_pipeline.training_image import is_on_xgboost_image
from components.ml_pipeline.xgboost_tuning import TUNABLE
from components.topology.model import MlPipeline, TunedParameter, Tuning
from dags.cross_account.algorithms import as_json

_SCALES = {
    "auto": "Auto",
    "linear": "Linear",
    "logarithmic": "Logarithmic",
    "reverse_logarithmic": "ReverseLogarithmic",
}


def tuning_config(
    request: Mapping[str, Any], tuning: Tuning, pipeline: MlPipeline
) -> Mapping[str, Any]:
    """All of the request but its name; `request` is CreateTrainingJob's of each training job."""
    definition = dict(request)
    return {
        "HyperParameterTuningJobConfig": {
            "HyperParameterTuningJobObjective": {
                "MetricName": tuning.objective.metric,
                "Type": tuning.objective.goal.capitalize(),
            },
            "ParameterRanges": _ranges(tuning, pipeline),
            "ResourceLimits": {
                "MaxNumberOfTrainingJobs": tuning.jobs,
                "MaxParallelTrainingJobs": tuning.parallel,
            },
            "Strategy": "Bayesian",
        },
        "TrainingJobDefinition": {
            "StaticHyperParameters": definition.pop("HyperParameters"),
            **definition,
        },
    }


def _ranges(tuning: Tuning, pipeline: MlPipeline) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {
        "CategoricalParameterRanges": [],
        "ContinuousParameterRanges": [],
        "IntegerParameterRanges": [],
    }
    for name, parameter in sorted(tuning.parameters.items()):
        if parameter.values:
            is_script = pipeline.training.algorithm == "script"
            values = [as_json(each) if is_script else each for each in parameter.values]
            found["CategoricalParameterRanges"].append({"Name": name, "Values": values})
            continue
        whole = is_whole(name, parameter, pipeline)
        found["IntegerParameterRanges" if whole else "ContinuousParameterRanges"].append(
            {
                "MaxValue": parameter.max,
                "MinValue": parameter.min,
                "Name": name,
                "ScalingType": _SCALES[parameter.scale],
            }
        )
    return {kind: ranges for kind, ranges in found.items() if ranges}


def is_whole(name: str, parameter: TunedParameter, pipeline: MlPipeline) -> bool:
    """Whether a range is of integers: AWS's XGBoost decides it for its own hyperparameters."""
    if is_on_xgboost_image(pipeline) and name in TUNABLE:
        return TUNABLE[name].is_whole
    return parameter.is_whole
