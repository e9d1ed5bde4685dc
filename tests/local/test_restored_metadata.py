"""A backup of the runs so far, restored into an Airflow that has lost them."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from components.aws.account_region import AccountRegion
from operate.backups import Metadata
from operate.restored_run import RestoredRun
from tests.local.kept_run import KeptRun

pytestmark = [pytest.mark.end_to_end, pytest.mark.verification]

SCHEDULED = "scheduled__2026-01-02T00:00:00+00:00"
"""An id that Airflow reserves, of a run whose interval mustn't be done again."""


def states(kept: KeptRun) -> dict[tuple[str, str], str]:
    """The state of every DAG run by its DAG and id."""
    return {(run.dag_id, run.run_id): run.state for run in kept.api.dag_runs()}


def lose(kept: KeptRun) -> None:
    """Delete every DAG run and the variable, and pause the DAGs: as a new environment has them."""
    kept.delete(kept.api.dag_runs())
    for variable in ("limit", "api_password"):
        kept.api._call("DELETE", f"/variables/{variable}")
    for dag_id in (kept.data.dag_id, kept.ml.dag_id):
        kept.api.pause(dag_id)
    assert states(kept) == {}


class Bucket:
    """The backups' bucket."""

    def __init__(self, kept: KeptRun) -> None:
        found = kept.summary["outputs"]["backup"]
        self._name = found["bucket_name"]
        self._s3 = kept.client(
            "s3", AccountRegion(account_id=kept.plan.hub.account_id, region=found["region"])
        )

    def with_scheduled_run(self, kept: KeptRun, name: str) -> Metadata:
        """The backup with a run of the schedule besides, written in its stead."""
        key = f"metadata/{name}.json.gz"
        body = self._s3.get_object(Bucket=self._name, Key=key)["Body"].read()
        content: dict[str, Any] = json.loads(gzip.decompress(body))
        moments = {"data_interval_start": 1, "data_interval_end": 2, "logical_date": 1}
        content["dag_runs"].append(
            {
                **content["dag_runs"][0],
                **{member: f"2026-01-0{day + 1}T00:00:00Z" for member, day in moments.items()},
                "dag_id": kept.data.dag_id,
                "dag_run_id": SCHEDULED,
                "run_type": "scheduled",
                "state": "failed",
                "run_after": "2026-01-03T00:00:00Z",
                "conf": {},
            }
        )
        changed = gzip.compress(json.dumps(content).encode())
        self._s3.put_object(Bucket=self._name, Key=key, Body=changed)
        return Metadata.model_validate(content)


def test_what_ended_is_there_again_and_does_not_start_again(kept: KeptRun) -> None:
    kept.api._call("POST", "/variables", {"key": "limit", "value": '{"rows": 7}'})
    kept.api._call("POST", "/variables", {"key": "api_password", "value": "secret"})
    kept.api.pause(kept.ml.dag_id)
    (*_, name) = kept.operate("backup")["backups"]
    backed_up = Bucket(kept).with_scheduled_run(kept, name)
    assert len(backed_up.dag_runs) == len(states(kept)) + 1 > 2

    lose(kept)
    done = kept.operate("restore", name)
    assert done["variables"] == ["limit"]
    assert done["masked_variables"] == ["api_password"]
    assert done["unpaused"] == [kept.data.dag_id]
    assert (done["unfinished_runs"], done["refused_runs"]) == ([], {})
    value = kept.api._call("GET", "/variables/limit")["value"]
    assert json.loads(value) == {"rows": 7}
    assert states(kept) == {
        (run.dag_id, RestoredRun(run).run_id): run.state for run in backed_up.dag_runs
    }

    again = kept.operate("restore", name)
    assert (again["runs"], again["variables"]) == ([], [])
    assert sorted(again["runs_already_there"]) == sorted(done["runs"])
    found = kept.operate("backfill", "--pipeline", kept.data.name)
    assert found["started"] == []
    assert found["already_there"]
    assert kept.operate("explain", "20260103T000000000000", "--pipeline", kept.data.name)
    kept.api.unpause(kept.ml.dag_id)
