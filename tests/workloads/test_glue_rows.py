"""What becomes of each kind of row; every row of every source is accounted for."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from tests.workloads.glue_job import GlueJob, Published, good_rows
from tests.workloads.loading import glue_script
from tests.workloads.stand_in import Pipeline

pytestmark = pytest.mark.spark

BASE = good_rows(60, columns=3)
"""Enough good rows for both channels, none equal to a test's own."""


def convert(job: GlueJob, rows: str | bytes, header: str | bytes = b"label,a,b\n") -> Published:
    """The outcome of `BASE` and `rows`."""
    head, extra = (part.encode() if isinstance(part, str) else part for part in (header, rows))
    return job.convert(head + BASE.encode() + extra)


# Each kind of row stands in one file with all the others; ID tells it from them.
USABLE = {
    "plain": ("1,ID,5.1,3.5\n", "1,ID,5.1,3.5"),
    "white space around numbers": ("1 ,\tID,5.1,  3.5 \n", "1,ID,5.1,3.5"),
    "quoted cells": ('"1","ID","5.1"," 3.5 "\n', "1,ID,5.1,3.5"),
    "a line break within a quoted number": ('1,ID,5.1,"3.5\n"\n', "1,ID,5.1,3.5"),
    "a line end of another kind": ("1,ID,5.1,3.5\r\n", "1,ID,5.1,3.5"),
    "a missing feature": ("1,ID,,3.5\n", "1,ID,,3.5"),
    "a missing last feature": ("1,ID,5.1,\n", "1,ID,5.1,"),
    "a feature that is a quoted nothing": ('1,ID,"",3.5\n', "1,ID,,3.5"),
    "a feature that is white space": ("1,ID,  ,3.5\n", "1,ID,,3.5"),
    "whole numbers with a point": ("1.0,ID,5.0,-3.\n", "1,ID,5,-3"),
    "signs and leading zeros": ("+1,ID,-0,007\n", "1,ID,0,7"),
    "exponents": ("1e0,ID,5.1E3,1e-5\n", "1,ID,5100,1.0E-5"),
    "large numbers": ("1,ID,12345678901234567890,3.3e38\n", "1,ID,1.2345678901234567E19,3.3E38"),
    "numbers too small for 32 bits": ("1,ID,1e-39,-4.9e-324\n", "1,ID,0,0"),
    "many digits": (f"1,ID,0.{'3' * 400},{'0' * 400}5\n", "1,ID,0.3333333333333333,5"),
}

A = "a: not a number"
UNUSABLE: dict[str, tuple[str, str, str | list[str | None]]] = {
    "text": ("1,ID,high,3\n", A, ["1", "ID", "high", "3"]),
    "thousands separators": ('1,ID,"1,204.5",3\n', A, ["1", "ID", "1,204.5", "3"]),
    "a decimal comma": ('1,ID," 1 204,5 ",3\n', A, ["1", "ID", " 1 204,5 ", "3"]),
    "NaN": ("1,ID,NaN,3\n", A, ["1", "ID", "NaN", "3"]),
    "inf": ("1,ID,inf,3\n", A, ["1", "ID", "inf", "3"]),
    "-Infinity": ("1,ID,-Infinity,3\n", A, ["1", "ID", "-Infinity", "3"]),
    "what is a number to Java": ("1,ID,5d,3\n", A, ["1", "ID", "5d", "3"]),
    "a hexadecimal number": ("1,ID,0x1p3,3\n", A, ["1", "ID", "0x1p3", "3"]),
    "only the characters of numbers": ("1,ID,1-2e,3\n", A, ["1", "ID", "1-2e", "3"]),
    "out of 64 bits": (
        "1,ID,1e400,3\n",
        "a: too large for a 32-bit number",
        ["1", "ID", "1e400", "3"],
    ),
    "out of 32 bits": (
        "1,ID,5,-1e39\n",
        "b: too large for a 32-bit number",
        ["1", "ID", "5", "-1e39"],
    ),
    "no label": (",ID,5.1,3\n", "label: missing", [None, "ID", "5.1", "3"]),
    "a label of white space": ('" ",ID,5,3\n', "label: missing", [" ", "ID", "5", "3"]),
    "a label that is text": ("yes,ID,5,3\n", "label: not a number", ["yes", "ID", "5", "3"]),
    "two faults": (",ID,x,3\n", "label: missing", [None, "ID", "x", "3"]),
    "quotes in quotes": ('1,ID,"a ""low""",3\n', A, ["1", "ID", 'a "low"', "3"]),
    "a stray quote": ('1,ID,5"1,3\n', A, ["1", "ID", '5"1', "3"]),
    "a quoted line break": ('1,ID,"a\r\nb",3\n', A, ["1", "ID", "a\r\nb", "3"]),
    "UTF-8 text": ("1,ID,größer,3\n", A, ["1", "ID", "größer", "3"]),
    "a backslash": ("1,ID,\\,3\n", A, ["1", "ID", "\\", "3"]),
    "a zero byte": ("1,ID,5\0,3\n", A, ["1", "ID", "5\0", "3"]),
    "a comment": ("#1,ID,5,3\n", "label: not a number", ["#1", "ID", "5", "3"]),
    "a huge cell": (f"1,ID,{'x' * 3_000_000},3\n", A, ["1", "ID", "x" * 3_000_000, "3"]),
    "a huge number": (
        f"1,ID,{'9' * 300_000},3\n",
        "a: too large for a 32-bit number",
        ["1", "ID", "9" * 300_000, "3"],
    ),
    "too few cells": ("1,ID\n", "not 4 cells", "1,ID"),
    "one cell": ("ID\n", "not 4 cells", "ID"),
    "too many cells": ("1,ID,5,3,0\n", "not 4 cells", "1,ID,5,3,0"),
    "a closing comma": ("1,ID,5,3,\n", "not 4 cells", "1,ID,5,3,"),
    "many too many cells": (f"1,ID{',' * 30_000}\n", "not 4 cells", f"1,ID{',' * 30_000}"),
    "too few cells, quoted": ('1,ID,"5,3"\n', "not 4 cells", '1,ID,"5,3"'),
}

FIRST_ID = 10_000
ROWS = [*(row for row, _ in USABLE.values()), *(row for row, *_ in UNUSABLE.values())]


def content() -> str:
    """One file with every kind of row."""
    rows = (row.replace("ID", str(number)) for number, row in enumerate(ROWS, FIRST_ID))
    return f"label,id,a,b\n{good_rows(60, columns=4)}{''.join(rows)}"


@pytest.fixture(scope="module")
def outcome(data_pipeline: Pipeline, spark: SparkSession) -> Published:
    """What becomes of that file."""
    return GlueJob(data_pipeline, spark).convert(content())


@pytest.mark.parametrize("kind", USABLE)
def test_a_row_is_used(outcome: Published, kind: str) -> None:
    number = list(USABLE).index(kind)
    assert USABLE[kind][1].replace("ID", str(FIRST_ID + number)) in outcome.lines


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_row_is_rejected_and_kept(outcome: Published, kind: str) -> None:
    place = len(USABLE) + list(UNUSABLE).index(kind)
    number = str(FIRST_ID + place)
    _, reason, kept = UNUSABLE[kind]
    whole: dict[str, object] = (
        {"text": kept.replace("ID", number)}
        if isinstance(kept, str)
        else {"cells": [number if cell == "ID" else cell for cell in kept]}
    )
    (found,) = (row for row in outcome.rejected if row["record"] == 61 + place)
    assert found == {"record": 61 + place, "reason": reason, "encoding": "UTF-8", **whole}


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
        again = GlueJob(data_pipeline, spark).convert(content())
    finally:
        spark.conf.unset("spark.sql.ansi.enabled")
    assert (again.train, again.validation) == (outcome.train, outcome.validation)
    assert again.rejected == outcome.rejected


ENDS = {
    "a good row": (b"1,5.1,3.5", None),
    "too few cells": (b"1,5.1", "1,5.1"),
    "one cell": (b"1", "1"),
    "too many cells": (b"1,2,3,4", "1,2,3,4"),
}


@pytest.mark.parametrize(("row", "text"), ENDS.values(), ids=list(ENDS))
def test_the_last_row_needs_no_line_end(spark_job: GlueJob, row: bytes, text: str | None) -> None:
    outcome = convert(spark_job, row)
    assert outcome.rows["input"] == 61
    assert [rejected["text"] for rejected in outcome.rejected] == ([text] if text else [])


def test_lines_may_end_in_carriage_returns(spark_job: GlueJob) -> None:
    outcome = spark_job.convert(f"label,a,b\n{BASE}1,x,3\n".replace("\n", "\r\n"))
    assert outcome.lines == sorted(BASE.splitlines())
    assert outcome.rejected[0]["cells"] == ["1", "x", "3"]


@pytest.mark.parametrize("row", [b"1,\xe9t\xe9 \xc3\xa9,3", b"1,\xe9t\xe9"])
def test_bytes_that_are_not_utf_8_can_be_had_back(spark_job: GlueJob, row: bytes) -> None:
    outcome = convert(spark_job, row + b"\n")
    (rejected,) = outcome.rejected
    kept = rejected["text"] if "text" in rejected else ",".join(rejected["cells"])
    assert kept.encode(rejected["encoding"]) == row
    assert len(outcome.lines) == 60


def test_a_byte_order_mark_is_not_part_of_the_first_name(spark_job: GlueJob) -> None:
    outcome = convert(spark_job, "", header=b"\xef\xbb\xbflabel,a,b\n")
    assert outcome.manifest["columns"] == ["label", "a", "b"]
    assert len(outcome.lines) == 60


def test_blank_lines_are_no_rows(spark_job: GlueJob) -> None:
    outcome = convert(spark_job, "\n\r\n   \n\n1,5.1,3.5\n\n", header="\n\nlabel,a,b\n")
    assert outcome.rows["input"] == len(outcome.lines) == 61


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


def test_the_same_numbers_are_duplicates_however_written(spark_job: GlueJob) -> None:
    outcome = convert(spark_job, "1,5.10,3\n1,5.1,3.0\n 1,51e-1,3\n1,5.1,\n1,5.1,\n")
    assert outcome.rows["duplicates"] == 3
    assert outcome.lines.count("1,5.1,3") == outcome.lines.count("1,5.1,") == 1


def test_numbers_that_32_bits_would_not_tell_apart_are_no_duplicates(spark_job: GlueJob) -> None:
    outcome = convert(spark_job, "1,16777216,0\n1,16777217,0\n")
    assert outcome.rows["duplicates"] == 0


def test_every_rejected_row_is_kept_even_if_it_occurs_twice(spark_job: GlueJob) -> None:
    outcome = convert(spark_job, "1,x,3\n1,x,3\n")
    assert [row["record"] for row in outcome.rejected] == [61, 62]
    assert outcome.rows["duplicates"] == 0


def test_hundreds_of_columns_are_handled(spark_job: GlueJob) -> None:
    names = ",".join(f"f{place}" for place in range(600))
    rows = good_rows(40, columns=601)
    outcome = spark_job.convert(f"label,{names}\n{rows}")
    assert outcome.lines == sorted(rows.splitlines())


REFUSED = {
    "a header only": ("label,a\n", "has a header but no rows"),
    "a header without a line end": ("label,a", "has a header but no rows"),
    "no usable row": (
        "label,a\n,1\n,2\nx,1\n",
        r"None of the 3 rows .*: label: missing \(2\), label: not a number \(1\)\.",
    ),
    "too few rows for two channels": ("label,a\n1,2\n", "1 different usable rows .* too few"),
    "nothing but duplicates": ("label,a\n" + "1,2\n" * 50, "1 different usable rows .* too few"),
    "more cells than Spark's parser takes": (
        "label,a\n" + good_rows(60) + "," * 300_000 + "\n",
        "Spark failed on s3://.*200000",
    ),
    "a last column without a value": (
        "label,a,b\n" + "".join(f"1,{row},\n" for row in range(50)),
        "The last column of .*, 'b', is empty",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=list(REFUSED))
def test_data_that_are_not_fit_to_train_on_are_refused(
    spark_job: GlueJob, content: str, sentence: str
) -> None:
    with pytest.raises(glue_script.JobError, match=sentence):
        spark_job.convert(content)
    assert spark_job.traces() == []


def test_too_many_rejected_rows_are_refused_with_their_reasons(spark_job: GlueJob) -> None:
    content = "label,a\n" + good_rows(90) + ",1\n" * 7 + "1,x\n" * 4
    sentence = (
        r"11 of the 101 rows .*, 10\.89% of its lines, and max_rejected_fraction allows "
        r"10\.00%: label: missing \(7\), a: not a number \(4\)\.$"
    )
    with pytest.raises(glue_script.JobError, match=sentence):
        spark_job.convert(content, limit=0.1)
    assert spark_job.traces() == []


def test_just_as_many_rejected_rows_as_allowed_pass(spark_job: GlueJob) -> None:
    outcome = spark_job.convert("label,a\n" + good_rows(90) + "1,x\n" * 10, limit=0.1)
    assert outcome.rows["rejected"] == 10


def test_a_quote_that_is_never_closed_does_not_pass_for_one_bad_row(spark_job: GlueJob) -> None:
    content = "label,a\n" + good_rows(60) + '1,"5\n' + good_rows(200)
    with pytest.raises(glue_script.JobError, match="max_rejected_fraction"):
        spark_job.convert(content, limit=0.1)
