"""A job that AWS rejects (quota, throttling) is started later, and no worker waits for that."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cross_account.aws_error import ClientError
from cross_account.failure import AirflowFailException
from cross_account.settings import MAX_START_WAITS, pause_after

from tests.dags import example_data
from tests.dags.deferred_tasks import CONTEXT, GLUE_ARGUMENTS, TaskDeferred, ready
from tests.dags.example_data import RUN
from tests.dags.example_topology import SECRETS
from tests.dags.fake_aws import FakeAws

if TYPE_CHECKING:
    from airflow.models.dagbag import DagBag

pytestmark = pytest.mark.airflow

GLUE = ("data_east1", "raw_to_transform")
TRAINING = ("ml_west2", "train")
TASKS = pytest.mark.parametrize("task", [GLUE, TRAINING], ids=["Glue", "SageMaker"])

LOOK = {GLUE: "glue:GetJobRuns", TRAINING: "sagemaker:DescribeTrainingJob"}
START = {GLUE: "glue:StartJobRun", TRAINING: "sagemaker:CreateTrainingJob"}

REJECTIONS = [
    (GLUE, "ConcurrentRunsExceededException"),
    (GLUE, "ResourceNumberLimitExceededException"),
    (GLUE, "ThrottlingException"),
    (TRAINING, "ResourceLimitExceeded"),
    (TRAINING, "ThrottlingException"),
]
EACH_REJECTION = pytest.mark.parametrize(("task", "code"), REJECTIONS)

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


def work(dag_bag: DagBag, task: tuple[str, str], waits: int = 0) -> TaskDeferred:
    """Let the task begin to wait, from its start or after so many waits."""
    dag_id, task_id = task
    copy = ready(dag_bag.dags[dag_id].get_task(task_id))
    event = datetime(2026, 11, 22, tzinfo=UTC)
    resumed = ("start_again", {"waits": waits, "event": event}, CONTEXT)
    with pytest.raises(TaskDeferred) as deferred:
        copy.resume_execution(*resumed) if waits else copy.execute(CONTEXT)
    return deferred.value


def is_running(aws: FakeAws, task: tuple[str, str]) -> None:
    """The run's job, which another attempt has started."""
    aws.training_statuses = ["InProgress"]
    if task == GLUE:
        aws.glue("StartJobRun", {"JobName": "job", "Arguments": GLUE_ARGUMENTS})
        aws.glue_runs[0]["JobRunState"] = "RUNNING"
    else:
        request = {
            "TrainingJobName": f"unified-pipelines-dev-west2-{RUN}",
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/"},
        }
        aws.sagemaker("CreateTrainingJob", request)


@EACH_REJECTION
def test_a_rejected_job_is_waited_for(
    dag_bag: DagBag, aws: FakeAws, task: tuple[str, str], code: str
) -> None:
    aws.refused_starts = [code]
    before = datetime.now(tz=UTC)
    wait = work(dag_bag, task)
    after = datetime.now(tz=UTC)
    assert (wait.method_name, wait.kwargs, wait.timeout) == ("start_again", {"waits": 1}, None)
    assert before <= wait.trigger.moment - timedelta(seconds=10) <= after


@TASKS
def test_pauses_grow(dag_bag: DagBag, aws: FakeAws, task: tuple[str, str]) -> None:
    aws.refused_starts = [FULL[task]]
    before = datetime.now(tz=UTC)
    wait = work(dag_bag, task, waits=3)
    after = datetime.now(tz=UTC)
    assert (wait.method_name, wait.kwargs) == ("start_again", {"waits": 4})
    assert before <= wait.trigger.moment - timedelta(seconds=80) <= after


@TASKS
@pytest.mark.parametrize("waits", [0, MAX_START_WAITS])
def test_it_is_started_once_aws_accepts_it(
    dag_bag: DagBag, aws: FakeAws, task: tuple[str, str], waits: int
) -> None:
    aws.training_statuses = ["InProgress"]
    assert work(dag_bag, task, waits).method_name == "execute_complete"
    calls = aws.operations()
    assert calls.count(START[task]) == 1
    assert calls.index(LOOK[task]) < calls.index(START[task])


@TASKS
def test_a_job_that_exists_by_then_is_reattached_to(
    dag_bag: DagBag, aws: FakeAws, task: tuple[str, str]
) -> None:
    is_running(aws, task)
    aws.refused_starts = [FULL[task]]
    assert work(dag_bag, task, waits=1).method_name == "execute_complete"
    assert START[task] not in aws.operations()


@EACH_REJECTION
def test_in_the_end_the_task_fails(
    dag_bag: DagBag, aws: FakeAws, task: tuple[str, str], code: str
) -> None:
    aws.refused_starts = [code]
    with pytest.raises(AirflowFailException) as failure:
        work(dag_bag, task, waits=MAX_START_WAITS)
    assert isinstance(failure.value.__cause__, ClientError)
    assert code in str(failure.value)


def test_a_task_that_waited_longer_than_is_allowed_now_fails(dag_bag: DagBag, aws: FakeAws) -> None:
    aws.refused_starts = [FULL[GLUE]]
    with pytest.raises(AirflowFailException, match=FULL[GLUE]):
        work(dag_bag, GLUE, waits=MAX_START_WAITS + 1)


@TASKS
@pytest.mark.parametrize("waits", [0, 1])
def test_another_error_is_raised_unchanged(
    dag_bag: DagBag, aws: FakeAws, task: tuple[str, str], waits: int
) -> None:
    aws.refused_starts = ["AccessDeniedException"]
    with pytest.raises(ClientError, match="AccessDeniedException"):
        work(dag_bag, task, waits)


def test_a_wait_lasts_two_hours_altogether() -> None:
    pauses = [pause_after(waits).total_seconds() for waits in range(MAX_START_WAITS)]
    assert pauses[:7] == [10, 20, 40, 80, 160, 300, 300]
    assert sum(pauses) == 2 * 3600 + 10
