"""A run on sample data, from an upload of its own to the models."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from components.pipeline.object_keys import VERIFICATION
from dags.cross_account.run import run_due_at
from operate.connection import Connection
from operate.errors import OperateError, UsageError
from operate.expiry import expiry_of
from operate.followed_run import followed, refuse_paused
from operate.following import Flow
from operate.uploaded import Upload
from workloads.sample_data.generate import write_sample

ROWS = 2000


@dataclass(frozen=True, kw_only=True)
class SampleRun:
    """A run that is over; `expires` is when S3 removes the sample below `key`."""

    flow: Flow
    key: str
    expires: str | None

    @property
    def run(self) -> str:
        """Its name."""
        return self.flow.data_run.run


def run_sample(connection: Connection, pipeline: str, to: Console) -> SampleRun:
    """Upload a sample beside the users' files, run the pipeline on it, and follow the run."""
    data = connection.stack.data_pipeline(pipeline)
    trained = connection.stack.ml_pipelines_of(pipeline)
    if not trained:
        raise UsageError(f"no ML pipeline trains on {pipeline}: name a data pipeline with one")
    several = [name for name, each in trained.items() if each.sources]
    if several:
        raise UsageError(
            f"{', '.join(several)} would train on the sample together with the data of its other "
            f"sources: name a data pipeline that no ML pipeline with several sources trains on"
        )
    if not data.takes_sample:
        raise UsageError(
            f"the sample is plain CSV, and {pipeline} reads another input: upload a file of its "
            "own with `python -m operate upload`, then `python -m operate run`"
        )
    refuse_paused(connection, pipeline)
    key = f"{VERIFICATION}{run_due_at(datetime.now(UTC))}.csv"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.csv"
        write_sample(file, rows=ROWS, label=data.label_column)
        stored = connection.in_pipeline("s3", data).put_object(
            Bucket=data.source_bucket_name, Key=key, Body=file.read_bytes()
        )
    dag_id = connection.dag_id(pipeline)
    upload = Upload(
        dag_id=dag_id, bucket=data.source_bucket_name, key=key, version_id=stored["VersionId"]
    )
    # Where uploads start runs, this one may have: then it is there already, and the same.
    connection.airflow.start_once(dag_id, upload.dag_run)
    started = connection.airflow.dag_run(dag_id, upload.dag_run_id)
    if started is None:
        raise OperateError(f"{dag_id} has no run {upload.dag_run_id}, though it was just started")
    flow = followed(connection, pipeline, started, to)
    return SampleRun(flow=flow, key=key, expires=expiry_of(stored))
