"""A job that AWS has no room for is started once there is some, and no worker waits for that."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest
from cross_account.aws_error import ClientError
from cross_account.failure import AirflowFailException
from cross_account.job_task import JobTask
from cross_account.settings import MOST_WAITS_FOR_ROOM, pause_after

from tests.dags import example_data
from tests.dags.deferred_tasks import CONTEXT, TaskDeferred, ready
from tests.dags.example_data import RUN
from tests.dags.example_topology import SECRETS
from tests.dags.fake_aws import FakeAws

if TYPE_CHECKING:
    from airflow.models.dagbag import DagBag

pytestmark = pytest.mark.airflow

GLUE = ("cross_account_data_processing_east1", "raw_to_transform")
TRAINING = ("cross_account_machine_learning_west2", "train")
TASKS = pytest.mark.parametrize("place", [GLUE, TRAINING], ids=["Glue", "SageMaker"])

LOOK = {GLUE: "glue:GetJobRuns", TRAINING: "sagemaker:DescribeTrainingJob"}
START = {GLUE: "glue:StartJobRun", TRAINING: "sagemaker:CreateTrainingJob"}

THROTTLED = (
    "The account makes more calls in this Region than AWS takes: find out what makes so many, "
    "then clear this task."
)

SHORTAGES = {
    (GLUE, "ConcurrentRunsExceededException"): (
        "As many runs of the job are at work as the topology's glue.max_concurrent_runs "
        "allows: see what holds them up, or raise it, then clear this task."
    ),
    (GLUE, "ResourceNumberLimitExceededException"): (
        "The account's quota for AWS Glue jobs in this Region is used up: have Service Quotas "
        "raise it, or let fewer jobs run at a time, then clear this task."
    ),
    (GLUE, "ThrottlingException"): THROTTLED,
    (TRAINING, "ResourceLimitExceeded"): (
        "That quota of the account is used up, or too small for this job: have Service Quotas "
        "raise it and clear this task, or choose another training.instance_type in the "
        "topology and clear prepare_training."
    ),
    (TRAINING, "ThrottlingException"): THROTTLED,
}
EACH_SHORTAGE = pytest.mark.parametrize(("place", "code"), SHORTAGES)

FULL = {GLUE: "ConcurrentRunsExceededException", TRAINING: "ResourceLimitExceeded"}


@pytest.fixture(autouse=True)
def _arrived(aws: FakeAws) -> None:
    for key, body in example_data.files().items():
        aws.put("bucket", key, body)


@pytest.fixture(autouse=True)
def _called_once(aws: FakeAws) -> None:
    """The SDK's own repetitions would take a minute, and end the same way."""
    for name in ("east1", "west2"):
        secret = f"{SECRETS}/aws_crossaccount_role_conn_{name}"
        content = json.loads(aws.secrets[secret])
        del content["extra"]["config_kwargs"]
        aws.secrets[secret] = json.dumps(content)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    logger = MagicMock()
    logger.info = lambda text, *values: lines.append(text % values)
    monkeypatch.setattr(JobTask, "log", logger, raising=False)
    return lines


def work(dag_bag: DagBag, place: tuple[str, str], waits: int = 0) -> TaskDeferred:
    """Let the task begin to wait, from its start or after so many waits for room."""
    dag_id, task_id = place
    task = ready(dag_bag.dags[dag_id].get_task(task_id))
    event = datetime(2026, 11, 22, tzinfo=UTC)
    resumed = ("start_again", {"waits": waits, "event": event}, CONTEXT)
    with pytest.raises(TaskDeferred) as deferred:
        task.resume_execution(*resumed) if waits else task.execute(CONTEXT)
    return deferred.value


def refusal(place: tuple[str, str], code: str) -> str:
    """What the SDK makes of AWS's answer."""
    repeated = " (reached max retries: 0)" if code == "ThrottlingException" else ""
    operation = START[place].partition(":")[2]
    return (
        f"An error occurred ({code}) when calling the {operation} operation{repeated}: "
        "There is no more of it."
    )


def is_at_work(aws: FakeAws, place: tuple[str, str]) -> None:
    """The run's job, which another attempt has started."""
    aws.training_statuses = ["InProgress"]
    if place == GLUE:
        aws.glue("StartJobRun", {"JobName": "job", "Arguments": {"--run": RUN}})
        aws.glue_runs[0]["JobRunState"] = "RUNNING"
    else:
        request = {
            "TrainingJobName": f"unified-pipelines-dev-west2-{RUN}",
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/"},
        }
        aws.sagemaker("CreateTrainingJob", request)


@EACH_SHORTAGE
def test_a_refused_job_is_waited_for(
    dag_bag: DagBag, aws: FakeAws, log: list[str], place: tuple[str, str], code: str
) -> None:
    aws.refused_starts = [code]
    before = datetime.now(tz=UTC)
    wait = work(dag_bag, place)
    after = datetime.now(tz=UTC)
    assert (wait.method_name, wait.kwargs, wait.timeout) == ("start_again", {"waits": 1}, None)
    assert before <= wait.trigger.moment - timedelta(seconds=10) <= after
    assert [line for line in log if "no room" in line] == [
        f"AWS has no room for the job now. {refusal(place, code)} Wait 1 of at most 28: 10 seconds."
    ]


@TASKS
def test_pauses_grow(dag_bag: DagBag, aws: FakeAws, log: list[str], place: tuple[str, str]) -> None:
    aws.refused_starts = [FULL[place]]
    wait = work(dag_bag, place, waits=3)
    assert (wait.method_name, wait.kwargs) == ("start_again", {"waits": 4})
    assert [line for line in log if line.endswith(" Wait 4 of at most 28: 80 seconds.")]


@TASKS
@pytest.mark.parametrize("waits", [0, MOST_WAITS_FOR_ROOM])
def test_once_there_is_room_it_is_started(
    dag_bag: DagBag, aws: FakeAws, place: tuple[str, str], waits: int
) -> None:
    aws.training_statuses = ["InProgress"]
    assert work(dag_bag, place, waits).method_name == "execute_complete"
    calls = aws.operations()
    assert calls.count(START[place]) == 1
    assert calls.index(LOOK[place]) < calls.index(START[place])


@TASKS
def test_a_job_that_is_there_by_then_is_taken_up(
    dag_bag: DagBag, aws: FakeAws, place: tuple[str, str]
) -> None:
    is_at_work(aws, place)
    aws.refused_starts = [FULL[place]]
    assert work(dag_bag, place, waits=1).method_name == "execute_complete"
    assert START[place] not in aws.operations()


@EACH_SHORTAGE
def test_in_the_end_it_is_given_up(
    dag_bag: DagBag, aws: FakeAws, place: tuple[str, str], code: str
) -> None:
    aws.refused_starts = [code]
    with pytest.raises(AirflowFailException) as failure:
        work(dag_bag, place, waits=MOST_WAITS_FOR_ROOM)
    assert str(failure.value) == (
        f"AWS has had no room for the job for about two hours. {refusal(place, code)} "
        f"{SHORTAGES[place, code]}"
    )


def test_whoever_has_waited_longer_than_now_allowed_gives_up(dag_bag: DagBag, aws: FakeAws) -> None:
    aws.refused_starts = [FULL[GLUE]]
    with pytest.raises(AirflowFailException, match="no room"):
        work(dag_bag, GLUE, waits=MOST_WAITS_FOR_ROOM + 1)


@TASKS
@pytest.mark.parametrize("waits", [0, 1])
def test_another_refusal_is_raised_as_it_is(
    dag_bag: DagBag, aws: FakeAws, place: tuple[str, str], waits: int
) -> None:
    aws.refused_starts = ["AccessDeniedException"]
    with pytest.raises(ClientError, match="AccessDeniedException"):
        work(dag_bag, place, waits)


def test_a_wait_lasts_two_hours_altogether() -> None:
    pauses = [pause_after(waits).total_seconds() for waits in range(MOST_WAITS_FOR_ROOM)]
    assert pauses[:7] == [10, 20, 40, 80, 160, 300, 300]
    assert sum(pauses) == 2 * 3600 + 10
