"""plugins.zip, unpacked where Airflow looks for plugins and where DAGs import from."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING, Any

from local.gateway.mwaa import dag_folder

if TYPE_CHECKING:
    from pathlib import Path


class PluginsError(Exception):
    """The object isn't an archive that can be unpacked."""


def unpack(s3: Any, bucket: str, key: str, version: str | None, folder: Path) -> None:
    """Replace `folder` by the content of an archive; its wheels lie there, not installed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    archive = folder.with_name("plugins.zip")
    dag_folder.fetch(s3, bucket, key, version, archive)
    try:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
    except (OSError, zipfile.BadZipFile) as error:
        message = f"{key} can't be unpacked: {error}"
        raise PluginsError(message) from error
