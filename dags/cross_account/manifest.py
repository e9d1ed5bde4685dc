"""The manifest that the Glue job writes last: what a run's training data consists of.

Nothing here reads a bucket. Sizes are in bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from cross_account.failure import PipelineError
from cross_account.run import manifest_key, run_prefix
from cross_account.wording import problems, some

CHANNELS = ("train", "validation")
"""The prefixes of a run, which are the training job's input channels too."""


class ManifestError(PipelineError):
    """A manifest, or the files that it lists, aren't what the Glue job's contract says."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class ObjectVersion(_Model):
    """One version of an object; S3 gives no `version_id` in a bucket without versioning.

    The source of a run that read a prefix has neither: its objects are named beside it.
    """

    etag: str | None = None
    version_id: str | None = None


class Rows(_Model):
    """How many rows came in, and what became of them."""

    input: NonNegativeInt
    train: NonNegativeInt
    validation: NonNegativeInt
    rejected: NonNegativeInt
    duplicates: NonNegativeInt

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        accounted = self.train + self.validation + self.rejected + self.duplicates
        if accounted != self.input:
            raise PydanticCustomError(
                "rows_lost",
                "{input} rows came in, but train, validation, rejected and duplicates are "
                "{accounted} together",
                {"input": self.input, "accounted": accounted},
            )
        return self


class DataFile(_Model):
    """A file of the run's training data."""

    key: str
    size: NonNegativeInt


class Manifest(_Model):
    """A checked manifest; `source` is the version of the raw file that the run was made from.

    `channels` maps each channel to its prefix.
    """

    version: Literal[1]
    run: str
    attempt: Annotated[str, StringConstraints(pattern="^[^/]+$")]
    source: ObjectVersion
    rows: Rows
    channels: dict[str, str]
    files: list[DataFile]
    schema_file: DataFile | None = Field(default=None, alias="schema")
    """What the columns are; runs of earlier versions of the job have none."""

    classes: PositiveInt | None = None
    """The number of the label's classes, if it has any."""

    @property
    def folder(self) -> str:
        """The prefix of the attempt's files."""
        return f"{run_prefix(self.run)}{self.attempt}/"

    @property
    def sizes(self) -> dict[str, int]:
        """The size of every file by its key, the schema's too."""
        described = [self.schema_file] if self.schema_file else []
        return {file.key: file.size for file in [*self.files, *described]}

    @model_validator(mode="after")
    def _has_the_schema_of_its_attempt(self) -> Self:
        expected = f"{run_prefix(self.run)}{self.attempt}/schema.json"
        if self.schema_file and self.schema_file.key != expected:
            raise PydanticCustomError(
                "other_schema",
                "schema: expected {expected}, got {found}",
                {"expected": expected, "found": self.schema_file.key},
            )
        return self

    @model_validator(mode="after")
    def _is_of_the_run(self, info: ValidationInfo) -> Self:
        run = str(info.context)
        channels = {name: f"{run_prefix(run)}{self.attempt}/{name}/" for name in CHANNELS}
        if (self.run, self.channels) != (run, channels):
            raise PydanticCustomError(
                "other_run",
                "expected the run {run} with the channels {channels}, got {found}",
                {
                    "run": run,
                    "channels": str(channels),
                    "found": f"{self.run} with {self.channels}",
                },
            )
        return self

    @model_validator(mode="after")
    def _lists_each_file_once(self) -> Self:
        keys = Counter(file.key for file in self.files)
        if twice := [key for key, count in keys.items() if count > 1]:
            raise PydanticCustomError(
                "file_twice",
                "files: expected each key once, got {keys} more than once",
                {"keys": some(twice)},
            )
        return self

    @model_validator(mode="after")
    def _fills_its_channels(self) -> Self:
        found = {file.key: channel_of(self.channels, file.key) for file in self.files}
        if stray := [key for key, channel in found.items() if channel is None]:
            raise PydanticCustomError(
                "file_in_no_channel",
                "files: expected keys directly below a channel's prefix, got {keys}",
                {"keys": some(stray)},
            )
        if empty := [name for name in self.channels if name not in found.values()]:
            raise PydanticCustomError(
                "empty_channel",
                "files: expected at least one in each channel, got none in {names}",
                {"names": some(empty)},
            )
        return self


def read_manifest(run: str, content: object) -> Manifest:
    """Check the parsed manifest of `run`; raises `ManifestError`, which names what is wrong."""
    try:
        return Manifest.model_validate(content, context=run)
    except ValidationError as error:
        raise ManifestError(f"{manifest_key(run)}: {problems(error)}.") from error


def channel_of(channels: Mapping[str, str], key: str) -> str | None:
    """The channel whose prefix `key` is directly below, if there is one."""
    for name, prefix in channels.items():
        if key.startswith(prefix) and key != prefix and "/" not in key[len(prefix) :]:
            return name
    return None


def check_source(manifest: Manifest, version_id: str) -> None:
    """Raise `ManifestError` if the run was made from another version than `version_id`.

    Two DAG runs that begin in the same microsecond have one name, and the first one's data.
    """
    if manifest.source.version_id != version_id:
        raise ManifestError(
            f"{manifest_key(manifest.run)}: expected the version {version_id!r} of the raw file as "
            f"its source, got {manifest.source.version_id!r}: another DAG run has the same name. "
            "Trigger a new DAG run with the same raw_key and raw_version."
        )


def check_files(manifest: Manifest, found: Mapping[str, int]) -> None:
    """Compare what a bucket holds (`found`: key to size) with what the manifest lists.

    SageMaker reads everything below a channel's prefix, so a file that isn't listed is as wrong as
    a missing one. Raises `ManifestError`, which names the keys.
    """
    prefixes = tuple(manifest.channels.values())
    listed = manifest.sizes
    differences = {
        "missing": [key for key in listed if key not in found],
        "of another size": [
            f"{key} ({found[key]} bytes, not {size})"
            for key, size in listed.items()
            if found.get(key, size) != size
        ],
        "not in the manifest": [
            key for key in found if key.startswith(prefixes) and key not in listed
        ],
    }
    wrong = "; ".join(f"{what}: {some(keys)}" for what, keys in differences.items() if keys)
    if wrong:
        raise ManifestError(
            f"The files of run {manifest.run} differ from {manifest_key(manifest.run)}: {wrong}. "
            "Start a new run of the data-processing DAG."
        )
