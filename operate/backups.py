"""The backups of Airflow's metadata: which there are, and what is in one."""

from __future__ import annotations

import gzip
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from operate.connection import Connection
from operate.errors import UsageError
from operate.outputs import Backup

_PREFIX, _SUFFIX = "metadata/", ".json.gz"


class Variable(BaseModel):
    """A variable, with the value as Airflow's REST API shows it."""

    model_config = ConfigDict(frozen=True)

    key: str
    value: str | None
    description: str | None

    @property
    def is_masked(self) -> bool:
        """Whether Airflow hid the value, or a part of it: it does where a name sounds secret."""
        return self.value is None or "***" in self.value


class BackedUpRun(BaseModel):
    """A DAG run as it was when the backup was made."""

    model_config = ConfigDict(frozen=True)

    dag_id: str
    dag_run_id: str
    run_type: str
    state: str
    conf: dict[str, Any] | None
    note: str | None
    logical_date: datetime | None
    run_after: datetime
    data_interval_start: datetime | None
    data_interval_end: datetime | None
    start_date: datetime | None
    end_date: datetime | None


class Metadata(BaseModel):
    """What a backup holds; `dags` says of each DAG whether it was paused."""

    model_config = ConfigDict(frozen=True)

    taken_at: datetime
    environment: str
    dags: dict[str, bool]
    variables: list[Variable]
    dag_runs: list[BackedUpRun]


class Backups:
    """The bucket of a stack's backups. A backup's name is the moment at which it was made."""

    def __init__(self, connection: Connection) -> None:
        """Raise UsageError for a stack without backups."""
        self.where = _backup_of(connection)
        self._s3 = connection.in_account("s3", connection.stack.hub_account_id, self.where.region)

    def sizes(self) -> dict[str, int]:
        """Every backup's bytes by its name, the oldest first."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.where.bucket_name, Prefix=_PREFIX
        )
        return {
            row["Key"].removeprefix(_PREFIX).removesuffix(_SUFFIX): row["Size"]
            for page in pages
            for row in page.get("Contents", [])
        }

    def read(self, name: str) -> Metadata:
        """The backup of that name."""
        known = list(self.sizes())
        if name not in known:
            newest = ", ".join(known[-3:]) or "none yet"
            raise UsageError(f"no backup {name!r} in the bucket; the newest are: {newest}")
        key = f"{_PREFIX}{name}{_SUFFIX}"
        body = self._s3.get_object(Bucket=self.where.bucket_name, Key=key)["Body"].read()
        return Metadata.model_validate_json(gzip.decompress(body))


def _backup_of(connection: Connection) -> Backup:
    if connection.stack.backup is None:
        raise UsageError(
            "the stack makes no backups: set hub.backup in its topology, and deploy it"
        )
    return connection.stack.backup
