"""The code of a job run: its script, and the Python files that Glue puts on Python's path."""

from __future__ import annotations

import os
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


def python_path(files: list[Path]) -> dict[str, str]:
    """The variable by which Python finds `files`: archives, and modules by their folder."""
    found = [file.parent if file.suffix == ".py" else file for file in files]
    return {"PYTHONPATH": os.pathsep.join(map(str, found))} if found else {}
