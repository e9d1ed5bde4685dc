"""A data pipeline: a raw file in, training data out, by an AWS Glue job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from components.topology import limits
from components.topology.model.fields import DataRegion, Expected, Model, Scalar, pattern, within
from components.topology.model.input import Input
from components.topology.model.pipeline_network import PipelineNetwork


class GlueJob(Model):
    """How a data pipeline's Glue job runs."""

    version: Annotated[
        str,
        pattern(limits.GLUE_VERSION_PATTERN),
        Expected("a Glue version", "two numbers such as 5.1"),
    ] = "5.1"
    """A Glue version in quotes, 5.0 or later."""

    worker_type: Annotated[
        limits.WorkerType,
        Expected("a worker type", advice="G.025X is for streaming and Z.2X for Ray"),
    ] = "G.1X"
    """Size of a worker. AWS has those beyond G.2X in some Regions only."""

    workers: Annotated[int, within(limits.GLUE_WORKERS)] = 2
    """Number of workers of one run."""

    timeout_minutes: Annotated[int, within(limits.GLUE_TIMEOUT_MINUTES)] = 60
    """Minutes after which Glue ends a run."""

    max_concurrent_runs: Annotated[int, within(limits.GLUE_CONCURRENT_RUNS)] = 10
    """Runs of the job at one time."""

    flex: bool = False
    """Whether runs wait for spare capacity, which costs less."""

    autoscaling: bool = False
    """Whether Glue takes as many workers as a run needs, `workers` at most."""

    script: str | None = None
    """A Python file of your own with transform(spark, source); relative to the project."""

    arguments: Mapping[str, Scalar] = Field(default_factory=dict)
    """What the script is given besides its data."""

    inputs: Mapping[
        Annotated[
            str,
            pattern(limits.SCRIPT_INPUT_PATTERN),
            Expected("the name of an input", "1 to 64 letters, digits and underscores"),
        ],
        str,
    ] = Field(default_factory=dict)
    """Further objects under raw/ that the script reads, by name."""

    files: tuple[str, ...] = Field(default=(), strict=False)
    """Python files that the script imports; relative to the project."""

    python_modules: tuple[str, ...] = Field(default=(), strict=False)
    """Wheels that the script imports; relative to the project."""


Kind = Annotated[
    Literal["number", "category", "boolean", "timestamp", "drop"],
    Expected("a kind of column"),
]


class ColumnKind(Model):
    """What a column is, and so what becomes of it."""

    kind: Kind
    """number, category (a column per level), boolean (0 and 1), timestamp (seconds), or drop."""

    max_categories: Annotated[int, within(limits.CATEGORIES)] = 50
    """Levels of a category that have a column of their own; the others share one."""


def _as_mapping(value: object) -> object:
    """A kind by its name alone."""
    return {"kind": value} if isinstance(value, str) else value


Column = Annotated[
    ColumnKind,
    BeforeValidator(_as_mapping, json_schema_input_type=Kind | ColumnKind),
]


class Split(Model):
    """How rows are divided between training and validation, which is one fifth unless by time."""

    by: Annotated[
        Literal["record", "content", "time", "group"],
        Expected(
            "a way to split",
            advice="record takes rows one by one, content keeps equal rows together, group all "
            "rows of one value of a column, and time takes the newest rows for validation",
        ),
    ] = "record"
    """By each row's number in the file; by its content, which keeps equal rows together; by time, a
    column's; or by group, which keeps all rows of one value of a column together."""

    column: str | None = None
    """The column of the time or the group, which may be dropped from the features."""

    validation_from: str | None = None
    """By time: the first date or time of validation, such as 2026-11-01; without a zone in UTC."""


class Start(Model):
    """What starts a run besides a user or another DAG."""

    schedule: str | None = None
    """When Airflow starts runs: a cron expression of five fields, or a preset such as @daily."""

    timezone: str = "UTC"
    """The time zone of the schedule and of {date} and {hour} in raw_key, such as Europe/Berlin."""

    catchup_from: str | None = None
    """The day, as YYYY-MM-DD, from which on missed intervals are run; without it, none is."""

    on_upload: str | None = None
    """A pattern of keys under raw/, such as raw/incoming/*.csv: each uploaded object whose key
    matches starts a run that reads it. * stands for any characters, slashes too."""


class DataPipeline(Model):
    """A raw file in, training data out, in one account and Region."""

    account: str
    """The alias of an account."""

    region: DataRegion
    """The Region of the bucket and the Glue job."""

    raw_key: str = "raw/ml_train_data.csv"
    """The object under raw/ that a run waits for and reads, or the prefix of several, with a slash.

    {date} and {hour} in it stand for the start of the run's data interval: 2026-11-26 and 05.
    """

    start: Start = Field(default_factory=Start)
    """What starts a run; by default, only a user or another DAG does."""

    input: Input = Field(default_factory=Input)
    """How the raw files are written."""

    label_column: str = "label"
    """The column that the model predicts; it comes first in the training data."""

    columns: Mapping[str, Column] = Field(default_factory=dict)
    """The kinds of columns, by name; that of a column left out is found by a rule."""

    max_rejected_fraction: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.1
    """The part of the file's lines that may be unusable before a run fails."""

    drop_duplicates: bool = False
    """Whether only the first of equal rows is used."""

    split: Split = Field(default_factory=Split)
    """How rows are divided between training and validation."""

    min_rows: Annotated[int, within(limits.MIN_ROWS)] = 10
    """The rows that training and validation each need, or the run fails."""

    output_retention_days: Annotated[int | None, within(limits.OUTPUT_RETENTION_DAYS)] = None
    """Days after which a run's output is removed from this bucket; kept without it."""

    glue: GlueJob = Field(default_factory=GlueJob)
    """How the Glue job runs."""

    network: PipelineNetwork | None = None
    """The network of the Glue job; without it, the job runs in AWS Glue's own."""

    expect_every_hours: Annotated[int | None, within(limits.EXPECT_EVERY_HOURS)] = None
    """Hours within which a run has to succeed; an alarm after that."""

    protect_data: bool | None = None
    """Whether its bucket and key are protected from removal and replacement; else the stack's."""
