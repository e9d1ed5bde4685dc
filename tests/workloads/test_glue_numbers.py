"""Numbers as they are written: XGBoost reads each as it was meant, and finds the comma."""

from __future__ import annotations

import csv
import struct

import pytest
import xgboost
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from workloads.glue.dialect import Input
from workloads.glue.numbers import LINE, number_of, numbers_of
from workloads.glue.record import SMALLEST_NUMBER

pytestmark = [pytest.mark.spark, pytest.mark.verification]

READABLE = st.one_of(
    st.floats(-3.4e38, 3.4e38),
    st.floats(-1e6, 1e6),
    st.floats(-1e-30, 1e-30),
    st.integers(-(10**18), 10**18).map(float),
    st.integers(-1000, 1000).map(float),
    st.sampled_from([0.0, -0.0, 1e15, 1e15 - 1, -1e15, 2.0**53 + 2, 3.4e38, 1.2e-38, 1.19e-38]),
)
CELLS = st.one_of(st.none(), READABLE)
Row = tuple[float, float | None, float | None, float]


def write(spark: SparkSession, rows: list[Row]) -> list[str]:
    """The lines that the job writes for `rows`."""
    frame = spark.createDataFrame(list(enumerate(rows)), "index int, numbers array<double>")
    lines = frame.orderBy("index").select(F.expr(LINE).alias("line")).collect()
    return [row["line"] for row in lines]


def meant(value: float) -> float:
    """The number that `value` stands for: what 32 bits can't hold, being too small, is nothing."""
    return value if abs(value) >= SMALLEST_NUMBER else 0.0


def in_32_bits(value: float) -> float:
    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded


# No shrinking: each try is a Spark job, and the values that fail are in sight as they are.
@settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(rows=st.lists(st.tuples(READABLE, CELLS, CELLS, READABLE), min_size=20, max_size=60))
def test_every_number_is_read_as_it_was_meant(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    lines = write(spark, rows)
    for row, line in zip(rows, lines, strict=True):
        assert csv.Sniffer().sniff(f"{line}\n").delimiter == ","
        cells = [float(cell) if cell else None for cell in line.split(",")]
        assert cells == [None if number is None else meant(number) for number in row]
    folder = tmp_path_factory.mktemp("channel")
    (folder / "part-00000.csv").write_text("".join(f"{line}\n" for line in lines))
    matrix = xgboost.DMatrix(f"{folder}?format=csv&label_column=0&delimiter=,")
    values = matrix.get_data()
    for index, (label, *features) in enumerate(rows):
        # XGBoost's own reader is off by some units in the last digit.
        assert matrix.get_label()[index] == pytest.approx(in_32_bits(meant(label)), rel=3e-7)
        held = dict(zip(values[index].indices, values[index].data, strict=True))
        expected = {i: in_32_bits(meant(x)) for i, x in enumerate(features) if x is not None}
        assert held == pytest.approx(expected, rel=3e-7)


@pytest.mark.parametrize("rest", [[], ["2"], ["DFNX"]], ids=["alone", "a number", "a text"])
def test_the_other_cells_of_a_row_decide_nothing(spark: SparkSession, rest: list[str]) -> None:
    """A row is converted as a whole, or cell by cell."""
    numbers = ["1", " 1.5\t", "\r-1e-3\n", "+.5", "5.", "1E400", "0" * 400 + "1"]
    texts = ["", " ", "1 2", "--1", "e5", "1,5", "nan", "-Inf", "Infinity", "5d", "5F ", "0x1p3"]
    blanks = [f"5{chr(place)}" for place in (*range(33), 0x7F, 0x85, 0xA0, 0xFF)]
    cells = [None, *numbers, *texts, *blanks]
    frame = spark.createDataFrame([([cell, *rest],) for cell in cells], "cells array<string>")
    one_by_one = f"transform(cells, cell -> {number_of(Input())})"
    read = frame.selectExpr(f"{numbers_of(Input())} AS all", f"{one_by_one} AS each").collect()
    assert [row["all"] for row in read] == [row["each"] for row in read]
    assert all(row["all"][0] is not None for row in read[1 : 1 + len(numbers)])
