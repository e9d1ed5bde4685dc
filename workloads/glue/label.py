"""Whether the objectives of the ML pipelines that train on a run take its label.

A training that is certain to fail is refused here, before it is paid for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workloads.glue.errors import InputError
from workloads.glue.kinds import CATEGORY, MAX_CLASSES, Column

# The smallest and the largest label that an objective takes, as XGBoost's source checks them.
_RANGES: dict[str, tuple[float, float]] = {
    "reg:logistic": (0, 1),
    "count:poisson": (0, math.inf),
    "reg:tweedie": (0, math.inf),
}


@dataclass(frozen=True, kw_only=True)
class Labels:
    """The labels of the rows that are used: their range, and whether all are integers."""

    smallest: float
    largest: float
    are_integers: bool

    @property
    def classes(self) -> int | None:
        """How many classes the labels are, if they number any: 0, 1 and so on."""
        return int(self.largest) + 1 if self.are_integers and self.smallest >= 0 else None


@dataclass(frozen=True, kw_only=True)
class Training:
    """An ML pipeline that trains on the run with AWS's XGBoost."""

    name: str
    objective: str
    classes: int | None
    """The num_class that the topology gives, if it does."""


def trainings(settings: Mapping[str, Any]) -> list[Training]:
    """The trainings that the job's settings name."""
    return [Training(**given) for given in settings.get("trainings", [])]


def classes_of(label: Column, labels: Labels) -> int | None:
    """The number of the label's classes, for num_class."""
    return len(label.levels) if label.kind == CATEGORY else labels.classes


def check_label(source: str, label: Column, labels: Labels, given: Sequence[Training]) -> None:
    """Raise `InputError` for the first training whose objective doesn't take the label."""
    for training in given:
        reason = _reason(training, label, labels)
        if reason:
            raise InputError(
                f"The label {label.name!r} of {source} can't be trained on by "
                f"{training.objective} of {training.name}: {reason}."
            )


def _reason(training: Training, label: Column, labels: Labels) -> str | None:
    is_binary = training.objective.startswith("binary:")
    if not is_binary and not training.objective.startswith("multi:"):
        return _no_number(training.objective, label, labels)
    return _one_class(label, labels) or (
        _not_binary(label, labels) if is_binary else _not_classes(training, label, labels)
    )


def _one_class(label: Column, labels: Labels) -> str | None:
    if labels.smallest == labels.largest:
        shown = label.levels[int(labels.largest)] if label.kind == CATEGORY else labels.largest
        return f"every row has the label {shown!r}, and there is nothing to tell apart"
    return None


def _not_classes(training: Training, label: Column, labels: Labels) -> str | None:
    found = classes_of(label, labels)
    if found is None:
        return (
            f"its labels are numbers from {labels.smallest:g} to {labels.largest:g}, and classes "
            "are the integers from 0 on; pin the column as a category, whose texts become classes"
        )
    if found > MAX_CLASSES:
        return (
            f"its largest number is {labels.largest:g}, for which XGBoost would grow {found} trees "
            "in each round; pin the column as a category, whose texts become classes"
        )
    if training.classes is not None and found > training.classes:
        return f"it has {found} classes, and num_class is {training.classes}; leave num_class out"
    return None


def _no_number(objective: str, label: Column, labels: Labels) -> str | None:
    if label.kind == CATEGORY:
        return (
            "it is text, and the objective takes numbers; choose one of classes, or another label"
        )
    least, most = _RANGES.get(objective, (-math.inf, math.inf))
    if least <= labels.smallest and labels.largest <= most:
        return None
    taken = f"{least:g} and more" if most == math.inf else f"{least:g} to {most:g}"
    return (
        f"its labels are numbers from {labels.smallest:g} to {labels.largest:g}, and the objective "
        f"takes {taken}"
    )


def _not_binary(label: Column, labels: Labels) -> str | None:
    if label.kind == CATEGORY and len(label.levels) > 2:  # noqa: PLR2004 - it is binary
        return f"it has {len(label.levels)} classes, and the objective takes two"
    if labels.smallest < 0 or labels.largest > 1:
        return (
            f"its labels are numbers from {labels.smallest:g} to {labels.largest:g}, and the "
            "objective takes 0 and 1; pin the column as a category, whose texts become classes"
        )
    return None
