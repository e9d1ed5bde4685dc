"""A training of several sources: when there is one, on which runs, and with which files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cross_account.combining_tasks import choose_sources_of_run, combine_runs, list_source_files
from cross_account.failure import AirflowFailException, AirflowSkipException
from cross_account.run import manifest_key, sources_key, summary_key
from cross_account.same_columns import SourcesDifferError, check_columns, check_schemas
from cross_account.tasks import prepare_training

from tests.dags import example_data
from tests.dags.example_topology import pipelines
from tests.dags.fake_aws import FakeAws

WORLD = pipelines()["world"]
BUCKET = (WORLD["connection_id"], WORLD["bucket_name"])
SOURCES = {
    name: {
        "connection_id": pipelines()[name]["connection_id"],
        "name": pipelines()[name]["bucket_name"],
    }
    for name in ("east1", "europe1")
}


def day(number: int) -> str:
    return f"202611{number:02d}T000000000000"


def at(number: int) -> str:
    """The training whose DAG run is of noon."""
    return f"202611{number:02d}T120000000000"


class Sources:
    """Runs of the sources, and DAG runs of the ML pipeline that trains on them."""

    def __init__(self, aws: FakeAws) -> None:
        self.aws = aws
        self.waiting_for: list[str] = []
        self.put(WORLD["training_config_key"], example_data.training_config(WORLD["bucket_name"]))

    def put(self, key: str, content: object) -> None:
        self.aws.put(WORLD["bucket_name"], key, content)

    def read(self, key: str) -> Any:
        return json.loads(self.aws.objects[WORLD["bucket_name"], key])

    def complete(
        self, source: str, run: str, *, is_replicated: bool = True, **changes: Any
    ) -> None:
        """Publish a run of a source, whose files may be replicated at once, its manifest not."""
        attempt = f"{source}attempt"
        text = json.dumps(example_data.manifest(run)).replace(example_data.ATTEMPT, attempt)
        self.aws.put(SOURCES[source]["name"], manifest_key(run), {**json.loads(text), **changes})
        for key, body in example_data.files(run).items() if is_replicated else ():
            self.put(key.replace(example_data.ATTEMPT, attempt), body)

    def start(self, training: str, trains_when: str = "all", **conf: Any) -> str:
        moment = datetime.strptime(training, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
        dag_run = SimpleNamespace(run_type="manual", logical_date=None, run_after=moment, conf=conf)
        ti = SimpleNamespace(xcom_push=lambda key, value: setattr(self, key, value))
        run: str = choose_sources_of_run.function(
            *BUCKET,
            SOURCES,
            trains_when=trains_when,
            dag_run=dag_run,
            params={"run": None},
            ti=ti,
        )
        assert run == conf.get("run", training)
        return run

    def waits(self, training: str, trains_when: str = "all") -> list[str]:
        """The sources that a DAG run waits for."""
        with pytest.raises(AirflowSkipException) as skipped:
            self.start(training, trains_when)
        assert all(source in str(skipped.value) for source in self.waiting_for)
        assert (WORLD["bucket_name"], sources_key(training)) not in self.aws.objects
        return self.waiting_for

    def end(self, training: str, outcome: str) -> None:
        self.put(summary_key(training), {"outcome": outcome})

    def taken(self, training: str) -> dict[str, str]:
        manifests = self.read(sources_key(training))["manifests"]
        return {source: manifest["run"] for source, manifest in manifests.items()}

    def superseded(self, training: str) -> list[str]:
        return list(self.read(sources_key(training))["superseded"])


@pytest.fixture
def world(aws: FakeAws) -> Sources:
    return Sources(aws)


@pytest.mark.verification
class TestAll:
    """A training takes a new run of each source, and no run twice."""

    def test_it_waits_for_the_late_source(self, world: Sources) -> None:
        assert world.waits(at(1)) == ["east1", "europe1"]
        world.complete("east1", day(1))
        assert world.waits(at(2)) == ["europe1"]
        world.complete("europe1", day(1))
        world.start(at(3))
        assert world.taken(at(3)) == {"east1": day(1), "europe1": day(1)}

    def test_a_run_is_used_once(self, world: Sources) -> None:
        for source in SOURCES:
            world.complete(source, day(1))
        world.start(at(1))
        assert world.waits(at(2)) == ["east1", "europe1"]
        # Of a DAG run that was skipped before that training, and is cleared after it.
        assert world.waits("20261101T110000000000") == ["east1", "europe1"]
        world.complete("east1", day(2))
        assert world.waits(at(3)) == ["europe1"]

    def test_a_repeated_dag_run_takes_the_same_runs(self, world: Sources) -> None:
        for source in SOURCES:
            world.complete(source, day(1))
        world.start(at(3))
        world.complete("east1", day(2))
        world.start(at(3))
        assert world.taken(at(3)) == {"east1": day(1), "europe1": day(1)}

    def test_the_runs_of_a_failed_training_are_free_again(self, world: Sources) -> None:
        for source in SOURCES:
            world.complete(source, day(1))
        world.start(at(1))
        world.end(at(1), "failed")
        world.complete("east1", day(2))
        world.start(at(2))
        assert world.taken(at(2)) == {"east1": day(2), "europe1": day(1)}
        with pytest.raises(AirflowFailException, match=f"The training {at(2)} has taken the place"):
            world.start(at(1))

    def test_a_run_whose_replicas_are_late_is_taken(self, world: Sources) -> None:
        world.aws.written = "Sun, 01 Nov 2026 11:30:00 GMT"
        for source in SOURCES:
            world.complete(source, day(1), is_replicated=False)
        world.start(at(1))
        assert world.taken(at(1)) == {"east1": day(1), "europe1": day(1)}

    @pytest.mark.parametrize("trains_when", ["all", "any"])
    def test_a_run_from_before_the_replication_is_not(
        self, world: Sources, trains_when: str
    ) -> None:
        world.complete("east1", day(1))
        world.complete("europe1", day(1), is_replicated=False)
        assert world.waits(at(1), trains_when) == ["europe1"]

    def test_nor_is_one_that_was_trained_on_as_the_only_source(self, world: Sources) -> None:
        world.aws.written = "Sun, 01 Nov 2026 11:30:00 GMT"
        world.complete("east1", day(1), is_replicated=False)
        world.complete("europe1", day(1))
        world.end(day(1), "success")
        assert world.waits(at(1)) == ["east1"]

    def test_replicas_that_are_passed_over_or_used_are_superseded(self, world: Sources) -> None:
        for run in (day(1), day(2)):
            world.complete("east1", run)
        world.complete("europe1", day(1))
        world.start(at(3))
        assert world.superseded(at(3)) == [
            f"transformed/run={day(1)}/east1attempt/",
            f"transformed/run={day(1)}/europe1attempt/",
            f"transformed/run={day(2)}/east1attempt/",
        ]

    def test_other_columns_name_source_and_column(self, world: Sources) -> None:
        world.complete("east1", day(1))
        world.complete("europe1", day(1), columns=["label", "fare"])
        with pytest.raises(AirflowFailException, match=r"Column 2 of europe1.*feature, got fare"):
            world.start(at(1))
        assert (WORLD["bucket_name"], sources_key(at(1))) not in world.aws.objects


@pytest.mark.verification
class TestAny:
    """A training takes at least one new run, and the newest of the other sources."""

    def test_each_new_run_is_trained_on(self, world: Sources) -> None:
        world.complete("east1", day(1))
        assert world.waits(at(1), "any") == ["europe1"]
        world.complete("europe1", day(1))
        world.start(at(2), "any")
        world.end(at(2), "success")
        assert world.waits(at(3), "any") == ["east1", "europe1"]
        world.complete("east1", day(3))
        # Its source keeps a run for a time only.
        del world.aws.objects[SOURCES["europe1"]["name"], manifest_key(day(1))]
        world.start(at(4), "any")
        assert world.taken(at(4)) == {"east1": day(3), "europe1": day(1)}
        assert world.superseded(at(4)) == [f"transformed/run={day(1)}/east1attempt/"]

    def test_a_run_that_an_unfinished_training_uses_is_kept(self, world: Sources) -> None:
        for source in SOURCES:
            world.complete(source, day(1))
        world.start(at(1), "any")
        world.complete("east1", day(2))
        world.start(at(2), "any")
        assert world.superseded(at(2)) == []


@pytest.mark.verification
class TestOneRunOfAll:
    """The files of all sources are copied side by side, and checked like a run's."""

    def test_the_request_reads_every_file(self, world: Sources) -> None:
        for source in SOURCES:
            world.complete(source, day(1))
        run = world.start(at(1))
        listed = list_source_files.function(*BUCKET, run)
        assert len(listed) == 2 * len(example_data.files())
        combine_runs.function(*BUCKET, run)
        request = prepare_training.function(
            *BUCKET,
            run,
            WORLD["training_config_key"],
            WORLD["training_job_name_prefix"],
            algorithm="xgboost",
            dag_run=SimpleNamespace(run_id=run, conf={}),
            params={"hyperparameters": None},
        )
        channel = request["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"]
        folder = f"transformed/run={run}/combined/train/"
        assert channel == f"s3://{WORLD['bucket_name']}/{folder}"
        names = [key.removeprefix(folder) for _, key in world.aws.objects if folder in key]
        assert sorted(names) == [
            f"{source}-part-0000{number}.csv" for source in SOURCES for number in (0, 1)
        ]
        manifest = world.read(manifest_key(run))
        assert manifest["rows"] == {
            name: 2 * count for name, count in example_data.manifest()["rows"].items()
        }
        assert {name: each["run"] for name, each in manifest["sources"].items()} == dict.fromkeys(
            SOURCES, day(1)
        )
        # The replicas may be gone when the DAG run is cleared.
        for key in listed:
            del world.aws.objects[WORLD["bucket_name"], key]
        assert list_source_files.function(*BUCKET, run) == [manifest_key(run)]
        combine_runs.function(*BUCKET, run)

    def test_a_training_can_be_repeated_while_its_rows_are_there(self, world: Sources) -> None:
        for source in SOURCES:
            world.complete(source, day(1))
        first = world.start(at(1))
        with pytest.raises(AirflowFailException, match="whose rows are combined"):
            world.start(at(2), run=first)
        combine_runs.function(*BUCKET, first)
        world.end(first, "success")
        assert world.start(at(2), run=first) == first
        assert (WORLD["bucket_name"], sources_key(at(2))) not in world.aws.objects
        for key in [key for _, key in world.aws.objects if "/combined/" in key]:
            del world.aws.objects[WORLD["bucket_name"], key]
        with pytest.raises(AirflowFailException, match="was deleted"):
            world.start(at(3), run=first)

    def test_a_truncated_replica_is_found(self, world: Sources) -> None:
        for source in SOURCES:
            world.complete(source, day(1))
        run = world.start(at(1))
        world.put(list_source_files.function(*BUCKET, run)[0], b"1")
        with pytest.raises(AirflowFailException, match="of another size"):
            combine_runs.function(*BUCKET, run)


def schema(**changes: Any) -> dict[str, Any]:
    return {
        "label": {"column": "label", "kind": "category", "classes": ["no", "yes"]},
        "columns": [
            {"name": "fare", "kind": "number", "pinned": False},
            {"name": "city", "kind": "category", "pinned": False, "levels": ["Rom", "Oslo"]},
        ],
        "features": [{"column": "fare"}, {"column": "city", "level": "Rom"}],
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label": {"column": "label", "kind": "category", "classes": ["yes", "no"]}}, "'label'"),
        ({"columns": schema()["columns"][:1]}, "Column 3 of b .*'city'.*got no such column"),
        ({"features": schema()["features"][:1]}, "Column 2 of b .*'Rom'"),
        ({"cells": {"decimal": ","}}, "The cells of b"),
    ],
)
def test_schemas_that_differ(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SourcesDifferError, match=sentence):
        check_schemas({"a": schema(), "b": schema(**changes)})


def test_pinned_or_not_makes_no_difference() -> None:
    pinned = [{**column, "pinned": True} for column in schema()["columns"]]
    check_schemas({"a": schema(), "b": schema(columns=pinned)})
    check_columns({"a": ["label", "fare"], "b": ["label", "fare"]})
