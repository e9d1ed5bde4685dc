"""Columns of every kind: what is written for them, and what one record becomes by the schema."""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import xgboost
from pyspark.sql import SparkSession

from operate.found_columns import found_columns
from tests.workloads.glue_job import GlueJob, Published
from tests.workloads.s3_stand_in import Pipeline
from tests.workloads.training_files import download, read
from workloads.glue.dialect import Input
from workloads.glue.errors import InputError
from workloads.glue.record import class_name, model_row

pytestmark = [pytest.mark.spark, pytest.mark.verification]

HEADER = "id,age,city,paid,joined,size,plan"
CITIES = ("Köln", "Aix, en Provence", "Rome", "7", "07.0", "")
PLANS = ("basic", "plus", "pro")


def record(number: int, random: Random) -> dict[str, str]:
    """A customer, whose plan follows from city and age."""
    age, city = random.randint(18, 80), random.choice(CITIES)
    joined = f"20{random.randint(10, 25)}-0{random.randint(1, 9)}-1{random.randint(0, 9)}"
    return {
        "id": f"customer {number}",
        "age": random.choice([str(age), f" {age}.0 ", ""]),
        "city": city,
        "paid": random.choice(["Yes", "no", "N", "TRUE", ""]),
        "joined": random.choice([joined, f"{joined}T10:00+02:00", f"{joined} 23:59:59.5Z", ""]),
        "size": random.choice(["10", "20"]),
        "plan": PLANS[(age > 40) + (city == "Rome")],
    }


def text(records: list[dict[str, str]]) -> str:
    rows = [",".join(f'"{cell}"' for cell in one.values()) for one in records]
    return "\n".join([HEADER, *rows]) + "\n"


RECORDS = [record(number, random) for random in [Random(7)] for number in range(600)]
SETTINGS = {
    "columns": {"size": {"kind": "category", "max_categories": 1}},
    "trainings": [{"name": "west2", "objective": "multi:softprob", "classes": None}],
}


def schema_of(job: GlueJob, outcome: Published) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(job.pipeline.get(outcome.manifest["schema"]["key"]))
    return content


@pytest.fixture(scope="module")
def customers(data_pipeline: Pipeline, spark: SparkSession) -> tuple[GlueJob, Published]:
    job = GlueJob(data_pipeline, spark, settings=SETTINGS)
    return job, job.convert(text(RECORDS), label="plan", limit=0.1)


def test_every_column_has_its_kind(customers: tuple[GlueJob, Published]) -> None:
    job, outcome = customers
    assert outcome.rows["rejected"] == 0
    schema = schema_of(job, outcome)
    assert {column["name"]: column["kind"] for column in schema["columns"]} == {
        "id": "drop",
        "age": "number",
        "city": "category",
        "paid": "boolean",
        "joined": "timestamp",
        "size": "category",
    }
    assert schema["label"] == {"column": "plan", "kind": "category", "classes": [*PLANS]}
    assert outcome.manifest["classes"] == 3
    (city, size) = (column for column in schema["columns"] if "levels" in column)
    times = {"7": sum(one["city"] in {"7", "07.0"} for one in RECORDS)}
    times |= {name: sum(one["city"] == name for one in RECORDS) for name in CITIES[:3]}
    assert city["levels"] == sorted(times, key=lambda name: (-times[name], name))
    assert (city["pinned"], size["pinned"], len(size["levels"])) == (False, True, 1)
    assert outcome.manifest["columns"] == [
        "plan",
        "age",
        *(f"city={level}" for level in city["levels"]),
        "paid",
        "joined",
        f"size={size['levels'][0]}",
        "size (other levels)",
    ]


def test_the_manifest_says_what_its_cells_are(customers: tuple[GlueJob, Published]) -> None:
    taken = {column["name"]: column for column in customers[1].manifest["taken"]}
    assert list(taken) == HEADER.split(",")
    filled = {name: [one[name].strip() for one in RECORDS if one[name]] for name in taken}
    for name, column in taken.items():
        cells = column["cells"]
        assert cells["missing"] == len(RECORDS) - len(filled[name])
        assert cells["numbers"] + cells["texts"] == len(filled[name])
    assert taken["paid"]["cells"]["booleans"] == len(filled["paid"])
    assert taken["joined"]["cells"]["timestamps"] == len(filled["joined"])
    assert taken["id"]["cells"]["different_texts"] == len(RECORDS)
    sizes = Counter(filled["size"])
    (most,) = sizes.most_common(1)
    assert taken["size"]["levels"] == {"kept": 1, "others": True, "most_frequent": dict([most])}
    assert taken["plan"]["levels"]["most_frequent"] == Counter(filled["plan"])
    assert (taken["size"]["pinned"], taken["plan"]["pinned"]) == (True, False)


def test_the_command_line_finds_the_same_kinds(
    customers: tuple[GlueJob, Published], tmp_path: Path
) -> None:
    schema = schema_of(*customers)
    file = tmp_path / "customers.csv.gz"
    file.write_bytes(gzip.compress(text(RECORDS).encode()))
    kinds = {column["name"]: column["kind"] for column in schema["columns"]}
    # The one that is pinned there is left to the rule.
    kinds |= {"size": "number", "plan": "category"}
    assert found_columns(file, Input(), "plan") == kinds


def test_a_record_becomes_the_row_that_was_written(customers: tuple[GlueJob, Published]) -> None:
    job, outcome = customers
    schema = schema_of(job, outcome)
    rows = [[float(PLANS.index(one["plan"])), *model_row(schema, one)] for one in RECORDS]
    assert sorted(map(comparable, rows)) == sorted(
        comparable([float(cell or "nan") for cell in line.split(",")]) for line in outcome.lines
    )


def comparable(row: list[float]) -> tuple[float, ...]:
    return tuple(-1.0 if math.isnan(value) else value for value in row)


def test_a_model_says_the_same_of_records_as_of_the_files(
    customers: tuple[GlueJob, Published], tmp_path: Path
) -> None:
    job, outcome = customers
    schema = schema_of(job, outcome)
    train = read(download(job, outcome, "train", tmp_path))
    validation = read(download(job, outcome, "validation", tmp_path))
    classes = outcome.manifest["classes"]
    parameters = {"objective": "multi:softprob", "num_class": classes, "nthread": 1, "seed": 1}
    model = xgboost.train(parameters, train, 20)
    by_file = np.concatenate([model.predict(train), model.predict(validation)])
    rows = np.array([model_row(schema, one) for one in RECORDS])
    by_record = model.predict(xgboost.DMatrix(rows))
    np.testing.assert_allclose(np.sort(by_record, axis=0), np.sort(by_file, axis=0), atol=1e-6)
    named = [class_name(schema, int(best)) for best in by_record.argmax(axis=1)]
    right = sum(name == one["plan"] for name, one in zip(named, RECORDS, strict=True))
    assert right > 0.9 * len(RECORDS)


def test_a_cell_that_does_not_fit_its_pinned_kind_rejects_its_row(spark_job: GlueJob) -> None:
    kinds = {"flag": "boolean", "when": "timestamp", "word": "category", "gone": "drop"}
    spark_job.settings = {"columns": {name: {"kind": kind} for name, kind in kinds.items()}}
    good = "".join(f"{row % 2},yes,2026-01-0{row % 9 + 1},x{row % 3},{row}\n" for row in range(60))
    bad = [
        b"1,2,2026-01-01,x,y\n",
        b"1,maybe,2026-01-01,x,y\n",
        b"1,no,2026-02-30,x,y\n",
        b"1,no,01.02.2026,x,y\n",
        b"1,no,2026-01-01,\xff,y\n",
        b"1,no,2026-01-01,1e39,y\n",
    ]
    outcome = spark_job.convert(b"label,flag,when,word,gone\n" + good.encode() + b"".join(bad))
    assert outcome.reasons == [
        "flag: not true or false",
        "flag: not true or false",
        "when: not a timestamp",
        "when: not a timestamp",
        "word: not UTF-8",
        "word: too large for a 32-bit number",
    ]
    kept = {row["record"]: row["cells"][1] for row in outcome.rejected}
    assert (kept[61], kept[62]) == ("2", "maybe")
    assert outcome.rows["input"] == 66


def test_a_file_without_a_column_to_train_on_is_not_published(spark_job: GlueJob) -> None:
    rows = "".join(f"{row % 2},name {row}\n" for row in range(120))
    with pytest.raises(InputError, match="no column to train on"):
        spark_job.convert(f"label,name\n{rows}")
    assert spark_job.traces() == []


def test_a_cell_that_is_no_string_is_read_as_python_writes_it() -> None:
    column = {"name": "a", "kind": "number"}
    schema = {"columns": [column], "features": [{"column": "a"}]}
    assert [model_row(schema, {"a": cell}) for cell in (0, 1.5, "2")] == [[0.0], [1.5], [2.0]]
    assert math.isnan(model_row(schema, {"a": None})[0])


def test_a_text_label_of_two_classes_is_0_and_1(spark_job: GlueJob) -> None:
    spark_job.settings["trainings"] = [
        {"name": "west2", "objective": "binary:logistic", "classes": None}
    ]
    rows = "".join(f"{'yes' if row % 3 else 'no'},{row}\n" for row in range(60))
    outcome = spark_job.convert(f"label,a\n{rows}")
    assert outcome.lines == sorted(f"{int(row % 3 > 0)},{row}" for row in range(60))
    assert outcome.manifest["classes"] == 2


def test_a_label_that_no_objective_takes_is_not_published(spark_job: GlueJob) -> None:
    spark_job.settings["trainings"] = [
        {"name": "west2", "objective": "binary:logistic", "classes": None}
    ]
    rows = "".join(f"{PLANS[row % 3]},{row}\n" for row in range(60))
    with pytest.raises(InputError, match="it has 3 classes, and the objective takes two"):
        spark_job.convert(f"label,a\n{rows}")
    assert spark_job.traces() == []
