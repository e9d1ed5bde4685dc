"""Stamps: what a folder was made from, written into it as the last act of making it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = ".made-from.json"


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What decides whether a folder can be used as it is."""

    inputs: str
    """SHA-256 over the files that say what belongs into it."""

    python: str
    """Version of the interpreter that it was made with; empty if none is inside."""

    folder: str
    """Where it was made: environments hold absolute paths, so a moved or copied one is stale."""


def digest(files: Iterable[Path]) -> str:
    """One SHA-256 over the contents of `files`, in their order."""
    total = hashlib.sha256()
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read(folder: Path) -> Stamp | None:
    """The folder's stamp, or None if it isn't finished."""
    try:
        return Stamp(**json.loads((folder / FILE_NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write(folder: Path, stamp: Stamp) -> None:
    """Declare `folder` finished, in one step."""
    draft = folder / f"{FILE_NAME}.new"
    draft.write_text(json.dumps(asdict(stamp), indent=2) + "\n")
    draft.replace(folder / FILE_NAME)


def remove(folder: Path) -> None:
    """Declare `folder` unfinished, before anything in it changes."""
    (folder / FILE_NAME).unlink(missing_ok=True)
