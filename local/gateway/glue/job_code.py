"""The code of a job run: its script, and the Python files that Glue puts on Python's path."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

from clients.s3_uri import bucket_and_key

if TYPE_CHECKING:
    from pathlib import Path

    from local.gateway.settings import Settings
    from local.gateway.sts.service_sessions import ServiceSession


def fetch(location: str, folder: Path, session: ServiceSession, settings: Settings) -> Path:
    """The S3 object at `location`, downloaded into `folder` as the job's role."""
    bucket, key = bucket_and_key(location)
    path = folder / key.rpartition("/")[2]
    session.client("s3", settings).download_file(bucket, key, str(path))
    return path


def python_files(arguments: dict[str, str]) -> list[str]:
    """The addresses in `--extra-py-files`."""
    return [location for location in arguments.get("--extra-py-files", "").split(",") if location]


def wheels(arguments: dict[str, str]) -> list[str]:
    """The addresses in `--additional-python-modules`."""
    given = arguments.get("--additional-python-modules", "")
    return [location for location in given.split(",") if location]


def unpacked(wheels: list[Path], folder: Path) -> list[Path]:
    """The folder with what the wheels install, as pip does without dependencies."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return [folder] if wheels else []


def python_path(files: list[Path]) -> dict[str, str]:
    """The variable by which Python finds `files`: archives, and modules by their folder."""
    found = [file.parent if file.suffix == ".py" else file for file in files]
    return {"PYTHONPATH": os.pathsep.join(map(str, found))} if found else {}
