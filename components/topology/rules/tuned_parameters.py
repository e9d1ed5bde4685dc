"""The hyperparameters that a tuning searches: their names, and the values that they may take."""

from __future__ import annotations

from collections.abc import Iterator

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import MlPipeline, Topology, TunedParameter
from components.topology.problems import KeyPath, Problem, missing, refused
from components.topology.rules.basics import at_most, matching
from dags.cross_account.algorithms import SCRIPT_MODES_OWN

_NAME_FORM = (
    "a letter or underscore, then letters, digits, underscores, dots and hyphens, at most 256 "
    "characters"
)


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the parameters of each ML pipeline's tuning."""
    for name, pipeline in topology.ml_pipelines.items():
        tuning = pipeline.training.tuning
        if tuning is None:
            continue
        path = ("ml_pipelines", name, "training", "tuning", "parameters")
        if not tuning.parameters:
            yield from missing(path, "a tuning needs a parameter to search", "Add one")
        yield from at_most(
            path, len(tuning.parameters), limits.TUNED_PARAMETERS, what="tuned parameters"
        )
        for each, parameter in tuning.parameters.items():
            yield from _name((*path, each), pipeline)
            yield from _values((*path, each), parameter)


def _name(path: KeyPath, pipeline: MlPipeline) -> Iterator[Problem]:
    name, training, training_path = path[-1], pipeline.training, path[:-3]
    yield from matching(
        path,
        name,
        limits.HYPERPARAMETER_NAME_PATTERN,
        what="the name of a hyperparameter",
        form=_NAME_FORM,
    )
    if name in training.hyperparameters:
        yield from refused(
            path,
            Code.CONFLICTING_KEYS,
            name,
            "has a fixed value in hyperparameters, too",
            expected="it in one of the two",
            advice="Remove it from one",
            relies_on=((*training_path, "hyperparameters"),),
        )
    if training.algorithm == "script" and name.startswith(SCRIPT_MODES_OWN):
        yield from refused(
            path,
            Code.RESERVED_NAME,
            name,
            "is a name of SageMaker's script mode",
            expected=f"a name that doesn't begin with {SCRIPT_MODES_OWN}",
            relies_on=((*training_path, "algorithm"),),
        )


def _values(path: KeyPath, parameter: TunedParameter) -> Iterator[Problem]:
    if parameter.values:
        yield from _list(path, parameter.values)
        return
    for end in ("min", "max"):
        if getattr(parameter, end) is None:
            yield from missing(
                (*path, end), "a range has two ends", f"Add {end}, or write a list of values"
            )
    if parameter.min is not None and parameter.max is not None:
        yield from _range(path, parameter, float(parameter.min), float(parameter.max))


def _list(path: KeyPath, values: tuple[str, ...]) -> Iterator[Problem]:
    yield from at_most(path, len(values), limits.TUNED_VALUES, what="values")
    for value in values:
        if not 0 < len(value) <= limits.TUNED_VALUE_LENGTH:
            yield from refused(
                path,
                Code.MALFORMED,
                value,
                "is not a value",
                expected=f"1 to {limits.TUNED_VALUE_LENGTH} characters",
            )


def _range(path: KeyPath, parameter: TunedParameter, low: float, high: float) -> Iterator[Problem]:
    if low >= high:
        yield from refused(
            (*path, "min"),
            Code.MINIMUM_ABOVE_MAXIMUM,
            parameter.min,
            "is not less than max",
            expected=f"less than {parameter.max}",
            relies_on=((*path, "max"),),
        )
    # Developer guide, "Define hyperparameter ranges", on the scaling types.
    needs = {
        "logarithmic": (low > 0, "only values above 0"),
        "reverse_logarithmic": (
            not parameter.is_whole and low >= 0 and high < 1,
            "only values from 0 to below 1 that aren't integers",
        ),
    }
    fits, what = needs.get(parameter.scale, (True, ""))
    if not fits:
        yield from refused(
            (*path, "scale"),
            Code.CONFLICTING_KEYS,
            parameter.scale,
            "doesn't fit the range",
            expected=f"a range with {what}, or another scale",
            relies_on=((*path, "min"), (*path, "max")),
        )
