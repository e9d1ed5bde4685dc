"""How soon an upload becomes a DAG run, and whether each of a thousand does."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from benchmarks.figure import Figure, NotMeasuredError
from benchmarks.finished_run import FinishedRun
from components.aws.naming import FUNCTION_NAME_LIMIT, HUB_OWNER
from operate.uploaded import Upload

_SINGLE = 5
_MANY = 1000
_UPLOADERS = 4
_LIMIT_SECONDS = 1800.0
_POLL_SECONDS = 2.0


def starts(run: FinishedRun) -> Figure:
    """One upload after the other; Airflow notes by the same clock when it starts the DAG run."""
    took = []
    for number in range(_SINGLE):
        before = datetime.now(UTC)
        upload = _put(run, f"single-{number}")
        started = _started(run, upload)
        took.append((started - before).total_seconds())
    return Figure(
        what="upload to start of its DAG run, median", value=statistics.median(took), target=3
    )


def thousand_uploads(run: FinishedRun) -> Iterator[Figure]:
    """With the DAG paused, so that its runs cost nothing but their start."""
    (data,) = run.plan.data_pipelines
    run.api.pause(data.dag_id)
    begin = time.monotonic()
    before = run.api.count_dag_runs(data.dag_id)
    with ThreadPoolExecutor(_UPLOADERS) as pool:
        uploads = list(pool.map(lambda number: _put(run, f"many-{number}"), range(_MANY)))
    yield Figure(what="1,000 uploads", value=time.monotonic() - begin, target=60)
    _wait_for(run, before + _MANY)
    yield Figure(what="1,000 uploads to the last of their DAG runs", value=time.monotonic() - begin)
    there = {each.run_id for each in run.api.dag_runs() if each.dag_id == data.dag_id}
    made = len(there & {upload.dag_run_id for upload in uploads})
    yield Figure(what="DAG runs of 1,000 uploads, each once", value=made, unit="")
    yield Figure(what="errors of the function meanwhile", value=_errors(run), unit="", target=1)


def _put(run: FinishedRun, name: str) -> Upload:
    (data,) = run.plan.data_pipelines
    where = data.account_region
    s3 = run.accounts.client("s3", where.account_id, where.region)
    key = f"raw/incoming/{name}.csv"
    stored = s3.put_object(Bucket=data.bucket, Key=key, Body=b"label\n1\n")
    return Upload(dag_id=data.dag_id, bucket=data.bucket, key=key, version_id=stored["VersionId"])


def _started(run: FinishedRun, upload: Upload) -> datetime:
    """When it started; returns once it is over, so that the next one has the machine to itself."""
    deadline = time.monotonic() + _LIMIT_SECONDS
    while time.monotonic() < deadline:
        for each in run.api.dag_runs():
            if each.run_id == upload.dag_run_id and each.is_over and each.started:
                return each.started
        time.sleep(_POLL_SECONDS)
    raise NotMeasuredError(f"the upload of {upload.key} became no DAG run that ended")


def _wait_for(run: FinishedRun, count: int) -> None:
    (data,) = run.plan.data_pipelines
    deadline = time.monotonic() + _LIMIT_SECONDS
    while (found := run.api.count_dag_runs(data.dag_id)) < count:
        if time.monotonic() > deadline:
            raise NotMeasuredError(f"{count} DAG runs were expected, and {found} are there")
        time.sleep(_POLL_SECONDS)


def _errors(run: FinishedRun) -> int:
    """The lines that the function logs where it could not start a run."""
    hub = run.plan.hub
    logs = run.accounts.client("logs", hub.account_id, hub.region)
    function = run.names.of(HUB_OWNER, "startruns", limit=FUNCTION_NAME_LIMIT)
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{function}", filterPattern='"Not started"'
    )
    return sum(len(page["events"]) for page in pages)
