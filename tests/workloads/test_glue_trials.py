"""Small files in the shapes that people bring, each with the outcome that it should have."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.workloads.glue_job import GlueJob
from workloads.glue.errors import InputError

BINARY = [{"name": "west2", "objective": "binary:logistic", "classes": None}]
ORIGINS = ("south", "north", "west")


def table(header: str, row: str, count: int = 60) -> str:
    """A file whose rows have their number `n` put into them."""
    return "\n".join([header, *(row_of(row, n) for n in range(count))]) + "\n"


def row_of(row: str, n: int) -> str:
    return row.format(
        n=n,
        x=n / 8 - 3,
        bit=n % 2,
        word=bool(n % 2),
        sign=n % 2 * 2 - 1,
        two=n % 2 + 1,
        coarse=n % 3,
        origin=ORIGINS[n % 3],
        day=n % 28 + 1,
        gap="NA" if n % 4 == 0 else "nan" if n % 4 == 1 else n,
    )


@dataclass(frozen=True)
class Used:
    """A trial that is used: its kinds of columns, and one of its lines."""

    content: str | bytes
    kinds: dict[str, str]
    line: str
    input: dict[str, Any] = field(default_factory=dict)


USED = {
    "three coarse columns": Used(
        table("group,sex,adult,label", "{coarse},{bit},1,{bit}", 1300),
        {"group": "number", "sex": "number", "adult": "number"},
        "0,0,0,1",
    ),
    "columns of text": Used(
        table("name,weight,built,origin,label", "item {n},{x},2010-01-{day:02},{origin},{bit}"),
        {"name": "drop", "weight": "number", "built": "timestamp", "origin": "category"},
        "0,-3,1262304000,0,1,0",
    ),
    "NA and nan": Used(
        table("x,z,label", "{gap},{x},{bit}"),
        {"x": "number", "z": "number"},
        "0,,-3",
        {"missing": ["NA", "nan"]},
    ),
    "True and False": Used(
        table("x,is_big,label", "{x},{word},{word}"),
        {"x": "number", "is_big": "boolean"},
        "1,-2.875,1",
    ),
    "semicolons and decimal commas": Used(
        table("Größe;Höhe;label", "{n},5;{x};{bit}").replace(".", ",").encode("cp1252"),
        {"Größe": "number", "Höhe": "number"},
        "1,1.5,-2.875",
        {"delimiter": ";", "decimal": ",", "encoding": "windows-1252"},
    ),
}


@pytest.mark.spark
@pytest.mark.verification
@pytest.mark.parametrize("name", USED)
def test_a_trial_is_used(spark_job: GlueJob, name: str) -> None:
    trial = USED[name]
    spark_job.settings |= {"input": trial.input, "trainings": BINARY}
    outcome = spark_job.convert(trial.content)
    schema = json.loads(spark_job.pipeline.get(outcome.manifest["schema"]["key"]))
    assert {column["name"]: column["kind"] for column in schema["columns"]} == trial.kinds
    rows = outcome.rows
    assert rows["train"] + rows["validation"] == rows["input"] == len(outcome.lines)
    assert trial.line in outcome.lines


@pytest.mark.spark
@pytest.mark.verification
@pytest.mark.parametrize("labels", ["{sign}", "{two}"], ids=["-1 and 1", "1 and 2"])
def test_a_label_that_is_not_0_and_1_is_refused_before_a_training_is_paid(
    spark_job: GlueJob, labels: str
) -> None:
    spark_job.settings["trainings"] = BINARY
    content = table("x,z,label", f"{{x}},{{n}},{labels}")
    with pytest.raises(InputError, match="takes 0 and 1; pin the column as a category"):
        spark_job.convert(content)


def test_the_row_numbers_of_pandas_are_refused(glue_job: GlueJob) -> None:
    with pytest.raises(InputError, match="index=False in pandas"):
        glue_job.convert(table(",x,z,label", "{n},{x},{x},{bit}"))
