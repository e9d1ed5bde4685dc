"""An empty database for each version of Airflow, migrated once and then copied."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

from local.gateway import environment_variables
from local.gateway.mwaa import airflow
from local.gateway.settings import INSTALLED

if TYPE_CHECKING:
    from pathlib import Path

    from local.gateway.processes import Children
    from local.gateway.settings import Settings

_one_at_a_time = threading.Lock()

_LIMIT_SECONDS = 300


class MigrationError(Exception):
    """`airflow db migrate` failed."""


def _cached(version: str) -> Path:
    return INSTALLED / f"airflow-{version}" / "migrated.db"


def copy_to(path: Path, version: str, settings: Settings, children: Children) -> None:
    """Put a migrated database at `path`."""
    with _one_at_a_time:
        cached = _cached(version)
        if not cached.exists():
            _migrate(cached, version, settings, children)
    shutil.copyfile(cached, path)


def _migrate(cached: Path, version: str, settings: Settings, children: Children) -> None:
    name = f"airflow/migration-{version}"
    home = settings.folder(name)
    (home / "airflow.cfg").touch()
    log = home / "migration.log"
    status = children.run(
        name,
        [airflow.python(version), "-m", "airflow", "db", "migrate"],
        environment=environment_variables.of_child(name, settings)
        | airflow.forced(home, 0, version),
        folder=home,
        log=log,
        limit_seconds=_LIMIT_SECONDS,
    )
    if status:
        output = log.read_text(encoding="utf-8", errors="replace").strip()[-500:]
        message = f"airflow db migrate failed: {output}"
        raise MigrationError(message)
    # Two gateways may do this at the same time: each puts a complete file in place.
    temporary = cached.with_name(f"migrated-{settings.port}.new")
    shutil.copyfile(airflow.database(home, version), temporary)
    temporary.replace(cached)
