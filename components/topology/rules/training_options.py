"""What a team's own training is given: channels, environment variables, patterns of metrics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from components.ml_pipeline.training_image import is_on_xgboost_image
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import CHANNELS, Channel, MlPipeline, Topology
from components.topology.problems import KeyPath, Problem, choice, missing, refused
from components.topology.rules.basics import at_most, matching

_ALGORITHMS = {
    "source_dir": ("script",),
    "entry_point": ("script",),
    "channels": ("custom", "script"),
    "environment": ("custom", "script"),
    "metrics": ("custom", "script"),
}
"""The algorithms that know an option."""


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each ML pipeline's own training."""
    for name, pipeline in topology.ml_pipelines.items():
        path, training = ("ml_pipelines", name, "training"), pipeline.training
        yield from _keys(path, pipeline)
        yield from _channels((*path, "channels"), training.channels)
        yield from _environment((*path, "environment"), training.environment)
        yield from _metrics((*path, "metrics"), pipeline)


def _keys(path: KeyPath, pipeline: MlPipeline) -> Iterator[Problem]:
    training = pipeline.training
    for key, algorithms in _ALGORITHMS.items():
        if key in training.model_fields_set and training.algorithm not in algorithms:
            yield from refused(
                (*path, key),
                Code.CONFLICTING_KEYS,
                key,
                f"is no option of algorithm {training.algorithm}",
                expected=f"algorithm {choice(algorithms)}",
                advice="Remove it, or choose another algorithm",
                relies_on=((*path, "algorithm"),),
            )
    if training.algorithm == "custom" and training.image is None:
        yield from missing(
            (*path, "image"),
            "algorithm custom trains with an image of your own",
            "Name an image in the pipeline's Region, or choose another algorithm",
            relies_on=((*path, "algorithm"),),
        )


def _channels(path: KeyPath, channels: Mapping[str, Channel]) -> Iterator[Problem]:
    for name, channel in channels.items():
        if name not in CHANNELS:
            yield from refused(
                (*path, name),
                Code.NOT_A_CHOICE,
                name,
                "is not a channel of a run",
                expected=choice(CHANNELS),
            )
        yield from matching(
            (*path, name, "content_type"),
            channel.content_type,
            limits.CONTENT_TYPE_PATTERN,
            what="a content type",
            form="at most 256 characters in one line",
        )
    if channels and "train" not in channels:
        yield from missing(
            (*path, "train"), "a training needs the training rows", "Add `train: {}`"
        )


def _environment(path: KeyPath, environment: Mapping[str, str]) -> Iterator[Problem]:
    for name, value in environment.items():
        yield from matching(
            (*path, name),
            name,
            limits.ENVIRONMENT_NAME_PATTERN,
            what="the name of an environment variable",
            form="a letter or underscore, then letters, digits and underscores, at most 512 "
            "characters",
        )
        yield from matching(
            (*path, name),
            value,
            limits.ENVIRONMENT_VALUE_PATTERN,
            what="the value of an environment variable",
            form="at most 512 characters",
        )
    yield from at_most(path, len(environment), limits.ENVIRONMENT_VARIABLES, what="variables")


def _metrics(path: KeyPath, pipeline: MlPipeline) -> Iterator[Problem]:
    metrics = pipeline.training.metrics
    for name, pattern in metrics.items():
        yield from matching(
            (*path, name),
            name,
            limits.METRIC_NAME_PATTERN,
            what="the name of a metric",
            form="1 to 255 characters in one line",
        )
        if not _finds_a_value(pattern):
            yield from refused(
                (*path, name),
                Code.MALFORMED,
                pattern,
                "is not a pattern that finds a value",
                expected="a regular expression with a group, such as `auc=([0-9.]+)`, at most "
                f"{limits.METRIC_REGEX_LENGTH} characters",
            )
    yield from at_most(path, len(metrics), limits.METRICS, what="metrics")
    if metrics and pipeline.training.algorithm != "xgboost" and is_on_xgboost_image(pipeline):
        yield from refused(
            path,
            Code.CONFLICTING_KEYS,
            ", ".join(metrics),
            "can't be metrics of AWS's XGBoost image, for which SageMaker has its own: it reads "
            "lines like `[1] train-auc:0.9 validation-auc:0.8`",
            advice="Print such lines, or name another image, such as AWS's scikit-learn",
            relies_on=((*path[:-1], "image"), (*path[:2], "region")),
        )


def _finds_a_value(pattern: str) -> bool:
    try:
        groups = re.compile(pattern).groups
    except re.error:
        return False
    return groups > 0 and len(pattern) <= limits.METRIC_REGEX_LENGTH
