"""plugins.zip, by which Amazon MWAA takes a team's plugins and the wheels of its requirements.

Nothing here imports Pulumi.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from components.hub.wheels import wheel_files
from components.pipeline.code_files import code_files, lasting_file
from components.topology.model import Environment

ARCHIVE = "plugins.zip"

_READABLE = 0o644 << 16
_UNIX = 3


def plugin_files(environment: Environment, root: Path) -> dict[str, Path]:
    """The files of the archive by their paths in it; its folders are under `root`.

    Wheels lie at the top, where `--find-links` looks for them.
    """
    files: dict[str, Path] = {}
    if environment.plugins is not None:
        folder = root / environment.plugins
        files = {path.relative_to(folder).as_posix(): path for path in code_files(folder)}
    if environment.wheels is not None:
        files |= {path.name: path for path in wheel_files(root / environment.wheels)}
    return files


def packed(files: Mapping[str, Path]) -> Path:
    """The archive of `files`: the same files are the same bytes, on any day and machine."""
    target = lasting_file(ARCHIVE)
    # Stored: another zlib would compress to other bytes, and so restart the environment's workers.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, path in sorted(files.items()):
            # A new entry has no time or mode of the file's own.
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as written:
                shutil.copyfileobj(source, written)
    return target
