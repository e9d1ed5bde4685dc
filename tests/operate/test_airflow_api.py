"""The calls to Airflow's REST API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from operate.airflow_api import AirflowError
from tests.operate.answers import MOMENT, RUN, api, client, dag_run_row


class Airflow:
    """What InvokeRestApi is called with, in this order, and what it returns."""

    def __init__(self) -> None:
        self.mwaa = client("mwaa")
        self._stubber = Stubber(self.mwaa)
        self._stubber.activate()

    def answers(self, method: str, path: str, content: Any, **request: Any) -> None:
        expected = {"Name": "environment", "Method": method, "Path": path, **request}
        answer = {"RestApiStatusCode": 200, "RestApiResponse": content}
        self._stubber.add_response("invoke_rest_api", answer, expected)

    def refuses(self, status: int) -> None:
        self._stubber.add_client_error(
            "invoke_rest_api",
            "RestApiClientException",
            modeled_fields={"RestApiStatusCode": status, "RestApiResponse": {"detail": "because"}},
        )

    def all_asked(self) -> None:
        self._stubber.assert_no_pending_responses()


@pytest.fixture
def airflow() -> Airflow:
    return Airflow()


def test_a_run_that_is_there_already_is_the_one_that_was_started(airflow: Airflow) -> None:
    airflow.refuses(409)
    airflow.answers("GET", f"/dags/data_x/dagRuns/{RUN}", dag_run_row("data_x", "queued"))

    started = api(airflow.mwaa).trigger("data_x", RUN, datetime.fromisoformat(MOMENT))

    assert (started.run_id, started.run) == (RUN, RUN)
    airflow.all_asked()


def test_a_refused_start_says_what_airflow_said(airflow: Airflow) -> None:
    airflow.refuses(400)

    with pytest.raises(AirflowError, match="because") as caught:
        api(airflow.mwaa).trigger("data_x", RUN, datetime.fromisoformat(MOMENT))
    assert caught.value.status == 400


def test_an_unknown_dag_is_neither_paused_nor_unpaused(airflow: Airflow) -> None:
    airflow.refuses(404)

    assert api(airflow.mwaa).is_paused("data_x") is None


@pytest.mark.parametrize("name", ["upload_0123456789abcd", RUN])
def test_a_run_is_found_by_its_id_and_by_its_name_on_any_page(airflow: Airflow, name: str) -> None:
    later = {"run_after": "2026-02-02T03:04:05Z"}
    first = [dag_run_row("data_x", "success", f"scheduled__{each}", **later) for each in range(100)]
    second = [dag_run_row("data_x", "failed", "upload_0123456789abcd")]
    for offset, rows in ((0, first), (100, second)):
        airflow.answers(
            "POST",
            "/dags/~/dagRuns/list",
            {"dag_runs": rows, "total_entries": 101},
            Body={
                "dag_ids": ["data_x"],
                "order_by": "-run_after",
                "page_limit": 100,
                "page_offset": offset,
            },
        )

    found = api(airflow.mwaa).find("data_x", name)

    assert found is not None
    assert (found.run_id, found.run) == ("upload_0123456789abcd", RUN)
    airflow.all_asked()
