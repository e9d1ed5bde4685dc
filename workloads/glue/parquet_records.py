"""The records of Parquet, whose columns have types: a number is one without being a text first."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses
from pyspark.sql.types import (
    ArrayType,
    DataType,
    DoubleType,
    FloatType,
    MapType,
    NumericType,
    StringType,
    StructType,
    TimestampType,
)

from workloads.glue.dialect import Input
from workloads.glue.flattening import leaves
from workloads.glue.numbers import number_of
from workloads.glue.texts import as_read


def read(spark: SparkSession, folder: str) -> tuple[DataFrame, StructType]:
    """Every record of the files in `folder`, as `one`, and the columns that any of them has."""
    frame = spark.read.parquet(folder, mergeSchema=True)
    rows = frame.select(
        F.col("_metadata.file_name").alias("name"),
        (F.col("_metadata.row_index") + 1).alias("record"),
        F.struct(*(F.col(_quoted(name)) for name in frame.columns)).alias("one"),
        F.lit(None).cast("string").alias("text"),
    )
    return rows, frame.schema


def parse(rows: DataFrame, schema: StructType, given: Input) -> DataFrame:
    """The records with their cells; numbers are taken as they are, texts are read."""
    _, values = leaves(schema, F.col("one"))
    typed = list(zip(values, _types(schema), strict=True))
    numbers = F.expr(
        f"transform(cells, (cell, place) -> coalesce(typed[place], {number_of(given)}))"
    )
    has_texts = any(isinstance(kind, StringType) for _, kind in typed)
    return (
        rows.withColumn("cells", F.array(*(_text(*each) for each in typed)))
        .withColumn("typed", F.array(*(_number(*each) for each in typed)))
        .withColumn("numbers", numbers if has_texts else F.col("typed"))
    )


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def _types(schema: StructType) -> list[DataType]:
    """The types in the order of `leaves`."""
    found: list[DataType] = []
    for field in schema.fields:
        inner = field.dataType
        found += _types(inner) if isinstance(inner, StructType) else [inner]
    return found


def _filled(value: Column, kind: DataType) -> Column:
    """The value without NaN, which pandas writes where there is none."""
    return F.when(~F.isnan(value), value) if isinstance(kind, DoubleType | FloatType) else value


def _number(value: Column, kind: DataType) -> Column:
    if isinstance(kind, NumericType):
        return _filled(value, kind).cast("double")
    return F.lit(None).cast("double")


def _text(value: Column, kind: DataType) -> Column:
    """The cell as CSV would have it: a time in UTC, a list as JSON."""
    if isinstance(kind, TimestampType):
        utc = F.to_utc_timestamp(value, F.current_timezone())
        return F.date_format(utc, "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
    if isinstance(kind, ArrayType | MapType):
        return as_read(F.to_json(value))
    text = _filled(value, kind).cast("string")
    return text if isinstance(kind, NumericType) else as_read(text)
