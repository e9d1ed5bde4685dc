"""A migrated, empty Airflow database for each version, made once and copied from then on."""

from __future__ import annotations

import shutil
import subprocess
import threading
from typing import TYPE_CHECKING

from local.gateway import environment, mwaa_airflow
from local.gateway.settings import INSTALLED

if TYPE_CHECKING:
    from pathlib import Path

    from local.gateway.settings import Settings

_one_at_a_time = threading.Lock()

_LIMIT_SECONDS = 300


class MigrationError(Exception):
    """`airflow db migrate` failed."""


def _cached(version: str) -> Path:
    return INSTALLED / f"airflow-{version}" / "migrated.db"


def copy_to(path: Path, version: str, settings: Settings) -> None:
    """Put a migrated database at `path`."""
    with _one_at_a_time:
        cached = _cached(version)
        if not cached.exists():
            _migrate(cached, version, settings)
    shutil.copyfile(cached, path)


def _migrate(cached: Path, version: str, settings: Settings) -> None:
    home = settings.folder(f"airflow/migration-{version}")
    (home / "airflow.cfg").touch()
    variables = environment.of_child(f"airflow/migration-{version}", settings)
    done = subprocess.run(
        [mwaa_airflow.python(version), "-m", "airflow", "db", "migrate"],
        env=variables | mwaa_airflow.fixed(home, 0, version),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT_SECONDS,
        check=False,
    )
    if done.returncode:
        message = f"airflow db migrate failed: {done.stderr.strip()[-500:]}"
        raise MigrationError(message)
    # Two gateways may get here at once: each puts a whole file in place.
    temporary = cached.with_name(f"migrated-{settings.port}.new")
    shutil.copyfile(mwaa_airflow.database(home, version), temporary)
    temporary.replace(cached)
