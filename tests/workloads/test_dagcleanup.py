"""What the clean-up function deletes, keeps and refuses, with its role's permissions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.pipeline.object_keys import TRAINED_TAG
from tests.workloads.glue_job import new_run
from tests.workloads.s3_stand_in import Pipeline
from tests.workloads.workload_modules import dagcleanup, run_rows

CleanUp = Callable[..., dict[str, Any]]

ROWS = {"input": 5, "train": 3, "validation": 1, "rejected": 1, "duplicates": 0}
PROGRAM = {"version": "0.1.0", "job_code": "0123456789abcdef"}
SOURCE = {"bucket": "b", "key": "raw/a.csv", "etag": '"e"', "version_id": "v"}


@pytest.fixture
def run() -> str:
    return new_run()


@pytest.fixture
def clean_up(ml_pipeline: Pipeline, run: str, monkeypatch: pytest.MonkeyPatch) -> CleanUp:
    """The function as Lambda calls it, for this test's run by default."""
    monkeypatch.setenv("BUCKET_NAME", ml_pipeline.bucket)
    monkeypatch.setenv("KEEP_TRAINING_DATA_DAYS", "0")
    client = ml_pipeline.role.client("s3")
    monkeypatch.setattr(dagcleanup, "client", lambda: client)

    def call(outcome: str = "success", **event: Any) -> dict[str, Any]:
        answer: dict[str, Any] = dagcleanup.handler(
            {"run": run, "outcome": outcome, **event}, object()
        )
        return answer

    return call


@pytest.fixture
def data(ml_pipeline: Pipeline, run: str) -> list[str]:
    """The run's parts and manifest in the bucket; returns the parts' keys."""
    keys = [
        f"transformed/run={run}/attempt/train/part-00000.csv",
        f"transformed/run={run}/attempt/train/part-00001.csv",
        f"transformed/run={run}/attempt/validation/part-00000.csv",
    ]
    for key in keys:
        ml_pipeline.put(key, b"1,2\n")
    schema = f"transformed/run={run}/attempt/schema.json"
    ml_pipeline.put(schema, b"{}")
    manifest = {"version": 1, "run": run, "rows": ROWS, "source": SOURCE}
    manifest["program"] = PROGRAM
    manifest["schema"] = {"key": schema, "size": 2}
    ml_pipeline.put(f"transformed/run={run}/_manifest.json", json.dumps(manifest).encode())
    return keys


def versions(pipeline: Pipeline, prefix: str) -> list[str]:
    """The keys of all versions and delete markers, once for each."""
    pages = pipeline.root.client("s3").get_paginator("list_object_versions")
    return sorted(
        item["Key"]
        for page in pages.paginate(Bucket=pipeline.bucket, Prefix=prefix)
        for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
    )


OTHER_RUN = "20200101T000000000000"


def replace_manifest(
    pipeline: Pipeline, run: str, sources: dict[str, Any], superseded: object
) -> None:
    """The manifest of a training on several sources."""
    content = {
        "run": run,
        "rows": ROWS,
        "source": {},
        "sources": sources,
        "superseded": [superseded],
    }
    pipeline.put(f"transformed/run={run}/_manifest.json", json.dumps(content).encode())


@pytest.mark.usefixtures("data")
class TestAfterSuccess:
    """The data go, for good; the manifest, the schema and a summary stay."""

    def test_no_version_of_the_data_is_left(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp, data: list[str]
    ) -> None:
        ml_pipeline.put(data[0], b"another version")
        ml_pipeline.root.client("s3").delete_object(Bucket=ml_pipeline.bucket, Key=data[1])
        assert clean_up()["deleted_versions"] == 5
        kept = [
            f"transformed/run={run}/{name}" for name in ("_manifest.json", "attempt/schema.json")
        ]
        assert versions(ml_pipeline, f"transformed/run={run}/") == kept

    def test_the_summary_is_returned_and_kept(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp
    ) -> None:
        summary = clean_up(
            training_job_name="job",
            model_artifact="s3://b/model.tar.gz",
            metrics={"validation:auc": 0.9},
            trained_with={"image": "image:1", "hyperparameters": {}, "code": None},
        )
        result = {
            "outcome": "success",
            "training_job_name": "job",
            "model_artifact": "s3://b/model.tar.gz",
            "metrics": {"validation:auc": 0.9},
            "trained_with": {"image": "image:1", "hyperparameters": {}, "code": None},
        }
        (training,) = summary["trainings"]
        assert datetime.fromisoformat(training["ended"]).tzinfo is not None
        assert summary == {
            "version": 1,
            "run": run,
            **result,
            "rows": ROWS,
            "source": SOURCE,
            "script": None,
            "program": PROGRAM,
            "schema": f"transformed/run={run}/attempt/schema.json",
            "deleted_versions": 3,
            "rows_kept_until": None,
            "trainings": [{"training": run, "ended": training["ended"], **result}],
        }
        assert json.loads(ml_pipeline.get(f"runs/{run}/summary.json")) == summary

    def test_of_several_sources_their_superseded_replicas_go_too(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp
    ) -> None:
        replicas = [f"transformed/run={OTHER_RUN}/{end}/part.csv" for end in ("used", "used2")]
        for key in replicas:
            ml_pipeline.put(key, b"1,2\n")
        sources = {"east1": {"run": OTHER_RUN}}
        replace_manifest(ml_pipeline, run, sources, f"transformed/run={OTHER_RUN}/used/")
        summary = clean_up()
        assert (summary["sources"], summary["source"]) == (sources, None)
        assert versions(ml_pipeline, f"transformed/run={OTHER_RUN}/") == replicas[1:]

    @pytest.mark.parametrize("folder", ["transformed/", f"transformed/run={OTHER_RUN}/", 7])
    def test_nothing_is_deleted_for_a_folder_that_is_no_replicas(
        self,
        ml_pipeline: Pipeline,
        run: str,
        clean_up: CleanUp,
        data: list[str],
        folder: object,
    ) -> None:
        replace_manifest(ml_pipeline, run, {}, folder)
        with pytest.raises(dagcleanup.CleanupError, match="superseded"):
            clean_up()
        assert set(versions(ml_pipeline, f"transformed/run={run}/")) > set(data)

    def test_a_second_call_returns_the_first_summary(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp, data: list[str]
    ) -> None:
        first = clean_up(training_job_name="job")
        ml_pipeline.put(data[0], b"arrived late")
        assert clean_up(training_job_name="another") == first
        assert clean_up("failed") == first
        assert json.loads(ml_pipeline.get(f"runs/{run}/summary.json")) == first

    def test_other_runs_are_not_touched(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp
    ) -> None:
        others = [f"transformed/run={run}0/part.csv", f"models/run={run}/model.tar.gz"]
        for key in others:
            ml_pipeline.put(key, b"")
        clean_up()
        assert [versions(ml_pipeline, key) for key in others] == [[key] for key in others]

    @pytest.mark.verification
    def test_more_versions_than_one_page_or_one_request_holds(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp
    ) -> None:
        s3 = ml_pipeline.root.client("s3")
        for number in range(1100):
            key = f"transformed/run={run}/many/part-{number:05d}.csv"
            s3.put_object(Bucket=ml_pipeline.bucket, Key=key, Body=b"")
        batches: list[int] = []
        dagcleanup.client().meta.events.register(
            "provide-client-params.s3.DeleteObjects",
            lambda params, **_: batches.append(len(params["Delete"]["Objects"])),
        )
        assert clean_up()["deleted_versions"] == 1103
        # S3, unlike the stand-in, takes 1000 at most.
        assert batches == [1000, 103]
        assert versions(ml_pipeline, f"transformed/run={run}/many/") == []

    def test_a_version_that_stays_fails_the_call_and_the_next_call_goes_on(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        genuine = dagcleanup.client()

        class Stubborn:
            """S3 which refuses the first of the versions it is to delete."""

            def __getattr__(self, name: str) -> Any:
                return getattr(genuine, name)

            def delete_objects(self, Bucket: str, Delete: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
                first, *rest = Delete["Objects"]
                genuine.delete_objects(Bucket=Bucket, Delete={"Objects": rest})
                return {"Errors": [{"Key": first["Key"], "Code": "InternalError"}]}

        with monkeypatch.context() as patch:
            patch.setattr(dagcleanup, "client", Stubborn)
            with pytest.raises(dagcleanup.CleanupError, match=f"^1 .*run={run}/"):
                clean_up()
        assert ml_pipeline.keys(f"runs/{run}/") == []
        assert clean_up()["deleted_versions"] == 1


def tags_of(pipeline: Pipeline, key: str) -> list[dict[str, str]]:
    found = pipeline.root.client("s3").get_object_tagging(Bucket=pipeline.bucket, Key=key)
    tags: list[dict[str, str]] = found["TagSet"]
    return tags


LATER, LAST = "20260103T000000000000", "20260104T000000000000"
"""The moments of two DAG runs that train again."""


@pytest.mark.usefixtures("data")
class TestRowsAreKept:
    """After a success they are marked for S3 to delete, and the run can be trained on again."""

    @pytest.fixture(autouse=True)
    def _days(self, clean_up: CleanUp, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KEEP_TRAINING_DATA_DAYS", "7")

    def test_rows_are_marked_and_nothing_else(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp, data: list[str]
    ) -> None:
        tag = dict(zip(("Key", "Value"), TRAINED_TAG, strict=True))
        replica = f"transformed/run={OTHER_RUN}/kept/part.csv"
        ml_pipeline.put(replica, b"1,2\n")
        replace_manifest(ml_pipeline, run, {}, f"transformed/run={OTHER_RUN}/kept/")
        summary = clean_up()
        assert [tags_of(ml_pipeline, key) for key in (*data, replica)] == [[tag]] * 4
        assert tags_of(ml_pipeline, f"transformed/run={run}/_manifest.json") == []
        day = (datetime.now(UTC) + timedelta(days=8)).date().isoformat()
        assert (summary["deleted_versions"], summary["rows_kept_until"]) == (0, day)

    def test_each_training_is_listed_and_the_newest_success_is_the_runs(
        self, run: str, clean_up: CleanUp
    ) -> None:
        clean_up(training_job_name="first", model_artifact="first.tar.gz")
        again = clean_up(training=LATER, training_job_name="again", model_artifact="again.tar.gz")
        assert again["model_artifact"] == "again.tar.gz"
        failed = clean_up("failed", training=LAST)
        assert {**failed, "trainings": again["trainings"]} == again
        assert [(each["training"], each["outcome"]) for each in failed["trainings"]] == [
            (run, "success"),
            (LATER, "success"),
            (LAST, "failed"),
        ]
        assert clean_up("failed", training=LATER) == failed
        repaired = clean_up(training=LAST, training_job_name="last")
        assert [each["outcome"] for each in repaired["trainings"]] == ["success"] * 3
        assert repaired["training_job_name"] == "last"

    def test_a_summary_of_an_earlier_version_counts_as_a_training(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp
    ) -> None:
        earlier = {"run": run, "outcome": "success", "training_job_name": "job"}
        ml_pipeline.put(f"runs/{run}/summary.json", json.dumps(earlier).encode())
        assert clean_up() == earlier
        trainings = clean_up(training=LATER)["trainings"]
        assert [each["training"] for each in trainings] == [run, LATER]

    def test_what_is_older_goes_on_the_next_day(self) -> None:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
        assert run_rows.expiry(long_ago, 7) == tomorrow


@pytest.mark.usefixtures("data")
class TestAfterFailure:
    """The data stay, and a later success may still clean up."""

    def test_nothing_is_deleted(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp, data: list[str]
    ) -> None:
        summary = clean_up("failed")
        assert (summary["outcome"], summary["deleted_versions"]) == ("failed", 0)
        assert set(versions(ml_pipeline, f"transformed/run={run}/")) > set(data)

    def test_a_later_success_replaces_the_summary(
        self, ml_pipeline: Pipeline, run: str, clean_up: CleanUp
    ) -> None:
        clean_up("failed")
        summary = clean_up()
        assert (summary["outcome"], summary["deleted_versions"]) == ("success", 3)
        assert json.loads(ml_pipeline.get(f"runs/{run}/summary.json")) == summary

    def test_a_later_failure_replaces_the_summary(self, clean_up: CleanUp) -> None:
        clean_up("failed", training_job_name="first")
        assert clean_up("failed", training_job_name="second")["training_job_name"] == "second"


def test_a_failed_run_without_a_manifest_has_a_summary_without_rows(clean_up: CleanUp) -> None:
    summary = clean_up("failed")
    assert (summary["rows"], summary["source"]) == (None, None)


def test_a_success_without_a_manifest_is_refused(
    ml_pipeline: Pipeline, run: str, clean_up: CleanUp
) -> None:
    part = f"transformed/run={run}/attempt/train/part-00000.csv"
    ml_pipeline.put(part, b"")
    with pytest.raises(dagcleanup.CleanupError, match=f"run={run}/_manifest.json"):
        clean_up()
    assert versions(ml_pipeline, f"transformed/run={run}/") == [part]


GOOD = {"run": "20260101T123456789012", "outcome": "success"}

WRONG: dict[str, list[object]] = {
    "run": [
        *(..., None, "", "*", 20260101, "20260101T12345678901", "20260101T123456789012\n"),
        *("20260101T123456789012/", "\u0662\u0660\u0662\u06660101T123456789012"),
    ],
    "training": ["", 7, "../20260101T123456789012"],
    "outcome": [..., "Success"],
    "metrics": [{"auc": "high"}, [1], {"auc": float("nan")}],
    "training_job_name": [1],
    "model_artifact": [["s3://b/k"]],
    "trained_with": [["image:1"]],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_malformed_payload_is_refused_before_s3_is_called(
    name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUCKET_NAME", "a-bucket")
    monkeypatch.setenv("KEEP_TRAINING_DATA_DAYS", "0")
    monkeypatch.setattr(dagcleanup, "client", lambda: None)
    event = {key: item for key, item in {**GOOD, name: value}.items() if item is not ...}
    with pytest.raises(dagcleanup.CleanupError, match=f"^{name}: "):
        dagcleanup.handler(event, object())


def test_the_role_may_not_delete_elsewhere(ml_pipeline: Pipeline, run: str) -> None:
    """The tests above mean something only if the stand-in enforces the role's policy."""
    key = f"models/run={run}/model.tar.gz"
    ml_pipeline.put(key, b"")
    s3 = ml_pipeline.role.client("s3")
    (found,) = ml_pipeline.root.client("s3").list_object_versions(
        Bucket=ml_pipeline.bucket, Prefix=key
    )["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=ml_pipeline.bucket, Key=key, VersionId=found["VersionId"])
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_object_versions(Bucket=ml_pipeline.bucket, Prefix="models/")


def test_importing_the_function_makes_no_client() -> None:
    assert dagcleanup.client.cache_info().currsize == 0
