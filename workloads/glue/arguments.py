"""The job's arguments, and the keys that follow from them."""

from __future__ import annotations

import argparse
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from workloads.glue.errors import JobError
from workloads.glue.split import Split

RUN_PATTERN = re.compile(r"[0-9]{8}T[0-9]{12}")
KEY_PATTERN = re.compile(r".+", re.DOTALL)
BUCKET_PATTERN = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class SentenceParser(argparse.ArgumentParser):
    """An argument parser that raises its errors instead of printing them with a usage text."""

    def error(self, message: str) -> NoReturn:
        """Raise the message that `argparse` would print."""
        raise JobError(f"The job's arguments are wrong: {message}.")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One execution of the job: its arguments, and the keys that follow from them."""

    bucket: str
    source_key: str
    source_version: str | None
    run: str
    label: str
    max_rejected_fraction: float
    min_rows: int
    drop_duplicates: bool
    settings_key: str
    attempt: str
    script: str = ""
    """The path of the team's own script whose data frame is read, if there is one."""

    split: Split = field(default_factory=Split)
    """How the settings say that rows are split."""

    program: Mapping[str, str] | None = None
    """What the settings say of the program: its version, and a hash of this job's code."""

    @property
    def source(self) -> str:
        """What is read, for messages: the source's URI, or the data frame."""
        return f"{self.script}'s data frame" if self.script else self.uri(self.source_key)

    @property
    def reads_prefix(self) -> bool:
        """Whether the source is every object below a prefix."""
        return self.source_key.endswith("/")

    @property
    def copies(self) -> str:
        """The folder of this attempt's copies of the source, which are read."""
        return f"{self.folder('staging')}source/"

    @property
    def staged_rows(self) -> str:
        """The URI below which Spark stages this attempt's rows."""
        return self.uri(f"{self.folder('staging')}rows/")

    @property
    def manifest_key(self) -> str:
        """The key of the run's manifest, the same for every attempt."""
        return f"transformed/run={self.run}/_manifest.json"

    @property
    def schema_key(self) -> str:
        """The key of this attempt's schema, which the manifest names."""
        return f"{self.folder('transformed')}schema.json"

    def uri(self, key: str) -> str:
        """The URI of an object or a prefix of the bucket."""
        return f"s3://{self.bucket}/{key}"

    def folder(self, area: str) -> str:
        """This attempt's folder below `area`, with its closing slash."""
        return f"{area}/run={self.run}/{self.attempt}/"


def parse_arguments(arguments: Sequence[str]) -> Job:
    """Parse and check the job's arguments; those that Glue adds are ignored."""
    parser = SentenceParser(allow_abbrev=False, add_help=False)
    for name in ("bucket_name", "source_key", "run", "label_column", "settings_key"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--source_version")
    parser.add_argument("--max_rejected_fraction", required=True, type=float)
    parser.add_argument("--min_rows", required=True, type=int)
    parser.add_argument("--drop_duplicates", required=True, choices=("true", "false"))
    known, _ = parser.parse_known_args(arguments)
    _check(BUCKET_PATTERN, "bucket_name", known.bucket_name, "the name of an S3 bucket")
    _check(KEY_PATTERN, "source_key", known.source_key, "the key of an object")
    if known.source_version is not None and known.source_key.endswith("/"):
        raise JobError("--source_version: a prefix has no version; leave it out.")
    _check(RUN_PATTERN, "run", known.run, "a time like 20261122T123336123456")
    if not 0 <= known.max_rejected_fraction <= 1:
        raise JobError(
            f"--max_rejected_fraction: expected 0 to 1, got {known.max_rejected_fraction}."
        )
    return Job(
        bucket=known.bucket_name,
        source_key=known.source_key,
        source_version=known.source_version,
        run=known.run,
        label=known.label_column.strip(),
        max_rejected_fraction=known.max_rejected_fraction,
        min_rows=known.min_rows,
        drop_duplicates=known.drop_duplicates == "true",
        settings_key=known.settings_key,
        attempt=uuid.uuid4().hex,
    )


def _check(pattern: re.Pattern[str], name: str, value: str, expected: str) -> None:
    if not pattern.fullmatch(value):
        raise JobError(f"--{name}: expected {expected}, got {value!r}.")
