"""A data pipeline: a raw file in, training data out, by an AWS Glue job."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.topology import limits
from components.topology.model.fields import DataRegion, Expected, Model, pattern, within


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


class DataPipeline(Model):
    """A raw file in, training data out, in one account and Region."""

    account: str
    """The alias of an account."""

    region: DataRegion
    """The Region of the bucket and the Glue job."""

    raw_key: str = "raw/ml_train_data.csv"
    """The object under raw/ that a run waits for and reads: plain CSV, not compressed."""

    label_column: str = "label"
    """The column that the model predicts; it comes first in the training data."""

    max_rejected_fraction: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.1
    """The part of the file's lines that may be unusable before a run fails."""

    output_retention_days: Annotated[int | None, within(limits.OUTPUT_RETENTION_DAYS)] = None
    """Days after which a run's output is removed from this bucket; kept without it."""

    glue: GlueJob = Field(default_factory=GlueJob)
    """How the Glue job runs."""
