"""Clearing the DAG run of a complete run repeats nothing, and fails where the raw file is new."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from cross_account.aws_error import ClientError
from cross_account.failure import AirflowFailException
from cross_account.manifest import ManifestError
from cross_account.raw_file import NoSuchVersionError, RawFileReplacedError
from cross_account.run import manifest_key, moment_of

from tests.dags import example_data
from tests.dags.deferred_tasks import CONTEXT, TaskDeferred, ready
from tests.dags.example_data import RUN
from tests.dags.example_topology import pipelines
from tests.dags.fake_aws import FakeAws, Refusal

if TYPE_CHECKING:
    from airflow.models.dagbag import DagBag

EAST = pipelines()["east1"]
BUCKET, RAW = EAST["bucket_name"], EAST["raw_key"]


@pytest.fixture(autouse=True)
def _complete(aws: FakeAws) -> None:
    """A complete run, and the raw file that it was made from."""
    aws.put(BUCKET, manifest_key(RUN), example_data.manifest())
    aws.put(BUCKET, RAW, b"label\n1\n")


@pytest.fixture
def task(dag_bag: DagBag) -> Any:
    task = ready(dag_bag.dags["data_east1"].get_task("raw_to_transform"))
    task.script_args = {"--bucket_name": BUCKET, "--source_key": RAW, "--run": RUN}
    return task


def work(task: Any, clear_number: int | None = 1) -> None:
    task.execute({**CONTEXT, "dag_run": SimpleNamespace(clear_number=clear_number)})


def asked(aws: FakeAws) -> list[str]:
    return [operation for operation in aws.operations() if operation.startswith(("s3", "glue"))]


LOOKED = ["s3:GetObject", "s3:HeadObject"]
STARTED = ["glue:GetJobRuns", "glue:StartJobRun"]


@pytest.mark.parametrize(
    "version", [('"f"', "w"), ('"f"', "v"), ('"e"', "w"), ('"e"', None)], ids=str
)
def test_another_version_is_refused(
    task: Any, aws: FakeAws, version: tuple[str, str | None]
) -> None:
    aws.versions[BUCKET, RAW] = version
    with pytest.raises(AirflowFailException) as failure:
        work(task)
    assert isinstance(failure.value.__cause__, RawFileReplacedError)
    assert asked(aws) == LOOKED


def test_the_same_version_is_accepted(task: Any, aws: FakeAws) -> None:
    with pytest.raises(TaskDeferred):
        work(task)
    assert asked(aws) == [*LOOKED, *STARTED]


def test_a_bucket_may_keep_no_versions(task: Any, aws: FakeAws) -> None:
    manifest = example_data.manifest()
    manifest["source"]["version_id"] = None
    aws.put(BUCKET, manifest_key(RUN), manifest)
    aws.versions[BUCKET, RAW] = ('"e"', None)
    with pytest.raises(TaskDeferred):
        work(task)


def test_a_raw_file_that_is_gone_is_no_new_one(task: Any, aws: FakeAws) -> None:
    del aws.objects[BUCKET, RAW]
    with pytest.raises(TaskDeferred):
        work(task)


def test_a_run_that_is_not_complete_is_made(task: Any, aws: FakeAws) -> None:
    del aws.objects[BUCKET, manifest_key(RUN)]
    aws.versions[BUCKET, RAW] = ('"f"', "w")
    with pytest.raises(TaskDeferred):
        work(task)
    assert asked(aws) == ["s3:GetObject", *STARTED]


@pytest.mark.parametrize("clear_number", [0, None])
def test_a_retry_may_find_the_next_raw_file(
    task: Any, aws: FakeAws, clear_number: int | None
) -> None:
    aws.versions[BUCKET, RAW] = ('"f"', "w")
    with pytest.raises(TaskDeferred):
        work(task, clear_number)
    assert asked(aws) == STARTED


def test_a_run_with_a_version_of_its_own_can_always_be_cleared(task: Any, aws: FakeAws) -> None:
    task.script_args["--source_version"] = "v"
    aws.versions[BUCKET, RAW] = ('"f"', "w")
    with pytest.raises(TaskDeferred):
        work(task)
    assert asked(aws) == STARTED


class TestGivenVersion:
    """A version is looked for once, and never waited for."""

    def look(self, dag_bag: DagBag, version_id: str, key: str = RAW) -> None:
        sensor = copy.copy(dag_bag.dags["data_east1"].get_task("wait_for_raw_file"))
        sensor.bucket_key, sensor.version_id = key, version_id
        conf = {"raw_key": key, "raw_version": version_id}
        dag_run = SimpleNamespace(
            conf=conf, run_type="manual", logical_date=None, run_after=moment_of(RUN)
        )
        sensor.execute({"dag_run": dag_run})

    def test_an_earlier_one_is_found(self, dag_bag: DagBag, aws: FakeAws) -> None:
        aws.earlier_versions.add((BUCKET, RAW, "u"))
        self.look(dag_bag, "u")
        assert asked(aws) == ["s3:HeadObject"]

    @pytest.mark.parametrize("status", [400, 404, 405])
    def test_one_that_is_missing_fails_at_once(
        self, dag_bag: DagBag, aws: FakeAws, status: int
    ) -> None:
        del aws.objects[BUCKET, manifest_key(RUN)]

        def refuse(key: str) -> None:
            if key == RAW:
                raise Refusal(status, "")

        aws.on_object_asked = refuse
        with pytest.raises(AirflowFailException) as failure:
            self.look(dag_bag, "u")
        assert isinstance(failure.value.__cause__, NoSuchVersionError)

    def test_a_complete_run_needs_it_no_more(self, dag_bag: DagBag, aws: FakeAws) -> None:
        self.look(dag_bag, "u")
        assert asked(aws) == ["s3:HeadObject", "s3:GetObject"]

    def test_a_key_outside_of_raw_fails_at_once(self, dag_bag: DagBag, aws: FakeAws) -> None:
        with pytest.raises(AirflowFailException, match="below raw/"):
            self.look(dag_bag, "u", "config/training_config.json")
        assert asked(aws) == []


def test_a_missing_permission_is_raised_unchanged(task: Any, aws: FakeAws) -> None:
    def refuse(key: str) -> None:
        if key == RAW:
            raise Refusal(403, "AccessDenied")

    aws.on_object_asked = refuse
    with pytest.raises(ClientError, match="403"):
        work(task)


def test_a_broken_manifest_is_not_tried_again(task: Any, aws: FakeAws) -> None:
    aws.put(BUCKET, manifest_key(RUN), [])
    with pytest.raises(AirflowFailException) as failure:
        work(task)
    assert isinstance(failure.value.__cause__, ManifestError)
