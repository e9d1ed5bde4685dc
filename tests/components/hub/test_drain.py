"""What happens around an update of the environment, with an Airflow that keeps what it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from botocore.exceptions import ClientError

from clients.paused_dags import RECORD
from components.hub.drain import Drain, TasksRunError
from components.hub.update_hooks import restarts_workers

VARIABLE = f"/variables/{RECORD}"


def refusal(status: int) -> ClientError:
    content: Any = {"Error": {"Code": "RestApiClientException"}, "RestApiStatusCode": status}
    return ClientError(content, "InvokeRestApi")


@dataclass
class FakeMwaa:
    """A client of Amazon MWAA; each look at the tasks is the next of `moments`, then the last."""

    paused: dict[str, bool]
    moments: list[list[str]] = field(default_factory=lambda: [[]])
    statuses: list[str] = field(default_factory=lambda: ["AVAILABLE"])
    variables: dict[str, str] = field(default_factory=dict)
    writes_until_killed: int | None = None

    def get_environment(self, Name: str) -> Any:  # noqa: N803 (boto3's)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return {"Environment": {"Status": status}}

    def invoke_rest_api(self, **request: Any) -> Any:
        method, path = request["Method"], request["Path"]
        assert len(path) <= 64
        if method == "GET" and path == "/dags":
            dags = [{"dag_id": name} for name, paused in self.paused.items() if not paused]
            offset = int(request["QueryParameters"]["offset"])
            return answer({"dags": dags[offset : offset + 100], "total_entries": len(dags)})
        if path == "/dags/~/dagRuns/~/taskInstances/list":
            tasks = self.moments.pop(0) if len(self.moments) > 1 else self.moments[0]
            assert "deferred" not in request["Body"]["state"]
            return answer({"task_instances": [{"dag_id": "d", "task_id": t} for t in tasks]})
        if path.startswith("/dags/"):
            return self._patch(path.removeprefix("/dags/"), **request["Body"])
        return self._variable(method, request)

    def _patch(self, dag_id: str, *, is_paused: bool) -> Any:
        if self.writes_until_killed == 0:
            raise KeyboardInterrupt
        if self.writes_until_killed is not None:
            self.writes_until_killed -= 1
        if dag_id not in self.paused:
            raise refusal(404)
        self.paused[dag_id] = is_paused
        return answer({})

    def _variable(self, method: str, request: Any) -> Any:
        if method == "POST":
            assert request["Path"] == "/variables"
            assert RECORD not in self.variables
        elif request["Path"] == VARIABLE and RECORD not in self.variables:
            raise refusal(404)
        if method == "DELETE":
            del self.variables[RECORD]
            return answer(None)
        if method in ("POST", "PATCH"):
            self.variables[RECORD] = request["Body"]["value"]
        return answer({"value": self.variables[RECORD]})


def answer(content: Any) -> Any:
    return {"RestApiStatusCode": 200, "RestApiResponse": content}


@dataclass
class Drained:
    """A drain of a fake, and what it told."""

    mwaa: FakeMwaa
    stop: bool = True
    connect: Callable[[], Any] | None = None
    said: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    @property
    def drain(self) -> Drain:
        return Drain(
            connect=self.connect or (lambda: self.mwaa),
            environment="environment",
            minutes=1,
            stop_if_running=self.stop,
            say=self.said.append,
            warn=self.warned.append,
            sleep=self.slept.append,
        )


def test_what_was_unpaused_pauses_until_the_update_is_over() -> None:
    of = Drained(FakeMwaa({"a": False, "b": True, "c": False}, moments=[["t", "u"], ["u"], []]))

    of.drain.before_update()

    assert of.mwaa.paused == {"a": True, "b": True, "c": True}
    assert json.loads(of.mwaa.variables[RECORD]) == ["a", "c"]
    assert len(of.slept) == 2

    of.drain.unpause()

    assert of.mwaa.paused == {"a": False, "b": True, "c": False}
    assert of.mwaa.variables == {}
    assert of.warned == []


def test_more_dags_than_a_page_and_one_whose_id_no_call_takes() -> None:
    names = [*(f"dag_{number}" for number in range(101)), "x" * 59]
    of = Drained(FakeMwaa(dict.fromkeys(names, False)))

    of.drain.before_update()

    assert [name for name, paused in of.mwaa.paused.items() if not paused] == ["x" * 59]


@pytest.mark.parametrize("writes", [0, 1])
def test_an_interrupted_update_is_continued_by_the_next(writes: int) -> None:
    of = Drained(FakeMwaa({"a": False, "b": False}, writes_until_killed=writes))
    with pytest.raises(KeyboardInterrupt):
        of.drain.before_update()
    of.mwaa.writes_until_killed = None

    of.drain.before_update()
    assert of.mwaa.paused == {"a": True, "b": True}
    of.drain.unpause()

    assert of.mwaa.paused == {"a": False, "b": False}


def test_tasks_that_still_run_stop_the_update_and_nothing_stays_paused() -> None:
    of = Drained(FakeMwaa({"a": False}, moments=[["t"]]))

    with pytest.raises(TasksRunError, match=r"after 1 minutes: d\.t\."):
        of.drain.before_update()

    assert of.mwaa.paused == {"a": False}
    assert of.mwaa.variables == {}
    assert sum(of.slept) == 60


def test_or_the_update_continues_and_says_which_tasks_it_stops() -> None:
    of = Drained(FakeMwaa({"a": False}, moments=[["t"]]), stop=False)

    of.drain.before_update()

    assert of.mwaa.paused == {"a": True}
    assert "d.t" in of.warned[0]


def test_an_airflow_that_does_not_answer_stops_no_update() -> None:
    def connect() -> Any:
        raise refusal(502)

    of = Drained(FakeMwaa({}), connect=connect)

    of.drain.before_update()
    of.drain.unpause()

    assert "can't be asked" in of.warned[0]
    assert "unpause --restore" in of.warned[1]


def test_an_environment_in_need_of_repair_is_not_drained() -> None:
    of = Drained(FakeMwaa({"a": False}, statuses=["UNAVAILABLE"]))

    of.drain.before_update()

    assert of.mwaa.paused == {"a": False}
    assert "UNAVAILABLE" in of.warned[0]


def test_after_a_failure_the_dags_wait_for_the_end_of_awss_work() -> None:
    of = Drained(FakeMwaa({"a": False}))
    of.drain.before_update()
    of.mwaa.statuses = ["UPDATING", "ROLLING_BACK", "ROLLING_BACK", "AVAILABLE"]

    of.drain.after_failure()

    assert len(of.slept) == 3
    assert of.mwaa.paused == {"a": False}


def test_a_dag_that_is_gone_holds_nothing_up() -> None:
    of = Drained(FakeMwaa({"a": False, "b": False}))
    of.drain.before_update()
    del of.mwaa.paused["a"]

    of.drain.unpause()

    assert of.mwaa.paused == {"b": False}
    assert of.mwaa.variables == {}


OPTIONS = {"core.parallelism": "32"}


def with_secret(inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs as a hook gets them: the secret one is an Output, a new one each time."""
    name = "airflowConfigurationOptions"
    return {**inputs, name: pulumi.Output.secret(inputs[name])}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"maxWorkers": 20, "tags": {"a": "b"}}, False),
        ({"maxWorkers": 20, "schedulers": 3}, True),
        ({"pluginsS3ObjectVersion": "2"}, True),
        ({"startupScriptS3ObjectVersion": "2"}, True),
        ({"airflowConfigurationOptions": {"core.parallelism": "64"}}, True),
    ],
)
def test_which_updates_restart_workers(change: dict[str, Any], *, expected: bool) -> None:
    async def restarted() -> bool:
        old = {"maxWorkers": 10, "airflowConfigurationOptions": OPTIONS}
        return await restarts_workers(with_secret(old), with_secret({**old, **change}))

    assert asyncio.run(restarted()) == expected
