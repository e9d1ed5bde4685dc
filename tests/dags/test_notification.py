"""Who hears of a failed run, and of what."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from airflow.providers.amazon.aws.hooks.sns import SnsHook
from cross_account.notification import telling
from cross_account.topology_file import HubEntry

from tests.dags.example_topology import read, topology
from tests.dags.fake_aws import FakeAws

pytestmark = pytest.mark.airflow

TOPIC = "arn:aws:sns:us-east-1:111111111111:told"
EAST = read(topology()).data_pipelines["east1"]
HUB = HubEntry(stack="unified-pipelines-dev", region="us-east-1", notification_topic_arn=TOPIC)


@pytest.fixture(autouse=True)
def _counted(aws: FakeAws) -> None:
    """Metrics go to the stand-in for AWS."""


class Published(list[dict[str, Any]]):
    def add(self, hook: SnsHook, **arguments: Any) -> None:
        assert (hook.aws_conn_id, hook.region_name) == (None, "us-east-1")
        self.append(arguments)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Published:
    made = Published()

    def publish(hook: SnsHook, **arguments: Any) -> None:
        made.add(hook, **arguments)

    monkeypatch.setattr(SnsHook, "publish_to_target", publish)
    return made


def failed(task_id: str = "raw_to_transform", **more: Any) -> dict[str, Any]:
    """The context of a task that failed; its run has the `states`."""
    states = more.pop("states", {task_id: "failed", "wait_for_raw_file": "success"})
    ti = SimpleNamespace(
        dag_id=EAST.dag_id,
        run_id="run",
        task_id=task_id,
        try_number=2,
        log_url="https://airflow/log",
        get_task_states=lambda **_: {"run": states},
    )
    return {"ti": ti, **more}


def tell(context: dict[str, Any]) -> None:
    telling(EAST, HUB)(context)


def test_without_a_topic_a_failed_run_is_counted_alone(published: Published, aws: FakeAws) -> None:
    telling(EAST, HUB.model_copy(update={"notification_topic_arn": None}))(failed())
    assert published == []
    assert aws.metrics == [{"FailedRuns": 1}]


def test_a_message_is_sent_where_the_metric_can_not_be_written(
    published: Published, aws: FakeAws
) -> None:
    aws.metrics_refused = True
    tell(failed())
    assert len(published) == 1


def test_a_message_says_what_failed_and_why(published: Published) -> None:
    tell(failed(exception=ValueError("None of the 3 rows can be used.\x00")))
    (sent,) = published
    assert sent["target_arn"] == TOPIC
    assert sent["subject"] == "data_east1 failed at raw_to_transform"
    for text in ("east1", "222222222222", "us-east-1", "run of data_east1", "attempt 2"):
        assert text in sent["message"]
    assert "Reason: None of the 3 rows can be used. \n" in sent["message"]
    assert "https://airflow/log" in sent["message"]


def test_a_process_that_died_leaves_airflows_reason(published: Published) -> None:
    tell(failed(reason="heartbeat timeout"))
    assert "Reason: heartbeat timeout" in published[0]["message"]


def test_the_second_failed_task_of_a_run_is_no_news(published: Published, aws: FakeAws) -> None:
    tell(failed("dagcleanup", states={"dagcleanup": "failed", "train": "failed"}))
    assert published == []
    assert aws.metrics == []


def test_a_subject_is_as_short_as_amazon_sns_takes_it(published: Published) -> None:
    tell(failed("a" * 120, reason="x" * 20_000))
    assert len(published[0]["subject"]) == 100
    assert len(published[0]["message"]) < 11_000
