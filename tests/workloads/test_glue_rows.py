"""What becomes of each kind of row; every row of every source is accounted for."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from tests.workloads.glue_job import GlueJob, Published, all_numbers, good_rows
from tests.workloads.row_examples import FIRST_ID, ROWS, UNUSABLE, USABLE, content
from tests.workloads.s3_stand_in import Pipeline

pytestmark = [pytest.mark.spark, pytest.mark.verification]

PINNED = all_numbers("label", "id", "a", "b")

BASE = good_rows(60, columns=3)
"""Enough good rows for both channels, none equal to a test's own."""


def convert(job: GlueJob, rows: str | bytes, header: str | bytes = b"label,a,b\n") -> Published:
    """The outcome of `BASE` and `rows`."""
    head, extra = (part.encode() if isinstance(part, str) else part for part in (header, rows))
    return job.convert(head + BASE.encode() + extra)


@pytest.fixture(scope="module")
def outcome(data_pipeline: Pipeline, spark: SparkSession) -> Published:
    """What becomes of that file."""
    return GlueJob(data_pipeline, spark, settings=PINNED).convert(content())


@pytest.mark.parametrize("kind", USABLE)
def test_a_row_is_used(outcome: Published, kind: str) -> None:
    number = list(USABLE).index(kind)
    assert USABLE[kind][1].replace("ID", str(FIRST_ID + number)) in outcome.lines


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_row_is_rejected_and_kept(outcome: Published, kind: str) -> None:
    index = len(USABLE) + list(UNUSABLE).index(kind)
    number = str(FIRST_ID + index)
    _, reason, kept = UNUSABLE[kind]
    whole: dict[str, object] = (
        {"text": kept.replace("ID", number)}
        if isinstance(kept, str)
        else {"cells": [number if cell == "ID" else cell for cell in kept]}
    )
    (found,) = (row for row in outcome.rejected if row["record"] == 61 + index)
    key = outcome.manifest["source"]["key"]
    place = {"file": key, "record": 61 + index}
    assert found == {**place, "reason": reason, "encoding": "UTF-8", **whole}


def test_every_kind_of_row_is_counted(outcome: Published) -> None:
    assert outcome.rows["input"] == 60 + len(ROWS)
    assert outcome.rows["rejected"] == len(outcome.rejected) == len(UNUSABLE)
    assert len(outcome.lines) == 60 + len(USABLE)


def test_rows_are_the_same_to_a_spark_that_raises_on_overflows(
    data_pipeline: Pipeline, spark: SparkSession, outcome: Published
) -> None:
    """Glue 6.0 has Spark 4, where the ANSI mode is on unless it is switched off."""
    spark.conf.set("spark.sql.ansi.enabled", "true")
    try:
        again = GlueJob(data_pipeline, spark, settings=PINNED).convert(content())
    finally:
        spark.conf.unset("spark.sql.ansi.enabled")
    assert (again.train, again.validation) == (outcome.train, outcome.validation)
    assert again.reasons == outcome.reasons


def test_names_may_hold_anything(spark_job: GlueJob) -> None:
    header = '" la`bel.é ","a,\n\'b\'",c.d\n'
    outcome = spark_job.convert(f"{header}{BASE}x,1,2\n", label="la`bel.é")
    assert outcome.reasons == ["la`bel.é: not a number"]
    assert outcome.manifest["columns"] == ["la`bel.é", "a,\n'b'", "c.d"]


def test_the_label_comes_first_and_the_rest_keeps_its_order(spark_job: GlueJob) -> None:
    rows = "".join(f"{row},{row + 0.5},{row % 2},{row * 2}\n" for row in range(50))
    outcome = spark_job.convert(f"c,a,target,b\n{rows}", label="target")
    assert outcome.manifest["columns"] == ["target", "c", "a", "b"]
    assert "1,7,7.5,14" in outcome.lines


def test_equal_rows_are_all_kept(spark_job: GlueJob) -> None:
    outcome = convert(spark_job, "1,5.1,3\n1,5.1,3\n1,5.10,3.0\n")
    assert outcome.rows["duplicates"] == 0
    assert outcome.lines.count("1,5.1,3") == 3


def test_the_same_numbers_are_duplicates_however_written(spark_job: GlueJob) -> None:
    spark_job.options["drop_duplicates"] = "true"
    outcome = convert(spark_job, "1,5.10,3\n1,5.1,3.0\n 1,51e-1,3\n1,5.1,\n1,5.1,\n")
    assert outcome.rows["duplicates"] == 3
    assert outcome.lines.count("1,5.1,3") == outcome.lines.count("1,5.1,") == 1


def test_numbers_that_32_bits_would_not_tell_apart_are_no_duplicates(spark_job: GlueJob) -> None:
    spark_job.options["drop_duplicates"] = "true"
    outcome = convert(spark_job, "1,16777216,0\n1,16777217,0\n")
    assert outcome.rows["duplicates"] == 0


def test_every_rejected_row_is_kept_even_if_it_occurs_twice(spark_job: GlueJob) -> None:
    spark_job.options["drop_duplicates"] = "true"
    outcome = convert(spark_job, "1,x,3\n1,x,3\n")
    assert sorted(row["record"] for row in outcome.rejected) == [61, 62]
    assert outcome.rows["duplicates"] == 0


def test_hundreds_of_columns_are_handled(spark_job: GlueJob) -> None:
    names = ",".join(f"f{index}" for index in range(600))
    rows = good_rows(40, columns=601)
    outcome = spark_job.convert(f"label,{names}\n{rows}")
    assert outcome.lines == sorted(rows.splitlines())


def test_just_as_many_rejected_rows_as_allowed_pass(spark_job: GlueJob) -> None:
    outcome = spark_job.convert("label,a\n" + good_rows(90) + "1,x\n" * 10, limit=0.1)
    assert outcome.rows["rejected"] == 10
