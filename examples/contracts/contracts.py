"""Customers with the terms of their contracts: two inputs joined, for `make local` as for AWS.

data_pipelines:
  east1:
    glue: {script: examples/contracts/contracts.py, inputs: {contracts: raw/contracts.csv}}
"""

from pyspark.sql import DataFrame, SparkSession

from workloads.glue.script import ScriptSource


def transform(spark: SparkSession, source: ScriptSource) -> DataFrame:
    """A row for each customer; terms that aren't known are missing."""
    customers = source.read(spark)
    contracts = spark.read.csv(source.inputs["contracts"], header=True)
    return customers.join(contracts, "contract_months", "left")
