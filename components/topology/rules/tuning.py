"""A tuning as a whole: its objective, its number of jobs, and what SageMaker limits for it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from components.ml_pipeline.training_image import is_on_xgboost_image
from components.ml_pipeline.tuning_config import is_whole
from components.ml_pipeline.xgboost_tuning import METRIC_GOALS
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import (
    MlPipeline,
    Objective,
    Topology,
    Training,
    TunedParameter,
    Tuning,
)
from components.topology.problems import KeyPath, Problem, choice, closest, out_of_range, refused
from components.topology.rules.basics import at_most


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each ML pipeline's tuning, but for the values of its parameters."""
    for name, pipeline in topology.ml_pipelines.items():
        training, training_path = pipeline.training, ("ml_pipelines", name, "training")
        if training.tuning is None:
            continue
        path = (*training_path, "tuning")
        yield from _objective((*path, "objective"), training.tuning.objective, pipeline)
        yield from _jobs(path, training.tuning, pipeline)
        yield from _time((*path, "jobs"), training.tuning, training)
        yield from at_most(
            (*training_path, "metrics"),
            len(training.metrics),
            limits.TUNING_METRICS,
            what="metrics of a tuning",
        )
        yield from at_most(
            (*training_path, "environment"),
            len(training.environment),
            limits.TUNING_VARIABLES,
            what="variables of a tuning",
        )


def _objective(path: KeyPath, objective: Objective, pipeline: MlPipeline) -> Iterator[Problem]:
    training_path = path[:-2]
    on_xgboost = is_on_xgboost_image(pipeline)
    known = METRIC_GOALS if on_xgboost else pipeline.training.metrics
    relies_on = tuple((*training_path, key) for key in ("algorithm", "image", "metrics"))
    if objective.metric not in known:
        none = "a name in training.metrics, which has none"
        yield from refused(
            (*path, "metric"),
            Code.UNKNOWN_METRIC,
            objective.metric,
            "is not a metric of the training",
            expected=choice(known) if known else none,
            advice=closest(objective.metric, known),
            relies_on=relies_on,
        )
    elif on_xgboost and objective.goal != METRIC_GOALS[objective.metric]:
        yield from refused(
            (*path, "goal"),
            Code.OTHER_GOAL,
            objective.goal,
            f"is not the goal of {objective.metric}",
            expected=METRIC_GOALS[objective.metric],
            relies_on=((*path, "metric"), *relies_on),
        )


def _jobs(path: KeyPath, tuning: Tuning, pipeline: MlPipeline) -> Iterator[Problem]:
    if tuning.parallel > tuning.jobs:
        yield from refused(
            (*path, "parallel"),
            Code.MINIMUM_ABOVE_MAXIMUM,
            tuning.parallel,
            "is more than jobs, of which it is a part",
            expected=f"{tuning.jobs} or less",
            relies_on=((*path, "jobs"),),
        )
    combinations = math.prod(
        _count(parameter, is_whole=is_whole(name, parameter, pipeline))
        for name, parameter in tuning.parameters.items()
    )
    if tuning.parameters and combinations < tuning.jobs:
        yield from refused(
            (*path, "jobs"),
            Code.TOO_FEW_COMBINATIONS,
            tuning.jobs,
            f"is more than the combinations of the parameters' values, {combinations}",
            expected=f"{combinations:.0f} or less",
            advice="Train fewer jobs, or widen the parameters",
            relies_on=((*path, "parameters"),),
        )


def _count(parameter: TunedParameter, *, is_whole: bool) -> float:
    """How many values a parameter can take; infinity for those of a wrong range, too."""
    if parameter.values:
        return len(set(parameter.values))
    if not (is_whole and parameter.is_whole) or parameter.min is None or parameter.max is None:
        return math.inf
    count = int(parameter.max) - int(parameter.min) + 1
    return count if count > 0 else math.inf


def _time(path: KeyPath, tuning: Tuning, training: Training) -> Iterator[Problem]:
    seconds = tuning.rounds * training.longest_seconds
    if seconds > limits.TUNING_SECONDS:
        yield from out_of_range(
            path,
            tuning.jobs,
            f"at most {limits.TUNING_SECONDS // training.longest_seconds * tuning.parallel}: a "
            f"tuning takes 30 days at most, and a job {training.longest_seconds:,} seconds",
            advice="Train fewer jobs, more in parallel, or shorter",
            relies_on=tuple(
                (*path[:-2], *keys)
                for keys in (
                    ("max_runtime_seconds",),
                    ("max_wait_seconds",),
                    ("tuning", "parallel"),
                )
            ),
        )
