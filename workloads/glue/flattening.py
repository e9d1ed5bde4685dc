"""Columns within columns, named by their path: `address.city`."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses
from pyspark.sql.types import StructType


def names_of(schema: StructType) -> list[str]:
    """The names of everything in the schema that has no columns of its own."""
    return leaves(schema, F.lit(None))[0]


def leaves(schema: StructType, parent: Column, path: str = "") -> tuple[list[str], list[Column]]:
    """The names and the values of everything in `parent` that has no columns of its own."""
    names: list[str] = []
    values: list[Column] = []
    for field in schema.fields:
        name, value = f"{path}{field.name}", parent.getField(field.name)
        if isinstance(field.dataType, StructType):
            inner = leaves(field.dataType, value, f"{name}.")
            names += inner[0]
            values += inner[1]
        else:
            names.append(name.strip())
            values.append(value)
    return names, values
