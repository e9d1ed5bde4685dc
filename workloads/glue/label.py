"""Whether the objectives of the ML pipelines that train on a run take its label.

A training that can't succeed is refused here, before it is paid for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workloads.glue.errors import InputError
from workloads.glue.kinds import CATEGORY, Column


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
        return _no_number(label)
    if labels.smallest == labels.largest:
        shown = label.levels[int(labels.largest)] if label.kind == CATEGORY else labels.largest
        return f"every row has the label {shown!r}, and there is nothing to tell apart"
    found = classes_of(label, labels)
    if is_binary:
        return _not_binary(label, labels)
    if found is None:
        return (
            f"its labels are numbers from {labels.smallest:g} to {labels.largest:g}, and classes "
            "are the integers from 0 on; pin the column as a category, whose texts become classes"
        )
    if training.classes is not None and found > training.classes:
        return f"it has {found} classes, and num_class is {training.classes}; leave num_class out"
    return None


def _no_number(label: Column) -> str | None:
    if label.kind != CATEGORY:
        return None
    return "it is text, and the objective takes numbers; choose one of classes, or another label"


def _not_binary(label: Column, labels: Labels) -> str | None:
    if label.kind == CATEGORY and len(label.levels) > 2:  # noqa: PLR2004 - it is binary
        return f"it has {len(label.levels)} classes, and the objective takes two"
    if labels.smallest < 0 or labels.largest > 1:
        return (
            f"its labels are numbers from {labels.smallest:g} to {labels.largest:g}, and the "
            "objective takes 0 and 1; pin the column as a category, whose texts become classes"
        )
    return None
