"""The rule for the kinds of columns, and which objectives take which labels. No Spark."""

from __future__ import annotations

import pytest

from workloads.glue.errors import InputError
from workloads.glue.kinds import Cells, Column, Pinned, check_pinned, kind_of, label_kind_of
from workloads.glue.label import Labels, Training, check_label, classes_of

CELLS = {
    "numbers": (Cells(numbers=100), "number"),
    "nothing but empty cells": (Cells(numbers=0), "number"),
    "one text among ten": (Cells(numbers=90, texts=10, different_texts=10), "number"),
    "more texts than one in ten": (Cells(numbers=89, texts=11, different_texts=5), "category"),
    "truth values": (Cells(numbers=0, texts=100, different_texts=2, booleans=90), "boolean"),
    "truth values and numbers": (
        Cells(numbers=50, texts=50, different_texts=2, booleans=50),
        "category",
    ),
    "timestamps": (Cells(numbers=0, texts=100, different_texts=99, timestamps=90), "timestamp"),
    "names": (Cells(numbers=0, texts=200, different_texts=101), "drop"),
    "texts that repeat": (Cells(numbers=0, texts=200, different_texts=100), "category"),
    "few texts, all different": (Cells(numbers=0, texts=50, different_texts=50), "category"),
}


@pytest.mark.parametrize(("cells", "kind"), CELLS.values(), ids=list(CELLS))
def test_the_kind_that_is_found(cells: Cells, kind: str) -> None:
    assert kind_of(cells) == kind
    assert label_kind_of(cells) == ("number" if kind == "number" else "category")


def test_a_pinned_column_has_to_be_there_unless_it_is_dropped() -> None:
    check_pinned("s3://b/k", ["a"], {"a": Pinned(kind="number"), "gone": Pinned(kind="drop")})
    with pytest.raises(InputError, match="lacks 'b', which the topology pins"):
        check_pinned("s3://b/k", ["a"], {"b": Pinned(kind="number")})


NUMBER = Column(name="y", kind="number")
THREE = Column(name="y", kind="category", levels=("high", "low", "mid"))
TWO = Column(name="y", kind="category", levels=("no", "yes"))


def labels(smallest: float, largest: float, *, integers: bool = True) -> Labels:
    return Labels(smallest=smallest, largest=largest, are_integers=integers)


TAKEN = {
    "numbers by a regression": ("reg:squarederror", None, NUMBER, labels(-1, 2.5, integers=False)),
    "one number by a regression": ("reg:squarederror", None, NUMBER, labels(5, 5)),
    "0 and 1 by two classes": ("binary:logistic", None, NUMBER, labels(0, 1)),
    "texts by two classes": ("binary:logistic", None, TWO, labels(0, 1)),
    "texts by many classes": ("multi:softprob", None, THREE, labels(0, 2)),
    "fewer classes than given": ("multi:softprob", 4, THREE, labels(0, 2)),
}


@pytest.mark.parametrize(("objective", "classes", "label", "found"), TAKEN.values(), ids=TAKEN)
def test_a_label_is_taken(
    objective: str, classes: int | None, label: Column, found: Labels
) -> None:
    training = Training(name="west2", objective=objective, classes=classes)
    check_label("s3://b/k", label, found, [training])


REFUSED = {
    "text by a regression": ("reg:squarederror", None, TWO, labels(0, 1), "it is text"),
    "one class": ("binary:logistic", None, TWO, labels(1, 1), "every row has the label 'yes'"),
    "one number": ("multi:softmax", None, NUMBER, labels(2, 2), "every row has the label 2"),
    "three by two classes": ("binary:hinge", None, THREE, labels(0, 2), "it has 3 classes"),
    "1 and 2 by two classes": ("binary:logistic", None, NUMBER, labels(1, 2), "takes 0 and 1"),
    "more than given": (
        "multi:softprob",
        2,
        THREE,
        labels(0, 2),
        "3 classes, and num_class is 2",
    ),
    "fractions": ("multi:softprob", None, NUMBER, labels(0, 2, integers=False), "from 0 on"),
    "years as classes": ("multi:softprob", None, NUMBER, labels(2019, 2024), "pin the column"),
    "negative counts": ("count:poisson", None, NUMBER, labels(-1, 4), "takes 0 and more"),
    "more than a share": ("reg:logistic", None, NUMBER, labels(0, 7), "takes 0 to 1"),
    "negative numbers": ("multi:softprob", 3, NUMBER, labels(-1, 1), "from 0 on"),
}


@pytest.mark.parametrize(
    ("objective", "classes", "label", "found", "reason"), REFUSED.values(), ids=REFUSED
)
def test_a_label_is_refused_before_a_training_is_paid_for(
    objective: str, classes: int | None, label: Column, found: Labels, reason: str
) -> None:
    training = Training(name="west2", objective=objective, classes=classes)
    with pytest.raises(InputError, match=reason) as failure:
        check_label("s3://b/k", label, found, [training])
    assert f"s3://b/k can't be trained on by {objective} of west2" in str(failure.value)


def test_the_number_of_classes_is_that_of_the_texts_or_one_more_than_the_largest() -> None:
    assert classes_of(THREE, labels(0, 1)) == 3
    assert classes_of(NUMBER, labels(0, 4)) == 5
    assert classes_of(NUMBER, labels(0, 4, integers=False)) is None
