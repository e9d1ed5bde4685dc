"""Writes what deferred tasks wait with as Airflow before 3.2 reads it, before a migration down.

Airflow 3.2 encodes it in another way, and an older scheduler or triggerer ends with an error where
it finds that. Amazon MWAA's image does the same (aws/amazon-mwaa-docker-images, pull request 530).
The newer Airflow's interpreter runs this file.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from importlib import import_module
from typing import Any

_OLDER = "__var"
"""The key in which the older encoding holds a dictionary."""


def main(database: str) -> None:
    """Change the file in place."""
    deserialize = import_module("airflow.sdk.serde").deserialize
    trigger = import_module("airflow.models.trigger").Trigger
    fernet = import_module("airflow.models.crypto").get_fernet()
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("task_instance", "task_instance_history"):
            for row, text in _values(connection, table, "next_kwargs"):
                value = json.loads(text)
                if isinstance(value, dict) and _OLDER not in value:
                    _write(connection, table, "next_kwargs", row, _older(deserialize(value)))
        for row, text in _values(connection, "trigger", "kwargs"):
            encoded = _older(trigger._decrypt_kwargs(text))  # noqa: SLF001 (it reads both)
            encrypted = fernet.encrypt(encoded.encode()).decode()
            _write(connection, "trigger", "kwargs", row, encrypted)


def _values(connection: sqlite3.Connection, table: str, column: str) -> list[tuple[int, str]]:
    query = f"select rowid, {column} from {table} where {column} is not null"  # noqa: S608 (ours)
    return connection.execute(query).fetchall()


def _write(connection: sqlite3.Connection, table: str, column: str, row: int, value: str) -> None:
    query = f"update {table} set {column} = ? where rowid = ?"  # noqa: S608 (ours)
    connection.execute(query, (value, row))


def _older(value: Any) -> str:
    serialized_objects = import_module("airflow.serialization.serialized_objects")
    return json.dumps(serialized_objects.BaseSerialization.serialize(value))


if __name__ == "__main__":
    main(sys.argv[1])
