"""A data pipeline's own values: what it reads, and how its Glue job runs."""

from __future__ import annotations

from collections.abc import Iterator

from components.topology import limits
from components.topology.model import GlueJob, Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matches, one_of, within
from components.topology.versions import version_of


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each data pipeline by itself."""
    for name, pipeline in topology.data_pipelines.items():
        path = ("data_pipelines", name)
        yield from _raw_key((*path, "raw_key"), pipeline.raw_key)
        yield from _label_column((*path, "label_column"), pipeline.label_column)
        if not 0 <= pipeline.max_rejected_fraction < 1:
            yield from refused(
                (*path, "max_rejected_fraction"),
                pipeline.max_rejected_fraction,
                "0 or more, below 1",
                "0.1 lets a tenth of the lines be unusable before a run fails",
            )
        if pipeline.output_retention_days is not None:
            yield from within(
                (*path, "output_retention_days"),
                pipeline.output_retention_days,
                limits.OUTPUT_RETENTION_DAYS,
                "choose a number in this range, or leave it out to keep every run's output",
            )
        yield from _glue((*path, "glue"), pipeline.glue)


def _raw_key(path: KeyPath, key: str) -> Iterator[Problem]:
    folders = key.split("/")
    if (
        not matches(key, limits.RAW_KEY_PATTERN)
        or len(key.encode()) > limits.RAW_KEY_BYTES
        or any(folder in {"", ".", ".."} for folder in folders)
    ):
        yield from refused(
            path,
            key,
            f"the key of one object under raw/, at most {limits.RAW_KEY_BYTES:,} bytes of letters, "
            "digits and !_.'()=-, without an empty folder, a dot or two dots between slashes",
            "name the file itself, no folder and no wildcard, such as raw/ml_train_data.csv",
        )
    elif folders[-1].startswith(limits.IGNORED_NAME_STARTS):
        yield from refused(
            path,
            key,
            f"a file whose name doesn't begin with {' or '.join(limits.IGNORED_NAME_STARTS)}, "
            "for Spark ignores such files",
            "rename the file",
        )
    elif key.lower().endswith(limits.COMPRESSED_NAME_ENDS):
        yield from refused(
            path,
            key,
            "a file of plain text, whose name doesn't end like a compressed one's "
            f"({', '.join(limits.COMPRESSED_NAME_ENDS)})",
            "have it uploaded uncompressed, under a name such as raw/ml_train_data.csv",
        )


def _label_column(path: KeyPath, column: str) -> Iterator[Problem]:
    if (
        not column
        or len(column) > limits.LABEL_COLUMN_LENGTH
        or not column.isprintable()
        or column != column.strip()
        or column.startswith("-")
    ):
        yield from refused(
            path,
            column,
            f"1 to {limits.LABEL_COLUMN_LENGTH} printable characters, no blank at either end, no "
            "hyphen at the start (Glue would take it for an argument's name)",
            "write the column's name as it stands in the file's first line",
        )


def _glue(path: KeyPath, glue: GlueJob) -> Iterator[Problem]:
    yield from _glue_version((*path, "version"), glue.version)
    yield from one_of(
        (*path, "worker_type"),
        glue.worker_type,
        limits.WORKER_TYPES,
        "choose a worker type for batch jobs on Spark (G.025X is for streaming, Z.2X for Ray)",
    )
    for field, value, bounds in (
        ("workers", glue.workers, limits.GLUE_WORKERS),
        ("timeout_minutes", glue.timeout_minutes, limits.GLUE_TIMEOUT_MINUTES),
        ("max_concurrent_runs", glue.max_concurrent_runs, limits.GLUE_CONCURRENT_RUNS),
    ):
        yield from within((*path, field), value, bounds, "choose a number in this range")


def _glue_version(path: KeyPath, version: str) -> Iterator[Problem]:
    well_formed = matches(version, limits.GLUE_VERSION_PATTERN)
    if not well_formed or version_of(version) < limits.MIN_GLUE_VERSION:
        yield from refused(
            path,
            version,
            "two numbers such as 5.1, at least 5.0",
            "choose a Glue version that the script runs on",
        )
