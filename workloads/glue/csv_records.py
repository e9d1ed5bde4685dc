"""The records of CSV, read by Spark in the dialect that the topology gives."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses
from pyspark.sql.types import StringType, StructField, StructType

from workloads.glue.dialect import UTF_8, UTF_16, Input
from workloads.glue.numbers import numbers_of
from workloads.glue.texts import as_read, without_missing

MAXIMUM_CELLS = 200_000
"""Cells a row may have before Spark's parser fails on the whole file; its default is 20,480."""

ROW_ID = "monotonically_increasing_id() & 8589934591"
"""The number of a row in its partition: Spark has the partition's in the bits above (2**33 - 1)."""

HIGH = "".join(map(chr, range(0x80, 0x100)))
"""What isn't ASCII in Latin-1."""


def read(spark: SparkSession, folder: str, given: Input, width: int) -> DataFrame:
    """Every record of the files in `folder`, which should have `width` cells."""
    cells = [f"c{place}" for place in range(width)]
    fields = [StructField(cell, StringType()) for cell in cells]
    frame = spark.read.csv(
        folder,
        schema=StructType([*fields, StructField("text", StringType())]),
        columnNameOfCorruptRecord="text",
        mode="PERMISSIVE",
        header=False,
        multiLine=True,
        encoding="UTF-16" if given.encoding == UTF_16 else "ISO-8859-1",
        sep=given.delimiter,
        quote=given.quote,
        escape=given.quote,
        maxCharsPerColumn=-1,
        maxColumns=MAXIMUM_CELLS,
    )
    # Many-line CSV isn't split: a file is a partition, whose row ids are the records' numbers, the
    # same whenever this version is read. The header has the number 0.
    first = 1 if given.header else 0
    return frame.select(
        F.col("_metadata.file_name").alias("name"),
        (F.expr(ROW_ID) + first).alias("record"),
        F.array(*cells).alias("cells"),
        "text",
    ).where("record > 0 AND (text IS NULL OR btrim(text, ' \\t\\r\\n') <> '')")


def parse(rows: DataFrame, given: Input) -> DataFrame:
    """The rows with their numbers, and with texts as every format has them."""
    cells = _decoded(F.col("cells"), given)
    rows = rows.withColumn("cells", without_missing(cells, given))
    rows = rows.withColumn("text", _decoded(F.array("text"), given)[0])
    return rows.withColumn("numbers", F.expr(numbers_of(given)))


def _decoded(texts: Column, given: Input) -> Column:
    """The texts as UTF-8 read as Latin-1, from what Spark has read them as."""
    if given.encoding == UTF_8:
        return texts
    if given.encoding == UTF_16:
        return F.transform(texts, as_read)
    # Python has the table of every encoding; Spark 4 knows a few. A byte that has no meaning in
    # the encoding stays the character of its number.
    means = "".join(_meaning(byte, given.encoding) for byte in range(0x80, 0x100))
    return F.transform(texts, lambda text: as_read(F.translate(text, HIGH, means)))


def _meaning(byte: int, encoding: str) -> str:
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)
