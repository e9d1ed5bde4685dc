"""The manifest that the Glue job writes last: what a run's training data consists of.

Pure: nothing here reads a bucket. Sizes are in bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cross_account.failure import PipelineError
from cross_account.run import manifest_key, run_folder
from cross_account.wording import some

VERSION = 1

CHANNELS = ("train", "validation")
"""The folders of a run, which are the training job's input channels too."""

ROW_COUNTS = ("input", "train", "validation", "rejected", "duplicates")


class ManifestError(PipelineError):
    """A manifest, or the files that it lists, aren't what the Glue job's contract says."""


@dataclass(frozen=True, kw_only=True)
class ObjectVersion:
    """One version of an object; a bucket that keeps none gives no `version_id`."""

    etag: str
    version_id: str | None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A checked manifest; `source` is the version of the raw file that the run was made from.

    `channels` maps each channel to its folder, `files` every file's key to its size, and `rows`
    each of `ROW_COUNTS` to a number of rows.
    """

    run: str
    attempt: str
    source: ObjectVersion
    rows: Mapping[str, int]
    channels: Mapping[str, str]
    files: Mapping[str, int]


def read_manifest(run: str, content: object) -> Manifest:
    """Check the parsed manifest of `run`; raises `ManifestError` on the first wrong thing."""
    top = _object(run, "the whole file", content)
    _equal(run, "version", top.get("version"), VERSION)
    _equal(run, "run", top.get("run"), run)
    attempt = top.get("attempt")
    if not isinstance(attempt, str) or not attempt or "/" in attempt:
        raise _wrong(run, "attempt", attempt, "a folder's name")
    channels = {name: f"{run_folder(run)}{attempt}/{name}/" for name in CHANNELS}
    _equal(run, "channels", top.get("channels"), channels)
    return Manifest(
        run=run,
        attempt=attempt,
        source=_source(run, top.get("source")),
        rows=_rows(run, top.get("rows")),
        channels=channels,
        files=_files(run, channels, top.get("files")),
    )


def _source(run: str, value: object) -> ObjectVersion:
    given = _object(run, "source", value)
    etag, version_id = given.get("etag"), given.get("version_id")
    if not isinstance(etag, str):
        raise _wrong(run, "source.etag", etag, "a text")
    if not isinstance(version_id, str | None):
        raise _wrong(run, "source.version_id", version_id, "a text or null")
    return ObjectVersion(etag=etag, version_id=version_id)


def _rows(run: str, value: object) -> Mapping[str, int]:
    given = _object(run, "rows", value)
    rows = {name: _number(run, f"rows.{name}", given.get(name)) for name in ROW_COUNTS}
    accounted = sum(rows.values()) - rows["input"]
    if accounted != rows["input"]:
        raise ManifestError(
            f"{manifest_key(run)}: {rows['input']} rows came in, but train, validation, rejected "
            f"and duplicates are {accounted} together: rows were lost or counted twice."
        )
    return rows


def _files(run: str, channels: Mapping[str, str], value: object) -> Mapping[str, int]:
    if not isinstance(value, list):
        raise _wrong(run, "files", value, "a list")
    files: dict[str, int] = {}
    for index, item in enumerate(value):
        where = f"files[{index}]"
        entry = _object(run, where, item)
        key = entry.get("key")
        if not isinstance(key, str) or channel_of(channels, key) is None:
            raise _wrong(run, f"{where}.key", key, "a file in a channel's folder")
        if key in files:
            raise _wrong(run, f"{where}.key", key, "listed once")
        files[key] = _number(run, f"{where}.size", entry.get("size"))
    for name in channels:
        if not any(channel_of(channels, key) == name for key in files):
            raise _wrong(run, "files", [], f"at least one file in {name}, or no model can learn")
    return files


def channel_of(channels: Mapping[str, str], key: str) -> str | None:
    """The channel in whose folder `key` stands directly, if in any."""
    for name, folder in channels.items():
        if key.startswith(folder) and key != folder and "/" not in key[len(folder) :]:
            return name
    return None


def check_files(manifest: Manifest, found: Mapping[str, int]) -> None:
    """Compare what a bucket holds (`found`: key to size) with what the manifest lists.

    Training reads a channel's folder whole, so a file that isn't listed is as wrong as a missing
    one. Raises `ManifestError` naming the keys.
    """
    folders = tuple(manifest.channels.values())
    problems = {
        "missing": [key for key in manifest.files if key not in found],
        "of another size": [
            f"{key} ({found[key]} bytes, not {size})"
            for key, size in manifest.files.items()
            if found.get(key, size) != size
        ],
        "not in the manifest": [
            key for key in found if key.startswith(folders) and key not in manifest.files
        ],
    }
    wrong = "; ".join(f"{what}: {some(keys)}" for what, keys in problems.items() if keys)
    if wrong:
        raise ManifestError(
            f"The files of run {manifest.run} aren't those of {manifest_key(manifest.run)}: "
            f"{wrong}. Start a new run of the data-processing DAG."
        )


def _object(run: str, where: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(run, where, value, "an object")
    return value


def _number(run: str, where: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _wrong(run, where, value, "a whole number from 0")
    return value


def _equal(run: str, where: str, value: object, expected: object) -> None:
    if value != expected:
        raise _wrong(run, where, value, repr(expected))


def _wrong(run: str, where: str, value: object, expected: str) -> ManifestError:
    return ManifestError(f"{manifest_key(run)}: {where} is {value!r}, but must be {expected}.")
