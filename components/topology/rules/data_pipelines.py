"""A data pipeline's own values: what it reads, and the version of its Glue job."""

from __future__ import annotations

from collections.abc import Iterator

from components.pipeline.object_keys import VERIFICATION
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import DataPipeline, Topology
from components.topology.problems import KeyPath, Problem, choice, refused
from components.topology.rules.basics import column_name, is_raw_key
from components.topology.versions import dots, version_of


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each data pipeline by itself."""
    for name, pipeline in topology.data_pipelines.items():
        path = ("data_pipelines", name)
        yield from _raw_key((*path, "raw_key"), pipeline.raw_key)
        yield from _expiring((*path, "raw_key"), pipeline.raw_key)
        yield from _expiring((*path, "start", "on_upload"), pipeline.start.on_upload)
        yield from _label_column((*path, "label_column"), pipeline.label_column)
        yield from _columns((*path, "columns"), pipeline)
        yield from _glue_version((*path, "glue", "version"), pipeline.glue.version)


def _raw_key(path: KeyPath, key: str) -> Iterator[Problem]:
    filled = key
    for placeholder, example in limits.RAW_KEY_PLACEHOLDERS.items():
        filled = filled.replace(placeholder, example)
    if not is_raw_key(filled):
        yield from refused(
            path,
            Code.MALFORMED,
            key,
            "is not the key of an object under raw/",
            expected=f"raw/ and a path, at most {limits.RAW_KEY_BYTES:,} printable ASCII "
            "characters but *, ?, $ and braces, no folder of it empty, . or .., such as "
            "raw/ml_train_data.csv or raw/{date}.csv, or a prefix of several files: raw/{date}/",
            advice="Name the file itself, or the prefix, without a wildcard",
        )


def _expiring(path: KeyPath, keys: str | None) -> Iterator[Problem]:
    if keys is not None and keys.startswith(VERIFICATION):
        yield from refused(
            path,
            Code.RESERVED_NAME,
            keys,
            "is where samples are that verify a deployment, and S3 removes all of it after a day",
            expected=f"another prefix than {VERIFICATION}",
        )


def _columns(path: KeyPath, pipeline: DataPipeline) -> Iterator[Problem]:
    for name, column in pipeline.columns.items():
        yield from column_name((*path, name), name)
        if "max_categories" in column.model_fields_set and column.kind != "category":
            yield from refused(
                (*path, name, "max_categories"),
                Code.CONFLICTING_KEYS,
                column.max_categories,
                f"limits nothing of a {column.kind}",
                expected="the kind category",
                advice="Remove it, or pin the column as a category",
            )
        if name == pipeline.label_column and column.kind in {"drop", "timestamp"}:
            yield from refused(
                (*path, name),
                Code.CONFLICTING_KEYS,
                column.kind,
                "is no kind of a label",
                expected=choice(["number", "category", "boolean"]),
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
            Code.MALFORMED,
            column,
            "is not a column name",
            expected=f"1 to {limits.LABEL_COLUMN_LENGTH} printable characters, without a space at "
            "either end or a hyphen at the start, which Glue reads as an argument",
            advice="Write the name as in the file's first line",
        )


def _glue_version(path: KeyPath, version: str) -> Iterator[Problem]:
    if version_of(version) < limits.MIN_GLUE_VERSION:
        yield from refused(
            path,
            Code.UNSUPPORTED_VERSION,
            version,
            "is not supported",
            expected=f"Glue {dots(limits.MIN_GLUE_VERSION)} or later",
        )
