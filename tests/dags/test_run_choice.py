from __future__ import annotations

import io
import json
from typing import Any

import pytest
from cross_account.aws_error import ClientError
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import manifest_key, summary_key
from cross_account.run_choice import RunChoiceError, choose

from tests.dags import example_data
from tests.dags.example_data import RUN

OLD, NEW, DUE = "20260101T000000000000", "20260102T000000000000", "20260103T000000000000"


class Client:
    """The S3 client of a bucket in memory."""

    def __init__(self, objects: dict[str, object]) -> None:
        self.objects = objects

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 (as boto3 calls it)
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": io.BytesIO(json.dumps(self.objects[Key]).encode())}

    def get_paginator(self, _operation: str) -> Client:
        return self

    def paginate(self, *, Bucket: str, Prefix: str, **other: str) -> list[dict[str, Any]]:  # noqa: N803
        if "Delimiter" not in other:
            found = [key for key in self.objects if key.startswith(Prefix)]
            return [{"Contents": [{"Key": key, "Size": 1} for key in found]}]
        folders = {
            Prefix + key.removeprefix(Prefix).split("/")[0] + "/"
            for key in self.objects
            if key.startswith(Prefix)
        }
        # One folder a page: more than a page must be read too.
        return [{"CommonPrefixes": [{"Prefix": name}]} for name in sorted(folders)]


def bucket(*runs: str, **others: object) -> PipelineBucket:
    objects: dict[str, object] = {manifest_key(run): {} for run in runs}
    return PipelineBucket("bucket", Client({**objects, **others}))


def test_the_newest() -> None:
    assert choose(bucket(OLD, NEW), None, DUE) == NEW


def test_the_requested_one() -> None:
    assert choose(bucket(OLD, NEW), OLD, DUE) == OLD


def test_the_requested_one_may_not_have_arrived_yet() -> None:
    assert choose(bucket(), OLD, DUE) == OLD


def test_a_run_without_its_manifest_is_not_the_newest() -> None:
    part = {f"transformed/run={NEW}/a/train/part-00000.csv": ""}
    assert choose(bucket(OLD, **part), None, DUE) == OLD


def test_a_cleared_dag_run_chooses_the_same_run_again() -> None:
    assert choose(bucket(OLD, NEW), None, due=OLD) == OLD


def test_other_folders_are_no_runs() -> None:
    other: dict[str, object] = {
        "transformed/run=9/_manifest.json": {},
        "transformed/zzz/_manifest.json": {},
    }
    assert choose(bucket(OLD, **other), None, DUE) == OLD


def test_no_run_at_all() -> None:
    with pytest.raises(RunChoiceError, match=DUE):
        choose(bucket(), None, DUE)


@pytest.mark.parametrize("requested", ["", "yesterday", 7, f"{OLD}\n", f"../{OLD}"])
def test_what_is_no_run_is_refused(requested: object) -> None:
    with pytest.raises(RunChoiceError) as refused:
        choose(bucket(OLD), requested, DUE)
    assert repr(requested) in str(refused.value)


@pytest.mark.parametrize("requested", [None, OLD])
def test_a_cleaned_run_names_its_summary(requested: str | None) -> None:
    kept: dict[str, object] = {
        manifest_key(OLD): example_data.manifest(OLD),
        summary_key(OLD): {"outcome": "success"},
    }
    cleaned = bucket(**kept)
    with pytest.raises(RunChoiceError, match=f"s3://bucket/runs/{OLD}/summary.json"):
        choose(cleaned, requested, DUE)


def test_a_run_with_a_model_may_be_trained_on_again_until_its_rows_go() -> None:
    files: dict[str, object] = dict.fromkeys(example_data.files())
    trained: dict[str, object] = {
        summary_key(RUN): {"outcome": "success"},
        manifest_key(RUN): example_data.manifest(),
    }
    assert choose(bucket(**trained, **files), RUN, DUE) == RUN
    files.popitem()
    with pytest.raises(RunChoiceError, match="was deleted"):
        choose(bucket(**trained, **files), RUN, DUE)


def test_a_failed_run_may_be_trained_again() -> None:
    failed = bucket(OLD, **{summary_key(OLD): {"outcome": "failed"}})
    assert choose(failed, OLD, DUE) == OLD
