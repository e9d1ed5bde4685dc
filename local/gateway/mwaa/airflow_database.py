"""The metadata databases of environments: new ones, and those of another version of Airflow."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.gateway import environment_variables
from local.gateway.mwaa import airflow
from local.gateway.settings import INSTALLED

if TYPE_CHECKING:
    from local.gateway.processes import Children
    from local.gateway.settings import Settings

_one_at_a_time = threading.Lock()

_LIMIT_SECONDS = 300

_DB = ("-m", "airflow", "db")
_OLDER_ENCODING = Path(__file__).with_name("older_encoding.py")
_OTHER_ENCODING = [3, 2]
"""The first version that encodes otherwise what deferred tasks wait with."""


class MigrationError(Exception):
    """`airflow db migrate` or `airflow db downgrade` failed."""


@dataclass(frozen=True, kw_only=True)
class Database:
    """The metadata database of the environment in `home`."""

    home: Path
    fernet_key: str
    """What Airflow encrypts values in it with."""

    settings: Settings
    children: Children

    def prepare(self, version: str) -> Path:
        """The file, with the tables of that version of Airflow.

        The history of another version is migrated, up or down. If that fails, its file stays.
        """
        file = airflow.database(self.home, version)
        former = next(self.home.glob(airflow.database(self.home, "*").name), None)
        if former is None:
            copy_to(file, version, self.settings, self.children)
        elif former != file:
            self._migrate(former, file, version)
        return file

    def _migrate(self, former: Path, file: Path, version: str) -> None:
        """Migrate a copy, so that a failure leaves the former version what it had."""
        copy = file.with_suffix(".new")
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(former)) as source, closing(sqlite3.connect(copy)) as target:
            # With what is still in the journal of a process that was killed.
            source.backup(target)
        for command in _commands(former.stem.removeprefix("airflow-"), version, copy):
            _run(
                f"airflow/{self.home.name}/migration",
                command,
                airflow.forced(self.home, 0, copy, self.fernet_key),
                self.settings,
                self.children,
            )
        copy.replace(file)
        former.unlink()


def copy_to(path: Path, version: str, settings: Settings, children: Children) -> None:
    """Put an empty database at `path`, which is migrated once for each version and then copied."""
    cached = INSTALLED / f"airflow-{version}" / "migrated.db"
    with _one_at_a_time:
        if not cached.exists():
            _create(cached, version, settings, children)
    shutil.copyfile(cached, path)


def _create(cached: Path, version: str, settings: Settings, children: Children) -> None:
    name = f"airflow/migration-{version}"
    home = settings.folder(name)
    (home / "airflow.cfg").touch()
    made = airflow.database(home, version)
    _run(
        name,
        [airflow.python(version), *_DB, "migrate"],
        airflow.forced(home, 0, made, airflow.new_fernet_key()),
        settings,
        children,
    )
    # Two gateways may do this at the same time: each puts a complete file in place.
    temporary = cached.with_name(f"migrated-{settings.port}.new")
    shutil.copyfile(made, temporary)
    temporary.replace(cached)


def _commands(former: str, version: str, file: Path) -> list[list[str | Path]]:
    """What migrates `file`; only the newer version knows the tables of both."""
    if _numbers(version) > _numbers(former):
        return [[airflow.python(version), *_DB, "migrate"]]
    down: list[str | Path] = [airflow.python(former), *_DB, "downgrade"]
    commands = [[*down, "--to-version", version, "--yes"]]
    if _numbers(version) < _OTHER_ENCODING <= _numbers(former):
        commands.insert(0, [airflow.python(former), "-P", _OLDER_ENCODING, file])
    return commands


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def _run(
    name: str,
    command: list[str | Path],
    variables: dict[str, str],
    settings: Settings,
    children: Children,
) -> None:
    """Run a step of a migration; raises MigrationError with the end of its output."""
    home = Path(variables["AIRFLOW_HOME"])
    log = home / "migration.log"
    status = children.run(
        name,
        command,
        environment=environment_variables.of_child(name, settings) | variables,
        folder=home,
        log=log,
        limit_seconds=_LIMIT_SECONDS,
    )
    if status:
        output = log.read_text(encoding="utf-8", errors="replace").strip()[-500:]
        message = f"{' '.join(map(str, command[2:5]))} failed: {output}"
        raise MigrationError(message)
