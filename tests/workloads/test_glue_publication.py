"""What a run leaves, when, and with which permissions."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.workloads.glue_job import GlueJob, good_rows
from workloads.glue.arguments import parse_arguments
from workloads.glue.dialect import Input
from workloads.glue.errors import JobError
from workloads.glue.kinds import Cells
from workloads.glue.manifest import write_manifest
from workloads.glue.outcomes import outcomes
from workloads.glue.publication import listed
from workloads.glue.source import copy_source

CONTENT = f"a,label\n{good_rows(80)}x,1\n0,1\n"

spark = pytest.mark.spark


def version(job: GlueJob) -> dict[str, Any]:
    found: dict[str, Any] = job.pipeline.root.client("s3").head_object(
        Bucket=job.pipeline.bucket, Key=job.key
    )
    return found


def taken(name: str, **cells: int) -> dict[str, Any]:
    every = {**asdict(Cells(numbers=0)), **cells}
    return {"name": name, "kind": "number", "pinned": False, "cells": every}


@spark
def test_the_manifest_says_everything(spark_job: GlueJob) -> None:
    manifest = spark_job.convert(CONTENT).manifest
    run, attempt, source = spark_job.run_id, manifest["attempt"], version(spark_job)
    folder = f"transformed/run={run}/{attempt}"
    assert manifest == {
        "version": 1,
        "run": run,
        "attempt": attempt,
        "source": {
            "bucket": spark_job.pipeline.bucket,
            "key": spark_job.key,
            "etag": source["ETag"],
            "version_id": source["VersionId"],
        },
        "columns": ["label", "a"],
        "classes": 159,
        "schema": {"key": f"{folder}/schema.json", "size": manifest["schema"]["size"]},
        "rows": {"input": 82, "train": manifest["rows"]["train"], "rejected": 1, "duplicates": 0}
        | {"validation": 81 - manifest["rows"]["train"]},
        "split": {"by": "content"},
        "reasons": {"a: not a number": 1},
        "taken": [
            taken("a", numbers=81, texts=1, different_texts=1),
            taken("label", numbers=82),
        ],
        "channels": {"train": f"{folder}/train/", "validation": f"{folder}/validation/"},
        "files": manifest["files"],
    }


@spark
def test_the_folders_hold_the_listed_parts_and_nothing_else(spark_job: GlueJob) -> None:
    manifest = spark_job.convert(CONTENT).manifest
    run, attempt = spark_job.run_id, manifest["attempt"]
    folder = f"transformed/run={run}"
    assert sorted(spark_job.traces()) == sorted(
        [
            f"{folder}/{attempt}/schema.json",
            f"{folder}/{attempt}/train/part-00000.csv",
            f"{folder}/{attempt}/validation/part-00000.csv",
            f"{folder}/_manifest.json",
            f"rejected/run={run}/{attempt}/part-00000.jsonl",
        ]
    )
    listed = [manifest["schema"], *manifest["files"]]
    assert listed == [
        {"key": key, "size": len(spark_job.pipeline.get(key))}
        for key in spark_job.pipeline.keys(f"{folder}/{attempt}/")
    ]


@pytest.mark.verification
@spark
def test_the_source_may_have_any_allowed_key(spark_job: GlueJob) -> None:
    spark_job.key = f"raw/{spark_job.run_id}/Größe (1), a+b=c & d's_x.v2@.txt"
    assert spark_job.convert(CONTENT).manifest["source"]["key"] == spark_job.key


@spark
def test_the_given_version_is_read_though_there_is_a_newer_one(spark_job: GlueJob) -> None:
    spark_job.pipeline.put(spark_job.key, CONTENT.encode())
    first = version(spark_job)
    spark_job.options["source_version"] = first["VersionId"]
    published = spark_job.convert(f"label,a\n{good_rows(20)}")
    assert published.rows["input"] == 82
    source = published.manifest["source"]
    assert (source["version_id"], source["etag"]) == (first["VersionId"], first["ETag"])


@pytest.mark.parametrize("size", [0, 9 * 2**20], ids=["empty", "copied in parts"])
def test_a_file_of_any_size_is_copied_without_its_tags(glue_job: GlueJob, size: int) -> None:
    """With tags the copy would need permissions that the role hasn't."""
    s3, bucket = glue_job.pipeline.root.client("s3"), glue_job.pipeline.bucket
    s3.put_object(Bucket=bucket, Key=glue_job.key, Body=b"1" * size, Tagging="owner=us")
    job = parse_arguments(glue_job.arguments())
    source = copy_source(glue_job.pipeline.role.client("s3"), job, Input()).files[0]
    found = version(glue_job)
    assert (source.version_id, source.etag) == (found["VersionId"], found["ETag"])
    assert s3.head_object(Bucket=bucket, Key=source.copy_key)["ContentLength"] == size
    assert s3.get_object_tagging(Bucket=bucket, Key=source.copy_key)["TagSet"] == []


@pytest.mark.verification
@spark
def test_nothing_is_written_for_rejected_rows_where_there_are_none(spark_job: GlueJob) -> None:
    spark_job.convert(f"label,a\n{good_rows(80)}")
    assert spark_job.pipeline.keys(f"rejected/run={spark_job.run_id}/") == []


@spark
def test_the_manifest_is_written_last(spark_job: GlueJob) -> None:
    spark_job.convert(CONTENT)
    s3 = spark_job.pipeline.root.client("s3")
    found = s3.list_object_versions(
        Bucket=spark_job.pipeline.bucket, Prefix=f"transformed/run={spark_job.run_id}/"
    )["Versions"]
    newest = max(found, key=lambda item: item["LastModified"])
    assert len(found) == 4
    assert newest["Key"].endswith("_manifest.json")


def test_a_completed_run_is_left_alone(glue_job: GlueJob, caplog: pytest.LogCaptureFixture) -> None:
    manifest = f"transformed/run={glue_job.run_id}/_manifest.json"
    glue_job.pipeline.put(manifest, b"{}")
    with caplog.at_level("INFO"):
        glue_job.start()
    assert glue_job.traces() == [manifest]
    assert glue_job.pipeline.get(manifest) == b"{}"
    assert "completed by an earlier attempt" in caplog.text


@pytest.mark.verification
@spark
def test_an_attempt_that_was_overtaken_leaves_the_first_manifest(
    spark_job: GlueJob, caplog: pytest.LogCaptureFixture
) -> None:
    manifest = f"transformed/run={spark_job.run_id}/_manifest.json"
    spark_job.pipeline.put(spark_job.key, CONTENT.encode())
    spark_job.before_spark = lambda: spark_job.pipeline.put(manifest, b"{}")
    with caplog.at_level("INFO"):
        spark_job.start()
    assert spark_job.pipeline.get(manifest) == b"{}"
    assert "completed by another attempt" in caplog.text


@pytest.mark.verification
@spark
def test_rows_that_do_not_add_up_are_not_published(
    spark_job: GlueJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = outcomes
    without = "value <> '1,2'"
    monkeypatch.setattr(
        "workloads.glue.staging.outcomes", lambda *given: genuine(*given).where(without)
    )
    with pytest.raises(JobError, match="don't add up"):
        spark_job.convert(f"label,a\n{good_rows(80)}")
    assert spark_job.traces() == []


@pytest.mark.verification
@spark
def test_a_copy_that_arrives_short_is_not_published(
    spark_job: GlueJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = listed

    def shortened(s3: Any, job: Any, area: str) -> list[tuple[str, int]]:
        less = area == "transformed"
        return [(key, size - less) for key, size in genuine(s3, job, area)]

    monkeypatch.setattr("workloads.glue.publication.listed", shortened)
    with pytest.raises(JobError, match=f"transformed/run={spark_job.run_id}/"):
        spark_job.convert(CONTENT)
    assert not [key for key in spark_job.traces() if "_manifest" in key or "staging/" in key]


CONFLICT = ClientError(
    {"Error": {"Code": "ConditionalRequestConflict", "Message": "A conflicting operation."}},
    "PutObject",
)


class Interfered:
    """An S3 client that meets other requests' conflicts before its first uploads go through."""

    def __init__(self, s3: Any, conflicts: int) -> None:
        self.meta = s3.meta
        self._s3, self._conflicts = s3, conflicts

    def put_object(self, **arguments: Any) -> Any:
        if self._conflicts:
            self._conflicts -= 1
            raise CONFLICT
        return self._s3.put_object(**arguments)


def test_a_conflict_is_no_earlier_attempt(glue_job: GlueJob, pauses: list[float]) -> None:
    """S3 asks for the same request again: taken for a manifest, the run would have none."""
    job = parse_arguments(glue_job.arguments())
    s3 = Interfered(glue_job.pipeline.role.client("s3"), conflicts=3)
    assert write_manifest(s3, job, {"files": []})
    assert json.loads(glue_job.pipeline.get(job.manifest_key)) == {"files": []}
    assert pauses == [1, 2, 4]


def test_a_conflict_that_stays_fails(glue_job: GlueJob, pauses: list[float]) -> None:
    job = parse_arguments(glue_job.arguments())
    s3 = Interfered(glue_job.pipeline.role.client("s3"), conflicts=6)
    with pytest.raises(ClientError, match="ConditionalRequestConflict"):
        write_manifest(s3, job, {"files": []})
    assert pauses == [1, 2, 4, 8, 16]
    assert glue_job.traces() == []


@pytest.mark.parametrize("key", ["raw/other.csv", "config/secret.json", "scripts/other.py"])
def test_the_role_may_not_write_or_delete_its_input(glue_job: GlueJob, key: str) -> None:
    """The tests above mean something only if the stand-in enforces the role's policy."""
    s3 = glue_job.pipeline.role.client("s3")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=glue_job.pipeline.bucket, Key=key, Body=b"")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=glue_job.pipeline.bucket, Key=key)


def test_the_manifest_is_plain_json(glue_job: GlueJob) -> None:
    job = parse_arguments(glue_job.arguments())
    s3 = glue_job.pipeline.role.client("s3")
    assert write_manifest(s3, job, {"files": ["é"]})
    assert not write_manifest(s3, job, {"files": []})
    assert json.loads(glue_job.pipeline.get(job.manifest_key)) == {"files": ["é"]}
    # The condition is the manifest's alone: the client's other uploads may replace.
    s3.put_object(Bucket=job.bucket, Key=job.manifest_key, Body=b"{}")
