"""What a backup becomes in an Airflow that has nothing, or a part of it already."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from clients.airflow_rest_api import PATH_LIMIT, RefusedError
from operate.backups import BackedUpRun, Backups, Metadata
from operate.errors import UsageError
from operate.metadata_api import MetadataApi, fits, run_path
from operate.restored_run import RestoredRun
from operate.restoring import Restored, Restoring
from tests.operate.answers import MOMENT, FakeAirflow, FakeConnection

UPLOAD = "upload_0123456789abcd"
SCHEDULED = "scheduled__2026-01-02T00:00:00+00:00"


def run(run_id: str = UPLOAD, **other: Any) -> dict[str, Any]:
    """A DAG run as a backup has it."""
    none = ("note", "logical_date", "data_interval_start", "data_interval_end")
    return {
        **dict.fromkeys(none),
        "dag_id": "data_east1",
        "dag_run_id": run_id,
        "run_type": "manual",
        "state": "success",
        "conf": {"raw_key": "raw/a.csv"},
        "run_after": MOMENT,
        "start_date": MOMENT,
        "end_date": MOMENT,
        **other,
    }


def metadata(*runs: dict[str, Any], **other: Any) -> Metadata:
    content = {
        "taken_at": MOMENT,
        "environment": "environment",
        "dags": {"data_east1": False, "ml_west2": True},
        "variables": [],
        "dag_runs": list(runs),
        **other,
    }
    return Metadata.model_validate(content)


@dataclass
class FakeRestApi:
    """Airflow behind InvokeRestApi, as far as restoring goes."""

    version: str = "3.3.1"
    paused: dict[str, bool] = field(default_factory=lambda: {"data_east1": False, "ml_west2": True})
    variables: dict[str, str] = field(default_factory=dict)
    runs: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    skipped: list[tuple[str, str, str]] = field(default_factory=list)

    def call(
        self, method: str, path: str, body: Any = None, query: dict[str, str] | None = None
    ) -> dict[str, Any]:
        assert len(path) <= PATH_LIMIT
        if query is not None:
            first, most = int(query["offset"]), int(query["limit"])
            ids = [run_id for dag_id, run_id in self.runs if dag_id == path.split("/")[2]]
            rows = [{"dag_run_id": each} for each in ids[first : first + most]]
            return {"dag_runs": rows, "total_entries": len(ids)}
        methods: dict[str, Callable[[list[str], Any], dict[str, Any] | None]] = {
            "GET": self._get,
            "POST": self._post,
            "PATCH": self._patch,
        }
        return methods[method](path.strip("/").split("/"), body) or {}

    def _get(self, path: list[str], _body: None) -> dict[str, Any]:
        match path:
            case ["version"]:
                return {"version": self.version}
            case ["dags", dag_id, "tasks"]:
                rule = "all_done_setup_success" if dag_id.startswith("ml_") else "all_success"
                return {"tasks": [{"task_id": "last", "trigger_rule": rule}]}
        _, dag_id, _, run_id = path
        return self.runs[dag_id, run_id]

    def _post(self, path: list[str], body: dict[str, Any]) -> None:
        if path[0] == "dags":
            self._add(path[1], body)
        elif body["key"] in self.variables:
            raise RefusedError("taken", 409)
        else:
            self.variables[body["key"]] = body["value"]

    def _patch(self, path: list[str], body: dict[str, Any]) -> dict[str, Any] | None:
        match path:
            case ["dags", "~", "dagRuns", "~", "taskInstances"]:
                for each in body["actions"][0]["entities"]:
                    self.skipped.append((each["dag_id"], each["dag_run_id"], each["task_id"]))
                return {"update": {"success": [], "errors": []}}
            case ["dags", dag_id]:
                if dag_id not in self.paused:
                    raise RefusedError("no such DAG", 404)
                self.paused[dag_id] = body["is_paused"]
            case ["dags", dag_id, "dagRuns", run_id]:
                # A teardown task that isn't over would keep the run from its end.
                assert not dag_id.startswith("ml_") or (dag_id, run_id, "last") in self.skipped
                self.runs[dag_id, run_id]["state"] = body["state"]
        return None

    def _add(self, dag_id: str, body: dict[str, Any]) -> None:
        assert self.paused[dag_id], "its DAG would start it"
        assert not re.match("scheduled__|backfill__|asset_triggered__", body["dag_run_id"])
        if body["conf"].get("raw_key") == "wrong":
            raise RefusedError("raw_key: no such key", 400)
        taken = {(dag, each["logical_date"]) for (dag, _), each in self.runs.items()}
        moment = body["logical_date"]
        if (dag_id, body["dag_run_id"]) in self.runs or (moment and (dag_id, moment) in taken):
            raise RefusedError("taken", 409)
        self.runs[dag_id, body["dag_run_id"]] = {**body, "state": "queued"}


def restored(api: FakeRestApi, backup: Metadata) -> Restored:
    def tell(_: Restored) -> None:
        pass

    rest_api: Any = api
    return Restoring(MetadataApi(rest_api), backup, tell).restore()


def test_a_run_ends_as_it_had_under_the_id_that_refuses_another() -> None:
    api = FakeRestApi()
    done = restored(api, metadata(run(), run("upload_1", state="failed")))
    assert {key: each["state"] for key, each in api.runs.items()} == {
        ("data_east1", UPLOAD): "success",
        ("data_east1", "upload_1"): "failed",
    }
    assert api.runs["data_east1", UPLOAD]["conf"] == {"raw_key": "raw/a.csv"}
    assert done.runs == [f"data_east1 {UPLOAD}", "data_east1 upload_1"]
    again = restored(api, metadata(run(), run("upload_1", state="failed")))
    assert (again.runs, len(again.runs_already_there)) == ([], 2)


def test_pauses_are_as_they_were() -> None:
    api = FakeRestApi(paused={"data_east1": True, "ml_west2": False})
    done = restored(api, metadata(dags={"data_east1": False, "ml_west2": True, "gone": False}))
    assert api.paused == {"data_east1": False, "ml_west2": True}
    assert (done.unpaused, done.unknown_dags) == (["data_east1"], ["gone"])


def test_a_dag_without_a_path_keeps_nothing_else_from_being_restored() -> None:
    long = "d" * 60
    api = FakeRestApi(paused={"data_east1": True, long: True})
    done = restored(api, metadata(run(), dags={long: False, "data_east1": False}))
    assert (done.unreachable_dags, done.unpaused) == ([long], ["data_east1"])
    assert len(done.runs) == 1


def test_a_run_of_the_schedule_keeps_its_interval() -> None:
    interval = {
        "logical_date": "2026-01-02T00:00:00Z",
        "data_interval_start": "2026-01-02T00:00:00Z",
        "data_interval_end": "2026-01-03T00:00:00Z",
        "run_after": "2026-01-03T00:00:00Z",
        "run_type": "scheduled",
    }
    api = FakeRestApi()
    restored(api, metadata(run(SCHEDULED, **interval)))
    ((_, run_id),) = api.runs
    (found,) = api.runs.values()
    assert len(run_id) == 21
    assert found["logical_date"] == found["data_interval_start"] == "2026-01-02T00:00:00+00:00"
    # So that the commands still find it by the name of its data.
    assert found["conf"]["run"] == "20260103T000000000000"
    assert SCHEDULED in found["note"]


def test_a_teardown_task_is_skipped_first() -> None:
    api = FakeRestApi()
    restored(api, metadata(run(dag_id="ml_west2")))
    assert api.skipped == [("ml_west2", UPLOAD, "last")]
    assert api.runs["ml_west2", UPLOAD]["state"] == "success"


def test_airflow_3_0_takes_no_runs_with_a_teardown_task() -> None:
    api = FakeRestApi(version="3.0.6")
    done = restored(api, metadata(run(), run(dag_id="ml_west2")))
    assert [*api.runs] == [("data_east1", UPLOAD)]
    assert done.refused_runs.keys() == {f"ml_west2 {UPLOAD}"}


def test_a_run_that_was_not_over_is_named_and_left() -> None:
    api = FakeRestApi()
    done = restored(api, metadata(run(state="running")))
    assert api.runs == {}
    assert done.unfinished_runs == [f"data_east1 {UPLOAD}"]


def test_a_run_that_an_interrupted_restore_has_begun_is_ended() -> None:
    api = FakeRestApi()
    begun = RestoredRun(BackedUpRun.model_validate(run())).body
    api.runs["data_east1", UPLOAD] = {**begun, "state": "queued"}
    done = restored(api, metadata(run()))
    assert api.runs["data_east1", UPLOAD]["state"] == "success"
    assert done.runs == [f"data_east1 {UPLOAD}"]


def test_a_run_that_has_started_since_is_left_alone() -> None:
    api = FakeRestApi()
    api.runs["data_east1", UPLOAD] = {"state": "queued", "note": None, "logical_date": None}
    done = restored(api, metadata(run()))
    assert api.runs["data_east1", UPLOAD]["state"] == "queued"
    assert done.runs_already_there == [f"data_east1 {UPLOAD}"]


def test_a_run_with_an_id_that_no_path_holds_is_not_added_to_itself() -> None:
    api, by_hand = FakeRestApi(), "manual__2026-01-02T03:04:05.678901+00:00"
    assert not fits(run_path("data_east1", by_hand))
    there = {"state": "success", "note": None, "logical_date": None}
    for number in range(150):
        api.runs["data_east1", f"upload_{number}"] = there
    api.runs["data_east1", by_hand] = there
    before = dict(api.runs)
    done = restored(api, metadata(run(by_hand)))
    assert api.runs == before
    assert done.runs_already_there == [f"data_east1 {by_hand}"]


def test_a_run_that_airflow_refuses_does_not_stop_the_rest() -> None:
    api = FakeRestApi()
    done = restored(api, metadata(run("upload_1", conf={"raw_key": "wrong"}), run()))
    assert [*api.runs] == [("data_east1", UPLOAD)]
    assert "no such key" in done.refused_runs["data_east1 upload_1"]


def test_hidden_and_present_variables_stay_as_they_are() -> None:
    api = FakeRestApi(variables={"present": "new"})
    values = {"present": "old", "limit": "7", "password": "***", "dags_paused_for_update": "[]"}
    variables = [{"key": k, "value": v, "description": None} for k, v in values.items()]
    done = restored(api, metadata(variables=variables))
    assert api.variables == {"present": "new", "limit": "7"}
    assert (done.variables, done.masked_variables) == (["limit"], ["password"])


@pytest.mark.parametrize(
    ("dag_id", "run_id", "fits"),
    [("d" * 28, "x" * 21, True), ("d" * 28, "x" * 40, True), ("d" * 29, "x" * 40, False)],
)
def test_every_path_is_short_enough(dag_id: str, run_id: str, *, fits: bool) -> None:
    made = RestoredRun(BackedUpRun.model_validate(run(run_id, dag_id=dag_id)))
    assert made.has_path is fits
    assert len(made.run_id) <= 21


def test_a_stack_without_backups_says_how_to_have_them() -> None:
    with pytest.raises(UsageError, match=r"hub\.backup"):
        Backups(FakeConnection(FakeAirflow([])))
