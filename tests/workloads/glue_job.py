"""The Glue job with a source of a test's own, and what became of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from pyspark.sql import SparkSession

from tests.workloads.s3_stand_in import Pipeline
from workloads.glue.arguments import parse_arguments
from workloads.glue.transformation import transform


def new_run() -> str:
    """A run that no other test has."""
    return f"20260101T{uuid.uuid4().int % 10**12:012d}"


def _no_spark() -> NoReturn:
    raise AssertionError("The job started Spark.")


@dataclass(frozen=True)
class Published:
    """Everything that a completed run left."""

    manifest: dict[str, Any]
    train: list[str]
    validation: list[str]
    rejected: list[dict[str, Any]]

    @property
    def lines(self) -> list[str]:
        """The written lines, in an order that doesn't depend on the split."""
        return sorted(self.train + self.validation)

    @property
    def rows(self) -> dict[str, int]:
        """The manifest's counts."""
        counts: dict[str, int] = self.manifest["rows"]
        return counts

    @property
    def reasons(self) -> list[str]:
        """Why rows were rejected, in the source's order."""
        return [str(row["reason"]) for row in sorted(self.rejected, key=lambda row: row["record"])]


OPTIONS = {"drop_duplicates": "false", "min_rows": "1"}

SPLIT = {"by": "content"}
"""The split that gives a file of 60 rows the same channels in every test."""


@dataclass
class GlueJob:
    """The job of one pipeline; every run has a source and a run id of its own."""

    pipeline: Pipeline
    spark: SparkSession | None = None
    options: dict[str, str] = field(default_factory=OPTIONS.copy)
    split: dict[str, str] = field(default_factory=SPLIT.copy)
    key: str = field(default_factory=lambda: f"raw/{uuid.uuid4().hex}/data.csv")
    run_id: str = field(default_factory=new_run)
    settings: dict[str, Any] = field(default_factory=dict)
    before_spark: Callable[[], None] | None = None

    def arguments(self, label: str = "label", limit: float | str = 1.0) -> list[str]:
        """The arguments, with some of those that Glue adds."""
        given = {
            "JOB_NAME": "a-job",
            "bucket_name": self.pipeline.bucket,
            "source_key": self.key,
            "run": self.run_id,
            "label_column": label,
            "max_rejected_fraction": str(limit),
            "settings_key": self.settings_key,
            **self.options,
            "enable-metrics": "true",
        }
        return [part for name, value in given.items() for part in (f"--{name}", value)]

    @property
    def settings_key(self) -> str:
        """Where the settings are that the deployment writes for the job."""
        return f"scripts/{self.run_id}.json"

    def write_settings(self) -> None:
        """Write the settings, as the deployment does."""
        settings = {"split": self.split, **self.settings}
        self.pipeline.put(self.settings_key, json.dumps(settings).encode())

    def start(self, label: str = "label", limit: float = 1.0) -> None:
        """Run the job on the source as it is, with the Glue role's permissions."""
        self.write_settings()
        job = parse_arguments(self.arguments(label, limit))
        transform(job, self.pipeline.role.client("s3"), self._session)

    def _session(self) -> SparkSession:
        if self.before_spark:
            self.before_spark()
        return self.spark or _no_spark()

    def version(self) -> str:
        """The id of the source's current version."""
        found = self.pipeline.root.client("s3").head_object(
            Bucket=self.pipeline.bucket, Key=self.key
        )
        return str(found["VersionId"])

    def convert(self, content: str | bytes, label: str = "label", limit: float = 1.0) -> Published:
        """Upload the source, run the job and read what it published."""
        body = content.encode() if isinstance(content, str) else content
        self.pipeline.put(self.key, body)
        self.start(label, limit)
        return self.published()

    def published(self) -> Published:
        """What the run's manifest names, and the rejected rows of its attempt."""
        name = f"transformed/run={self.run_id}/_manifest.json"
        manifest = json.loads(self.pipeline.get(name))
        parts = {
            channel: [
                line
                for file in manifest["files"]
                if file["key"].startswith(prefix)
                for line in self.pipeline.get(file["key"]).decode().splitlines()
            ]
            for channel, prefix in manifest["channels"].items()
        }
        rejected = [
            json.loads(line)
            for key in self.pipeline.keys(f"rejected/run={self.run_id}/{manifest['attempt']}/")
            for line in self.pipeline.get(key).decode().splitlines()
        ]
        return Published(manifest, parts["train"], parts["validation"], rejected)

    def traces(self) -> list[str]:
        """The keys of all objects that the run left, under any prefix."""
        areas = ("staging", "transformed", "rejected")
        return [key for area in areas for key in self.pipeline.keys(f"{area}/run={self.run_id}/")]


def all_numbers(*columns: str) -> dict[str, Any]:
    """The settings of a job whose columns are pinned as numbers: a text rejects its row."""
    return {"columns": {name: {"kind": "number"} for name in columns}}


def good_rows(count: int, columns: int = 2) -> str:
    """Rows that differ from each other: label 0 or 1, then integers."""
    rows = (
        ",".join([str(row % 2), *(str(row * columns + index) for index in range(columns - 1))])
        for row in range(count)
    )
    return "".join(f"{row}\n" for row in rows)
