"""What AWS's XGBoost image says of the hyperparameters that a tuning searches."""

from __future__ import annotations

import math
from collections.abc import Iterator

from components.ml_pipeline.training_image import is_on_xgboost_image
from components.ml_pipeline.xgboost_tuning import TUNABLE, Tunable
from components.topology.codes import Code
from components.topology.model import Topology, TunedParameter
from components.topology.problems import KeyPath, Problem, choice, closest, refused


def problems(topology: Topology) -> Iterator[Problem]:
    """What SageMaker would refuse to tune in that image, also where it runs a script."""
    for name, pipeline in topology.ml_pipelines.items():
        tuning = pipeline.training.tuning
        if tuning is not None and is_on_xgboost_image(pipeline):
            path = ("ml_pipelines", name, "training", "tuning", "parameters")
            for each, parameter in tuning.parameters.items():
                yield from _parameter((*path, each), parameter)


def _parameter(path: KeyPath, parameter: TunedParameter) -> Iterator[Problem]:
    name, relies_on = path[-1], ((*path[:-3], "algorithm"), (*path[:-3], "image"))
    tunable = TUNABLE.get(name)
    if tunable is None:
        yield from refused(
            path,
            Code.UNTUNABLE_HYPERPARAMETER,
            name,
            "can't be tuned with AWS's XGBoost image",
            expected=choice(TUNABLE),
            advice=closest(name, TUNABLE),
            relies_on=relies_on,
        )
    elif parameter.values or not _fits(parameter, tunable):
        kind = "integers" if tunable.is_whole else "numbers"
        least = f"{'above' if tunable.above_least else 'from'} {tunable.least:g}"
        most = "" if tunable.most == math.inf else f" to {tunable.most:g}"
        yield from refused(
            path,
            Code.MALFORMED,
            list(parameter.values) or f"{parameter.min} to {parameter.max}",
            f"is not a range of {name}",
            expected=f"min and max, {kind} {least}{most}",
            relies_on=relies_on,
        )


def _fits(parameter: TunedParameter, tunable: Tunable) -> bool:
    if parameter.min is None or parameter.max is None:
        return True
    low, high = float(parameter.min), float(parameter.max)
    is_above = low > tunable.least if tunable.above_least else low >= tunable.least
    return is_above and high <= tunable.most and (parameter.is_whole or not tunable.is_whole)
