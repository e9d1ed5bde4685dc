"""How a run is published, on a bucket in memory: where parts go, what the manifest says, once."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import asdict, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.workloads.bucket_in_memory import NAME, Bucket
from workloads.glue.accounting import Counts, check_counts
from workloads.glue.arguments import Job
from workloads.glue.dialect import Input
from workloads.glue.errors import InputError, JobError
from workloads.glue.kinds import Cells, Column
from workloads.glue.label import Labels
from workloads.glue.manifest import has_manifest, manifest, write_manifest
from workloads.glue.publication import clear_staging, publish
from workloads.glue.source import Source, SourceFile
from workloads.glue.split import Split

RUN = "20261122T123336123456"
JOB = Job(
    bucket=NAME,
    source_key="raw/ml_train_data.csv",
    source_version=None,
    run=RUN,
    label="label",
    max_rejected_fraction=0.1,
    min_rows=10,
    drop_duplicates=False,
    settings_key="scripts/settings.json",
    attempt="attempt1",
    program={"version": "1.2.3", "job_code": "0123"},
)
FILE = SourceFile(key=JOB.source_key, copy_key="copy", etag='"e"', version_id="v", size=7)
SOURCE = Source(input=Input(), files=(FILE,))
COUNTS = Counts(
    input=7,
    train=3,
    validation=1,
    rejected=2,
    duplicates=1,
    rejected_fraction=0.3,
    reasons={"b: missing": 1, "a: missing": 2},
    last_column_filled=True,
    labels=Labels(smallest=0, largest=2, are_integers=True),
)
MANIFEST = f"transformed/run={RUN}/_manifest.json"
STAGING = f"staging/run={RUN}/attempt1"
DATA = f"transformed/run={RUN}/attempt1"


def staged() -> Bucket:
    return Bucket(
        {
            f"{STAGING}/_SUCCESS": b"",
            f"{STAGING}/channel=rejected/part-00000-x.json": b"{}",
            f"{STAGING}/channel=train/part-00000-x.csv": b"1,2\n",
            f"{STAGING}/channel=train/part-00003-x.csv": b"1,3\n1,4\n",
            f"{STAGING}/channel=train/part-00004-x.csv": b"1,5\n",
            f"{STAGING}/channel=validation/part-00001-x.csv": b"0,1\n",
        }
    )


class TestPublication:
    """Parts are numbered within their channel, and published only if every copy is complete."""

    def test_each_part_has_its_place(self) -> None:
        bucket = staged()
        assert publish(bucket, JOB, "transformed") == [
            {"key": f"{DATA}/train/part-00000.csv", "size": 4},
            {"key": f"{DATA}/train/part-00001.csv", "size": 8},
            {"key": f"{DATA}/train/part-00002.csv", "size": 4},
            {"key": f"{DATA}/validation/part-00000.csv", "size": 4},
        ]
        assert bucket.objects[f"{DATA}/train/part-00001.csv"] == b"1,3\n1,4\n"
        assert len(bucket.objects) == 10

    def test_rejected_rows_have_a_place_of_their_own(self) -> None:
        bucket = staged()
        rejected = f"rejected/run={RUN}/attempt1/part-00000.jsonl"
        assert publish(bucket, JOB, "rejected") == [{"key": rejected, "size": 2}]
        assert bucket.objects[rejected] == b"{}"
        assert len(bucket.objects) == 7

    @pytest.mark.parametrize("key", [f"{DATA}/train/part-00000.csv", f"{DATA}/other"])
    def test_what_differs_is_not_published(self, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
        bucket = staged()
        copy = bucket.copy_object

        def copy_and_spoil(**arguments: Any) -> None:
            copy(**arguments)
            bucket.objects[key] = b"short"

        monkeypatch.setattr(bucket, "copy_object", copy_and_spoil)
        with pytest.raises(JobError) as raised:
            publish(bucket, JOB, "transformed")
        assert str(raised.value) == (
            f"The copies below s3://bucket/{DATA}/ differ from what was staged, so the run "
            "was not published: start the job again."
        )


class TestManifest:
    """Written once, by the first attempt that is complete."""

    def test_it_says_everything(self) -> None:
        files = [{"key": "k", "size": 1}]
        described = {"key": "s", "size": 2}
        columns = [Column(name=name, kind="number") for name in ("feature", "label", "other")]
        assert manifest(JOB, SOURCE, columns, COUNTS, files=files, schema=described) == {
            "version": 1,
            "run": RUN,
            "attempt": "attempt1",
            "source": {
                "bucket": "bucket",
                "key": "raw/ml_train_data.csv",
                "etag": '"e"',
                "version_id": "v",
            },
            "program": {"version": "1.2.3", "job_code": "0123"},
            "columns": ["label", "feature", "other"],
            "classes": 3,
            "schema": described,
            "split": {"by": "record"},
            "rows": {"input": 7, "train": 3, "validation": 1, "rejected": 2, "duplicates": 1},
            "reasons": {"a: missing": 2, "b: missing": 1},
            "taken": [
                {"name": name, "kind": "number", "pinned": False, "cells": asdict(Cells(numbers=0))}
                for name in ("feature", "label", "other")
            ],
            "channels": {"train": f"{DATA}/train/", "validation": f"{DATA}/validation/"},
            "files": files,
        }

    def test_it_is_readable_json(self) -> None:
        bucket = Bucket()
        assert write_manifest(bucket, JOB, {"run": RUN, "files": []}) is True
        assert json.loads(bucket.objects[MANIFEST]) == {"run": RUN, "files": []}
        assert bucket.objects[MANIFEST].startswith(b'{\n "run"')
        assert bucket.types[MANIFEST] == "application/json"

    def test_the_first_stays(self) -> None:
        bucket = Bucket({MANIFEST: b"first"})
        assert write_manifest(bucket, JOB, {}) is False
        assert bucket.objects[MANIFEST] == b"first"

    @pytest.mark.parametrize("code", ["PreconditionFailed", "412"])
    def test_every_answer_that_another_was_first(self, code: str) -> None:
        assert write_manifest(Bucket(refuses=code), JOB, {}) is False

    @pytest.mark.parametrize("code", ["ConditionalRequestConflict", "409"])
    def test_another_request_in_the_way_says_nothing_of_a_manifest(
        self, code: str, pauses: list[float]
    ) -> None:
        bucket = Bucket(conflicts=[code] * 5)
        assert write_manifest(bucket, JOB, {}) is True
        assert json.loads(bucket.objects[MANIFEST]) == {}
        assert pauses == [1, 2, 4, 8, 16]

    def test_a_conflict_that_stays_is_raised(self, pauses: list[float]) -> None:
        bucket = Bucket(conflicts=["409"] * 6)
        with pytest.raises(ClientError, match="409"):
            write_manifest(bucket, JOB, {})
        assert pauses == [1, 2, 4, 8, 16]
        assert bucket.objects == {}

    def test_the_first_may_show_after_a_conflict(self, pauses: list[float]) -> None:
        bucket = Bucket({MANIFEST: b"first"}, conflicts=["409"])
        assert write_manifest(bucket, JOB, {}) is False
        assert pauses == [1]

    @pytest.mark.parametrize("refuses", ["", "PreconditionFailed", "AccessDenied"])
    def test_the_condition_is_the_manifests_alone(self, refuses: str) -> None:
        bucket = Bucket(refuses=refuses)
        with contextlib.suppress(ClientError):
            write_manifest(bucket, JOB, {})
        assert bucket.handlers == {}

    def test_another_refusal_is_raised_at_once(self, pauses: list[float]) -> None:
        with pytest.raises(ClientError, match="AccessDenied"):
            write_manifest(Bucket(refuses="AccessDenied"), JOB, {})
        assert pauses == []

    def test_whether_there_is_one(self) -> None:
        assert has_manifest(Bucket({MANIFEST: b""}), JOB) is True
        assert has_manifest(Bucket({f"{DATA}/x": b""}), JOB) is False

    @pytest.mark.parametrize("code", ["404", "NoSuchKey", "NotFound"])
    def test_every_answer_that_there_is_none(self, code: str) -> None:
        assert has_manifest(Bucket(refuses=code), JOB) is False

    def test_a_refusal_is_no_answer(self) -> None:
        with pytest.raises(ClientError, match="403"):
            has_manifest(Bucket(refuses="403"), JOB)


def test_too_few_rows_of_a_channel_name_the_split() -> None:
    column = {"column": "at"}
    splits = [Split(by="time", validation_from="2027-01-01", **column), Split(by="group", **column)]
    sentences = []
    for split in splits:
        with pytest.raises(InputError, match="has too few rows: 3 for training and 1") as raised:
            check_counts(
                replace(JOB, split=split),
                replace(COUNTS, rejected_fraction=0),
                [Column(name=name, kind="number") for name in ("label", "a")],
            )
        sentences.append(str(raised.value))
    assert "(split by time: validation from 2027-01-01 on in 'at')" in sentences[0]
    assert "(split by group: validation is a fifth of the values of 'at')" in sentences[1]


class TestStaging:
    """What an attempt staged is deleted, at most as many at once as S3 takes."""

    def test_it_is_deleted_and_nothing_else(self) -> None:
        bucket = staged()
        bucket.objects[f"staging/run={RUN}/attempt2/x"] = b""
        bucket.objects[MANIFEST] = b""
        clear_staging(bucket, JOB)
        assert set(bucket.objects) == {f"staging/run={RUN}/attempt2/x", MANIFEST}

    def test_a_thousand_at_once(self) -> None:
        bucket = Bucket({f"{STAGING}/part-{number:05d}": b"" for number in range(2001)})
        clear_staging(bucket, JOB)
        assert [len(keys) for keys in bucket.deletions] == [1000, 1000, 1]
        assert bucket.objects == {}

    def test_what_stays_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        bucket = staged()
        bucket.kept = (f"{STAGING}/_SUCCESS",)
        with caplog.at_level(logging.WARNING):
            clear_staging(bucket, JOB)
        assert caplog.messages == [f"{STAGING}/_SUCCESS was left behind: AccessDenied"]
