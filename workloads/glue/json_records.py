"""The records of JSON Lines: each line an object, whose objects become columns, too."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses
from pyspark.sql.types import ArrayType, DataType, StringType, StructField, StructType

from workloads.glue.csv_records import ROW_ID
from workloads.glue.dialect import Input
from workloads.glue.flattening import leaves
from workloads.glue.numbers import numbers_of
from workloads.glue.texts import as_read, is_broken, without_missing

NOT_A_NUMBER = '"NaN"'
"""How Spark writes the NaN that Python's `json` writes for no value; a string has no quotes."""


def find_schema(spark: SparkSession, folder: str) -> StructType:
    """The names that any line has, and which of them are objects."""
    # Of the whole input, not of a sample: a name that few lines have is a column.
    found = spark.read.json(folder, primitivesAsString=True, mode="DROPMALFORMED")
    return _of_strings(found.schema)


def read(spark: SparkSession, folder: str) -> DataFrame:
    """Every line of the files in `folder`, but for blank ones."""
    lines = spark.read.text(folder).select(
        F.col("_metadata.file_name").alias("name"),
        (F.expr(ROW_ID) + 1).alias("record"),
        F.col("value").alias("line"),
    )
    return lines.where("btrim(line, ' \\t\\r\\n') <> ''")


def parse(rows: DataFrame, schema: StructType, given: Input) -> DataFrame:
    """The lines as records; one that is no object, or no UTF-8, has its `text` and no cells."""
    _, values = leaves(schema, F.col("one"))
    cells = F.array(*(as_read(F.when(value != NOT_A_NUMBER, value)) for value in values))
    # In a list: Spark's parser would take the first value of a line and ignore the rest.
    items = F.from_json(F.concat(F.lit("["), "line", F.lit("]")), ArrayType(schema))
    return (
        # The bytes as they are: Spark hasn't checked that they are UTF-8.
        rows.withColumn("raw", F.decode(F.col("line").cast("binary"), "ISO-8859-1"))
        .withColumn("items", items)
        .withColumn("one", F.when(F.size("items") == 1, F.col("items")[0]))
        .withColumn("fits", F.col("one").isNotNull() & F.expr(f"NOT {is_broken('raw')}"))
        .withColumn("text", F.when(~F.col("fits"), F.col("raw")))
        .withColumn("cells", without_missing(cells.cast("array<string>"), given))
        .withColumn("numbers", F.expr(numbers_of(given)))
    )


def _of_strings(found: StructType) -> StructType:
    """The schema with objects as they are, and of everything else its text; lists are JSON."""

    def kind(inner: DataType) -> DataType:
        return _of_strings(inner) if isinstance(inner, StructType) else StringType()

    return StructType([StructField(each.name, kind(each.dataType)) for each in found.fields])
