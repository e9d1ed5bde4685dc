"""What SageMaker refuses in CreateHyperParameterTuningJob, and what the local run can't do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.ml_pipeline.xgboost_tuning import METRIC_GOALS, TUNABLE

OBJECTIVE_HYPERPARAMETER = "_tuning_objective_metric"
"""The hyperparameter by which SageMaker tells a training of the tuning's metric."""

_UNSUPPORTED = {
    (): ("TrainingJobDefinitions", "WarmStartConfig", "Autotune"),
    ("HyperParameterTuningJobConfig",): ("StrategyConfig", "TuningJobCompletionCriteria"),
    ("HyperParameterTuningJobConfig", "ResourceLimits"): ("MaxRuntimeInSeconds",),
    ("TrainingJobDefinition",): ("HyperParameterTuningResourceConfig", "RetryStrategy"),
}
_STRATEGIES = ("Bayesian", "Random")
_KINDS = ("CategoricalParameterRanges", "ContinuousParameterRanges", "IntegerParameterRanges")
_MOST_PARAMETERS = 30


def problems(request: Mapping[str, Any]) -> list[str]:
    """One sentence each."""
    found = list(_unsupported(request))
    # The others are about what these leave out.
    return found or [*_limits(request), *_parameters(request), *_objective(request)]


def training_request(
    request: Mapping[str, Any], name: str, chosen: Mapping[str, str]
) -> dict[str, Any]:
    """CreateTrainingJob's request of a training job of the tuning."""
    definition = dict(request["TrainingJobDefinition"])
    static = definition.pop("StaticHyperParameters", {})
    metric = objective(request)["MetricName"]
    hyperparameters = {**static, **chosen, OBJECTIVE_HYPERPARAMETER: metric}
    return {**definition, "TrainingJobName": name, "HyperParameters": hyperparameters}


def ranges(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters that the tuning searches."""
    found: Mapping[str, Any] = request["HyperParameterTuningJobConfig"]["ParameterRanges"]
    return found


def objective(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The metric that decides, and whether more of it is better."""
    config = request["HyperParameterTuningJobConfig"]
    found: Mapping[str, Any] = config["HyperParameterTuningJobObjective"]
    return found


def _unsupported(request: Mapping[str, Any]) -> Iterator[str]:
    for path, members in _UNSUPPORTED.items():
        part: Mapping[str, Any] = request
        for key in path:
            part = part.get(key, {})
        for member in sorted(part.keys() & set(members)):
            yield f"{'.'.join((*path, member))}: the local run doesn't support it"
    if "TrainingJobDefinition" not in request:
        yield "TrainingJobDefinition: required, and missing"
    config = request["HyperParameterTuningJobConfig"]
    if config["Strategy"] not in _STRATEGIES:
        yield f"Strategy: the local run has {' and '.join(_STRATEGIES)}, got {config['Strategy']}"
    if config.get("TrainingJobEarlyStoppingType", "Off") != "Off":
        yield "TrainingJobEarlyStoppingType: the local run doesn't support it"
    for member in ("HyperParameterTuningJobObjective", "ParameterRanges"):
        if member not in config:
            yield f"HyperParameterTuningJobConfig.{member}: required, and missing"
    if "MaxNumberOfTrainingJobs" not in config["ResourceLimits"]:
        yield "ResourceLimits.MaxNumberOfTrainingJobs: required, and missing"


def _limits(request: Mapping[str, Any]) -> Iterator[str]:
    limits = request["HyperParameterTuningJobConfig"]["ResourceLimits"]
    jobs, parallel = limits["MaxNumberOfTrainingJobs"], limits["MaxParallelTrainingJobs"]
    if parallel > jobs:
        yield f"MaxParallelTrainingJobs {parallel} is more than MaxNumberOfTrainingJobs {jobs}"


def _parameters(request: Mapping[str, Any]) -> Iterator[str]:
    searched = ranges(request)
    names = [each["Name"] for kind in _KINDS for each in searched.get(kind, [])]
    if not 0 < len(names) <= _MOST_PARAMETERS:
        yield f"ParameterRanges: {len(names)} parameters, expected 1 to {_MOST_PARAMETERS}"
    static = request["TrainingJobDefinition"].get("StaticHyperParameters", {})
    for name in sorted(static.keys() & set(names)):
        yield f"Hyperparameter {name} is both static and tunable"
    for kind in _KINDS[1:]:
        for each in searched.get(kind, []):
            if float(each["MinValue"]) > float(each["MaxValue"]):
                yield f"{each['Name']}: MinValue {each['MinValue']} is above {each['MaxValue']}"
    untunable = sorted(set(names) - TUNABLE.keys()) if _is_xgboost(request) else []
    if untunable:
        yield (
            "The hyperparameter tuning job that you requested has the following untunable "
            f"hyperparameters: {untunable}. You can tune only {sorted(TUNABLE)}"
        )


def _objective(request: Mapping[str, Any]) -> Iterator[str]:
    definitions = request["TrainingJobDefinition"]["AlgorithmSpecification"].get(
        "MetricDefinitions", []
    )
    known = {each["Name"] for each in definitions}
    if _is_xgboost(request):
        known |= set(METRIC_GOALS)
    metric = objective(request)["MetricName"]
    if metric not in known:
        yield f"MetricName {metric}: the algorithm has no such metric; it has {sorted(known)}"


def _is_xgboost(request: Mapping[str, Any]) -> bool:
    image = request["TrainingJobDefinition"]["AlgorithmSpecification"].get("TrainingImage", "")
    return "/sagemaker-xgboost:" in image
