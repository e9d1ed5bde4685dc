"""One job run per run, even if the task that started it dies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest
from airflow.providers.amazon.aws.hooks.glue import GlueJobHook
from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from botocore.stub import Stubber  # type: ignore[import-untyped]
from cross_account.failure import AirflowFailException
from cross_account.glue import CrossAccountGlueJobHook, CrossAccountGlueJobOperator
from cross_account.session_policy import session_policy

pytestmark = pytest.mark.airflow

JOB = "unified-pipelines-dev-east1-mwaa_glue_raw_to_transform"
ERRORS = Path(__file__).parents[2] / "workloads/glue/errors.py"
DUE = datetime(2026, 11, 22, 12, 33, 36, 123456, tzinfo=UTC)
ARGUMENTS = {"--bucket_name": "bucket", "--run": "20261122T123336123456"}


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = boto3.client("glue", region_name="us-east-1")
    monkeypatch.setattr(GlueJobHook, "conn", client, raising=False)
    monkeypatch.setattr(GlueJobHook, "get_client_type", lambda _self, config: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def hook(stub: Stubber) -> CrossAccountGlueJobHook:
    return CrossAccountGlueJobHook(job_name=JOB, aws_conn_id=None)


def job_run(number: int, state: str, **changes: Any) -> dict[str, Any]:
    return {
        "Id": f"jr_{number}",
        "JobName": JOB,
        "JobRunState": state,
        "Arguments": {"--label_column": "label", **ARGUMENTS},
        "StartedOn": DUE + timedelta(seconds=number),
        **changes,
    }


def are_listed(stub: Stubber, *runs: dict[str, Any], token: str = "", then: str = "") -> None:
    """Expect one look at a page of job runs, and that there is another one if `then`."""
    asked = {"JobName": JOB, **({"NextToken": token} if token else {})}
    answer = {"JobRuns": list(runs), **({"NextToken": then} if then else {})}
    stub.add_response("get_job_runs", answer, asked)


def is_started(stub: Stubber) -> None:
    asked = {"JobName": JOB, "Arguments": ARGUMENTS}
    takes = stub.client.meta.service_model.operation_model("StartJobRun").input_shape.members
    if "ExecutionRoleSessionPolicy" in takes:
        asked["ExecutionRoleSessionPolicy"] = session_policy("aws", "bucket", ARGUMENTS["--run"])
    stub.add_response("start_job_run", {"JobRunId": "jr_new"}, asked)


class TestHook:
    """A job is started only if no run with the same arguments is running or has succeeded."""

    def test_a_first_job_run_is_started(self, stub: Stubber, hook: CrossAccountGlueJobHook) -> None:
        are_listed(stub)
        is_started(stub)
        assert hook.initialize_job(ARGUMENTS)["JobRunId"] == "jr_new"

    @pytest.mark.parametrize("state", ["STARTING", "RUNNING", "WAITING", "SUCCEEDED"])
    def test_one_that_is_running_or_succeeded_is_reattached_to(
        self, stub: Stubber, hook: CrossAccountGlueJobHook, state: str
    ) -> None:
        are_listed(stub, job_run(2, "FAILED"), job_run(1, state))
        assert hook.initialize_job(ARGUMENTS) == {"JobRunId": "jr_1"}

    @pytest.mark.parametrize("state", ["FAILED", "TIMEOUT", "STOPPED", "STOPPING", "ERROR"])
    def test_one_that_failed_is_not(
        self, stub: Stubber, hook: CrossAccountGlueJobHook, state: str
    ) -> None:
        are_listed(stub, job_run(1, state))
        is_started(stub)
        assert hook.initialize_job(ARGUMENTS)["JobRunId"] == "jr_new"

    @pytest.mark.parametrize(
        "arguments", [{**ARGUMENTS, "--run": "20261122T123336123457"}, {"--run": "x"}, {}]
    )
    def test_one_of_another_run_is_not(
        self, stub: Stubber, hook: CrossAccountGlueJobHook, arguments: dict[str, str]
    ) -> None:
        are_listed(stub, job_run(1, "RUNNING", Arguments=arguments))
        is_started(stub)
        assert hook.initialize_job(ARGUMENTS)["JobRunId"] == "jr_new"

    def test_every_page_is_read_that_may_contain_it(
        self, stub: Stubber, hook: CrossAccountGlueJobHook
    ) -> None:
        other = {"--run": "20261122T130000000000"}
        are_listed(stub, job_run(9, "RUNNING", Arguments=other), then="second")
        are_listed(stub, job_run(1, "RUNNING"), token="second", then="third")
        assert hook.initialize_job(ARGUMENTS) == {"JobRunId": "jr_1"}

    def test_no_page_is_read_that_is_older_than_the_run(
        self, stub: Stubber, hook: CrossAccountGlueJobHook
    ) -> None:
        yesterday = {"StartedOn": DUE - timedelta(days=1), "Arguments": {"--run": "other"}}
        are_listed(stub, job_run(0, "SUCCEEDED", **yesterday), then="second")
        is_started(stub)
        assert hook.initialize_job(ARGUMENTS)["JobRunId"] == "jr_new"


def new_operator() -> CrossAccountGlueJobOperator:
    return CrossAccountGlueJobOperator(
        task_id="raw_to_transform", aws_conn_id=None, job_name=JOB, script_args=ARGUMENTS
    )


WAYS_TO_FAIL: dict[str, tuple[str, dict[str, Any]]] = {
    "the trigger reports it": (
        "execute_complete",
        {"event": {"status": "error", "message": "Waiter error", "run_id": "jr_1"}},
    ),
    "the trigger fails": ("__fail__", {"error": "Trigger failure"}),
    "the wait takes too long": ("__fail__", {"error": "Trigger timeout"}),
}


class TestOperator:
    """A failed task raises Glue's own reason, however the wait ends."""

    def fail(self, stub: Stubber, *found: dict[str, Any], way: str = "the trigger fails") -> str:
        are_listed(stub, *found)
        with pytest.raises(RuntimeError) as failure:
            new_operator().resume_execution(*WAYS_TO_FAIL[way], {})
        return str(failure.value)

    @pytest.mark.parametrize("way", WAYS_TO_FAIL)
    @pytest.mark.parametrize("state", ["FAILED", "STOPPED", "ERROR", "EXPIRED"])
    def test_a_failure(self, stub: Stubber, way: str, state: str) -> None:
        failed = job_run(1, state, ErrorMessage="The file is empty.")
        text = self.fail(stub, failed, way=way)
        assert all(part in text for part in ("jr_1", JOB, state, "The file is empty."))

    @pytest.mark.parametrize("reason", ["INPUT_REFUSED", "SCRIPT_FAILED"])
    @pytest.mark.parametrize("way", WAYS_TO_FAIL)
    def test_a_failure_that_the_file_would_cause_again_is_not_retried(
        self, stub: Stubber, way: str, reason: str
    ) -> None:
        starts = CrossAccountGlueJobOperator.certain_failures
        start = dict(zip(("INPUT_REFUSED", "SCRIPT_FAILED"), starts, strict=True))[reason]
        assert f'{reason} = "{start}"' in ERRORS.read_text(encoding="utf-8")
        failed = job_run(1, "FAILED", ErrorMessage=f"SystemExit: {start}the file is empty.")
        are_listed(stub, failed)
        with pytest.raises(AirflowFailException, match="the file is empty"):
            new_operator().resume_execution(*WAYS_TO_FAIL[way], {})

    def test_the_last_failure_of_several(self, stub: Stubber) -> None:
        others = job_run(3, "RUNNING", Arguments={"--run": "20261122T130000000000"})
        text = self.fail(stub, others, job_run(2, "FAILED"), job_run(1, "TIMEOUT", Timeout=1))
        assert "jr_2" in text
        assert "jr_1" not in text

    def test_a_time_out(self, stub: Stubber) -> None:
        ended = job_run(1, "TIMEOUT", Timeout=60, ErrorMessage="Too long.")
        text = self.fail(stub, ended)
        assert all(part in text for part in ("glue.timeout_minutes", "60", "Too long."))

    @pytest.mark.parametrize("state", ["STARTING", "RUNNING", "STOPPING", "SUCCEEDED"])
    def test_a_wait_that_failed_alone(self, stub: Stubber, state: str) -> None:
        text = self.fail(stub, job_run(1, state))
        assert all(part in text for part in ("jr_1", JOB, state, "Trigger failure"))

    def test_no_job_run_at_all(self, stub: Stubber) -> None:
        assert "Trigger failure" in self.fail(stub)

    def test_the_stock_operator_gets_the_context(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stock = MagicMock(return_value="jr_1")
        monkeypatch.setattr(GlueJobOperator, "execute_complete", stock)
        event, context = {"status": "success"}, {"ti": None}
        operator = new_operator()
        assert operator.resume_execution("execute_complete", {"event": event}, context) == "jr_1"
        stock.assert_called_once_with(context, event=event)

    def test_success(self, stub: Stubber) -> None:
        event = {"event": {"status": "success", "run_id": "jr_1"}}
        assert new_operator().resume_execution("execute_complete", event, {}) == "jr_1"
