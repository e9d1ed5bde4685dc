"""Late orders, with what is known of the customers: a row per order that was paid."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, datediff, lit, to_date

from workloads.glue.script import ScriptSource


def transform(spark: SparkSession, source: ScriptSource) -> DataFrame:
    orders = source.read(spark).where("status = 'paid'")
    customers = spark.read.csv(source.inputs["customers"], header=True)
    until = to_date(lit(source.arguments["until"]))
    ordered, since = to_date("ordered_at"), to_date("customer_since")
    return (
        orders.join(customers, "customer_id", "left")
        .where(ordered < until)
        .select(
            col("late").alias("label"),
            col("amount").cast("double"),
            datediff(ordered, since).alias("days_a_customer"),
            "country",
        )
    )
