"""What Airflow's own REST API makes of a restored run, on each version."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import airflow
import pytest
from airflow.api_fastapi.app import create_app
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from fastapi.testclient import TestClient

from tests.dags.database import fill_database

pytestmark = [pytest.mark.airflow, pytest.mark.verification]

# The type checker knows dags.cross_account as cross_account here, and no types of botocore.
refusals: Any = import_module("clients.airflow_rest_api")
backups: Any = import_module("operate.backups")
metadata_api: Any = import_module("operate.metadata_api")
restoring: Any = import_module("operate.restoring")

MOMENT, END = "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"
DATA, ML = "data_east1", "ml_west2"
ENDS_ML_RUNS = not airflow.__version__.startswith("3.0.")


class RestApi:
    """An `AirflowRestApi` without Amazon MWAA between."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def call(
        self, method: str, path: str, body: Any = None, query: dict[str, str] | None = None
    ) -> Any:
        answer = self._client.request(method, f"/api/v2{path}", json=body, params=query)
        if answer.is_error:
            raise refusals.RefusedError(answer.text, answer.status_code)
        return answer.json() if answer.content else {}


@pytest.fixture(scope="module")
def api() -> Iterator[RestApi]:
    """The API of an Airflow that knows the DAGs, each of them paused."""
    fill_database()
    app = create_app(apps="core")
    manager = app.state.auth_manager
    user = SimpleAuthManagerUser(username="operator", role="op")
    token = manager._get_token_signer().generate(manager.serialize_user(user))
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(app, headers=headers, base_url="http://testserver") as client:
        yield RestApi(client)


def run(dag_id: str, run_id: str, state: str, **other: Any) -> dict[str, Any]:
    none = ("note", "logical_date", "data_interval_start", "data_interval_end", "conf")
    return {
        **dict.fromkeys(none),
        "dag_id": dag_id,
        "dag_run_id": run_id,
        "run_type": "manual",
        "state": state,
        "run_after": END,
        "start_date": END,
        "end_date": END,
        **other,
    }


SCHEDULED = {
    "run_type": "scheduled",
    "logical_date": MOMENT,
    "data_interval_start": MOMENT,
    "data_interval_end": END,
}
RUNS = [
    run(DATA, "upload_0123456789abcd", "success", conf={"raw_key": "raw/ml_train_data.csv"}),
    run(DATA, "scheduled__2026-01-02T00:00:00+00:00", "failed", **SCHEDULED),
    run(ML, "20260103T000000000000", "success", conf={"run": "20260103T000000000000"}),
]


def restore(api: RestApi) -> Any:
    content = {
        "taken_at": END,
        "environment": "environment",
        "dags": {DATA: True, ML: True},
        "variables": [{"key": "limit", "value": "7", "description": None}],
        "dag_runs": RUNS,
    }
    backup = backups.Metadata.model_validate(content)
    return restoring.Restoring(metadata_api.MetadataApi(api), backup, lambda _: None).restore()


def states(api: RestApi) -> dict[tuple[str, str], str]:
    rows = api.call("GET", "/dags/~/dagRuns")["dag_runs"]
    return {(row["dag_id"], row["dag_run_id"][:9]): row["state"] for row in rows}


def test_runs_are_at_their_ends_and_refuse_the_same_start(api: RestApi) -> None:
    done = restore(api)
    expected = {(DATA, "upload_01"): "success", (DATA, "restored_"): "failed"}
    if ENDS_ML_RUNS:
        expected[ML, "20260103T"] = "success"
    # Other tests have had runs in the same Airflow.
    found = states(api)
    assert {key: found.get(key) for key in expected} == expected
    assert ((ML, "20260103T") in found) is ENDS_ML_RUNS
    assert bool(done.refused_runs) is not ENDS_ML_RUNS
    again = restore(api)
    assert (again.runs, again.variables) == ([], [])
    assert len(again.runs_already_there) == len(expected)
    with pytest.raises(refusals.RefusedError) as refused:
        api.call(
            "POST",
            f"/dags/{DATA}/dagRuns",
            {"dag_run_id": "by_schedule", "logical_date": MOMENT},
        )
    assert refused.value.status == 409
