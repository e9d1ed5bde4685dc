"""What is left of a run, held against the row of the fault that it went through."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from local.run.states import DagRun
from tests.local.fault_rows import Data, Fault
from tests.local.kept_run import KeptRun


def verify(kept: KeptRun, fault: Fault, data_run: DagRun) -> None:
    """Wait for the end of a data run and of its ML run; everything is as the row says."""
    ended = kept.ended(data_run.dag_id, data_run.run_id)
    assert ended.state == fault.data_run
    if fault.ml_run is None:
        assert kept.ml_run(ended) is None
    else:
        ml_run = kept.ended(kept.ml.dag_id, ended.run)
        assert ml_run.state == fault.ml_run
    assert tuple(job["JobRunState"] for job in kept.glue_runs(ended.run)) == fault.glue
    jobs = kept.training_jobs(ended.run)
    assert tuple(job["TrainingJobStatus"] for job in jobs) == fault.training
    _CHECKS[fault.data](kept, ended.run)


def trained(kept: KeptRun, run: str) -> None:
    """One model of exactly this run's rows, whose replicas are gone, or marked to go."""
    accounted(kept, run)
    manifest, summary = kept.manifest(run), kept.summary_of(run)
    assert (summary["run"], summary["outcome"]) == (run, "success")
    assert summary["rows"] == manifest["rows"]
    assert summary["source"] == manifest["source"]
    job = next(
        job
        for job in kept.training_jobs(run)
        if job["TrainingJobName"] == summary["training_job_name"]
    )
    read = {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
        for channel in job["InputDataConfig"]
    }
    assert read == {
        name: f"s3://{kept.ml.bucket}/{folder}" for name, folder in manifest["channels"].items()
    }
    artifact = f"s3://{kept.ml.bucket}/"
    assert [f"{artifact}{key}" for key in kept.keys(kept.ml, f"models/run={run}/")] == [
        summary["model_artifact"]
    ]
    settled(kept, run)


def settled(kept: KeptRun, run: str) -> None:
    """The replicas of a run's rows are gone, or are kept for days with the tag by which they go."""
    keys = set(kept.keys(kept.ml, f"transformed/run={run}/"))
    rows = {file["key"] for file in kept.manifest(run)["files"]}
    assert keys - rows == {*kept.outliving(run)}
    if kept.summary_of(run)["rows_kept_until"] is None:
        assert not keys & rows
        return
    assert keys > rows
    s3 = kept.client("s3", kept.ml.account_region)
    tags = {
        key: s3.get_object_tagging(Bucket=kept.ml.bucket, Key=key)["TagSet"] for key in sorted(keys)
    }
    assert {key for key, found in tags.items() if found} == rows
    assert all(tags[key] == [{"Key": "trained", "Value": "true"}] for key in rows)


def kept_for_repair(kept: KeptRun, run: str) -> None:
    """The source has the whole run, no model is there, and nothing of the source was deleted."""
    accounted(kept, run)
    assert kept.keys(kept.ml, f"models/run={run}/") == []
    for key in kept.keys(kept.ml, f"runs/{run}/"):
        assert kept.document(kept.ml, key)["outcome"] == "failed"


def unpublished(kept: KeptRun, run: str) -> None:
    """No reader can take anything for this run's data."""
    assert kept.keys(kept.data, f"transformed/run={run}/") == []
    assert kept.keys(kept.ml, f"transformed/run={run}/") == []


def accounted(kept: KeptRun, run: str) -> None:
    """Each row of the raw file, in the version that was read, is in one output; counted again."""
    manifest = kept.manifest(run)
    source, rows = manifest["source"], manifest["rows"]
    s3 = kept.client("s3", kept.data.account_region)
    raw = s3.get_object(Bucket=source["bucket"], Key=source["key"], VersionId=source["version_id"])[
        "Body"
    ].read()
    assert rows["input"] == sum(1 for _ in csv.reader(io.StringIO(raw.decode()))) - 1
    assert rows["input"] == sum(count for name, count in rows.items() if name != "input")
    listed = {file["key"]: file["size"] for file in manifest["files"]}
    for channel, folder in manifest["channels"].items():
        parts = kept.keys(kept.data, folder)
        assert parts == [key for key in listed if key.startswith(folder)]
        bodies = [_body(s3, kept.data.bucket, key) for key in parts]
        assert [len(body) for body in bodies] == [listed[key] for key in parts]
        assert sum(body.count(b"\n") for body in bodies) == rows[channel]


def _body(s3: Any, bucket: str, key: str) -> bytes:
    body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return body


_CHECKS: dict[Data, Callable[[KeptRun, str], None]] = {
    Data.TRAINED: trained,
    Data.KEPT: kept_for_repair,
    Data.UNPUBLISHED: unpublished,
}
