"""A training script with everything beside it, as the archive that script mode unpacks.

Nothing here imports Pulumi.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

from components.ml_pipeline.script_mode import ARCHIVE
from components.pipeline.code_files import code_files, lasting_file
from components.pipeline.object_keys import TRAINING_CODE, hash_of

_FILE_MODE = 0o644


@dataclass(frozen=True, kw_only=True)
class TrainingCode:
    """The archive, and where it is in the bucket: under its hash, so that none is overwritten."""

    key: str
    archive: bytes

    def file(self) -> Path:
        """A file with the archive that is there until the program ends."""
        file = lasting_file(ARCHIVE)
        file.write_bytes(self.archive)
        return file


def training_code(folder: Path) -> TrainingCode:
    """Pack all files of `folder`: the same files are the same bytes, on any day and machine."""
    packed = _packed(folder)
    # Of what is packed: another zlib would compress it to other bytes.
    return TrainingCode(
        key=f"{TRAINING_CODE}{hash_of(packed)}/{ARCHIVE}", archive=gzip.compress(packed, mtime=0)
    )


def _packed(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in code_files(folder):
            content = path.read_bytes()
            # A new entry has no time, owner or mode of the file's own.
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size, entry.mode = len(content), _FILE_MODE
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
