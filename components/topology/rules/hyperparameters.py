"""A model's hyperparameters: SageMaker's limits, and for AWS's XGBoost its names and objectives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.ml_pipeline.hyperparameters import hyperparameters_of
from components.ml_pipeline.script_mode import script_hyperparameters
from components.ml_pipeline.training_image import is_xgboost_image
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import MlPipeline, Topology
from components.topology.problems import KeyPath, Problem, choice, closest, refused
from components.topology.rules.basics import at_most, matches, matching
from dags.cross_account.algorithms import (
    UNSUPPORTED_OBJECTIVES,
    XGBOOST_NAMES,
    XGBOOST_OBJECTIVES,
)


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each ML pipeline's hyperparameters."""
    for name, pipeline in topology.ml_pipelines.items():
        path = ("ml_pipelines", name, "training", "hyperparameters")
        training = pipeline.training
        most = limits.HYPERPARAMETERS - _added(pipeline)
        yield from _limits(path, training.hyperparameters, most)
        if training.algorithm == "xgboost" and _is_xgboost(pipeline):
            yield from _names(path, training.hyperparameters)
            yield from _objective(path, hyperparameters_of(pipeline))


def _added(pipeline: MlPipeline) -> int:
    """How many hyperparameters come to those that are given: a tuning's, and script mode's own."""
    training = pipeline.training
    # SageMaker adds the name of the objective's metric to those that a tuning searches.
    tuned = len(training.tuning.parameters) + 1 if training.tuning else 0
    if training.algorithm != "script":
        return tuned
    own = script_hyperparameters({}, entry_point=training.entry_point, region=pipeline.region)
    return tuned + len(own)


def _is_xgboost(pipeline: MlPipeline) -> bool:
    """Where the image isn't AWS's XGBoost, that is what is wrong."""
    image = pipeline.training.image
    return image is None or is_xgboost_image(image, pipeline.region)


def _limits(path: KeyPath, given: Mapping[str, str], most: int) -> Iterator[Problem]:
    for name, value in given.items():
        yield from matching(
            (*path, name),
            name,
            limits.HYPERPARAMETER_NAME_PATTERN,
            what="the name of a hyperparameter",
            form="a letter or underscore, then letters, digits, underscores, dots and hyphens, at "
            "most 256 characters",
        )
        yield from matching(
            (*path, name),
            value,
            limits.HYPERPARAMETER_VALUE_PATTERN,
            what="the value of a hyperparameter",
            form="1 to 2,500 characters, without control characters",
        )
    yield from at_most(path, len(given), most, what="hyperparameters")


def _names(path: KeyPath, given: Mapping[str, str]) -> Iterator[Problem]:
    for name in given:
        if matches(name, limits.HYPERPARAMETER_NAME_PATTERN) and name not in XGBOOST_NAMES:
            yield from refused(
                (*path, name),
                Code.UNKNOWN_HYPERPARAMETER,
                name,
                "is not a hyperparameter of AWS's XGBoost",
                advice=closest(name, XGBOOST_NAMES, otherwise="Remove it"),
                relies_on=(_algorithm(path),),
            )


def _objective(path: KeyPath, given: Mapping[str, str]) -> Iterator[Problem]:
    if "num_round" in given:
        yield from _count((*path, "num_round"), given["num_round"], limits.MIN_ROUNDS)
    objective = given["objective"]
    needs = [what for start, what in UNSUPPORTED_OBJECTIVES.items() if objective.startswith(start)]
    if needs:
        yield from refused(
            (*path, "objective"),
            Code.UNSUPPORTED_OBJECTIVE,
            objective,
            f"needs {needs[0]}, which the training data doesn't have",
            expected=choice(XGBOOST_OBJECTIVES),
            advice="Choose another objective, or train by an image or a script of your own",
            relies_on=(_algorithm(path),),
        )
    elif objective not in XGBOOST_OBJECTIVES:
        yield from refused(
            (*path, "objective"),
            Code.UNKNOWN_OBJECTIVE,
            objective,
            "is not an objective of AWS's XGBoost",
            expected=choice(XGBOOST_OBJECTIVES),
            advice=closest(objective, XGBOOST_OBJECTIVES),
            relies_on=(_algorithm(path),),
        )
    elif objective.startswith("multi:") and "num_class" in given:
        yield from _count((*path, "num_class"), given["num_class"], limits.MIN_CLASSES)


def _count(path: KeyPath, text: str, least: int) -> Iterator[Problem]:
    # XGBoost's numbers have 31 bits; Python itself refuses to read one of thousands of digits.
    if not matches(text, r"[0-9]{1,9}") or int(text) < least:
        yield from refused(
            path,
            Code.MALFORMED,
            text,
            "is not a count",
            expected=f"an integer, {least} or more, of at most nine digits",
            relies_on=(_algorithm(path[:-1]),),
        )


def _algorithm(path: KeyPath) -> KeyPath:
    """Where the algorithm stands: one that can't be read may be another one."""
    return (*path[:-1], "algorithm")
