"""Fifty uploads while the way to Airflow is broken: each version becomes one run, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from components.aws.account_region import AccountRegion
from components.aws.naming import HUB_OWNER
from components.uploads import names
from dags.cross_account.dag_ids import data_processing_dag_id
from operate.uploaded import Upload
from tests.local.kept_run import KeptRun, wait_for

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]

FILES = 25
"""Uploaded twice each, so fifty versions."""


@contextmanager
def paused(kept: KeptRun) -> Iterator[None]:
    """The data DAG paused: its runs wait, until they are deleted at the end of the block."""
    kept.api.pause(kept.data.dag_id)
    before = set(runs(kept))
    try:
        yield
    finally:
        for run in set(runs(kept)) - before:
            delete(kept, run)
        kept.api.unpause(kept.data.dag_id)


def runs(kept: KeptRun) -> list[str]:
    """The ids of the data pipeline's DAG runs."""
    return [run.run_id for run in kept.api.dag_runs(kept.data.dag_id)]


def delete(kept: KeptRun, run: str) -> None:
    kept.api._call("DELETE", f"/dags/{kept.data.dag_id}/dagRuns/{run}")


def is_available(kept: KeptRun) -> bool | None:
    """True once Amazon MWAA has ended the update."""
    mwaa = kept.client("mwaa", kept.plan.hub)
    status = mwaa.get_environment(Name=kept.plan.environment)["Environment"]["Status"]
    return status == "AVAILABLE" or None


def put(kept: KeptRun) -> list[Upload]:
    """Upload each file once, which makes a version of it."""
    s3 = kept.client("s3", kept.data.account_region)
    keys = [f"raw/incoming/fifty-{number:02}.csv" for number in range(FILES)]
    stored = [s3.put_object(Bucket=kept.data.bucket, Key=key, Body=b"label\n1\n") for key in keys]
    return [
        Upload(
            dag_id=data_processing_dag_id(kept.data.name),
            bucket=kept.data.bucket,
            key=key,
            version_id=each["VersionId"],
        )
        for key, each in zip(keys, stored, strict=True)
    ]


class Queue:
    """The hub's queue of uploads."""

    def __init__(self, kept: KeptRun, hub: AccountRegion) -> None:
        self._sqs = kept.client("sqs", hub)
        name = names.queue_name(kept.names)
        self._url = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def send(self, upload: Upload) -> None:
        """Deliver an upload's message once more, as S3, EventBridge and SQS each may."""
        self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps(vars(upload)))

    def is_empty(self) -> bool | None:
        """True once no message waits or is being worked on."""
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=counts)
        return all(found["Attributes"][count] == "0" for count in counts) or None


def denied(kept: KeptRun, role: str) -> list[dict[str, Any]] | None:
    """The role's calls of Airflow that were denied, once there are some."""
    found = [
        call
        for call in kept.calls()
        if call["action"] == "airflow:InvokeRestApi"
        and role in call["principal"]
        and call["decision"] != "allow"
    ]
    return found or None


def test_fifty_uploads_become_fifty_runs(kept: KeptRun) -> None:
    hub = kept.plan.hub
    mwaa = kept.client("mwaa", hub)
    queue = Queue(kept, hub)
    role = kept.names.role(HUB_OWNER, names.FUNCTION_ROLE)

    with paused(kept):
        before = runs(kept)
        with kept.denied(hub, role, "airflow:InvokeRestApi", "*"):
            uploads = put(kept)
            wait_for("a denied call of the function", lambda: denied(kept, role))
            assert runs(kept) == before
            mwaa.update_environment(Name=kept.plan.environment, MaxWorkers=4)
        uploads += put(kept)
        for upload in uploads[::10]:
            queue.send(upload)

        wait_for("the end of the update", lambda: is_available(kept))
        wait_for("the end of the queue", queue.is_empty)
        expected = sorted({*before, *(upload.dag_run_id for upload in uploads)})
        assert len(expected) == len(before) + 2 * FILES
        assert sorted(runs(kept)) == expected

        current = uploads[FILES:]
        for upload in current[::2]:
            delete(kept, upload.dag_run_id)
        done = kept.operate(
            "backfill", "--pipeline", kept.data.name, "--keys", "raw/incoming/fifty-*.csv"
        )
        assert done["started"] == [upload.key for upload in current[::2]]
        assert done["already_there"] == [upload.key for upload in current[1::2]]
        assert sorted(runs(kept)) == expected
