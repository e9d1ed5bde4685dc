"""Every fault that is played: what it leaves behind, and which test verifies it.

`tests/local/fault_checks.py` verifies a row's outcome; docs/verification/faults.md shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Data(Enum):
    """What is left of the run's rows."""

    TRAINED = "every row is accounted for, published once, trained on once, then cleaned"
    KEPT = "every row is accounted for and published once; kept, since there is no model"
    UNPUBLISHED = "nothing is published; the raw file is as it was"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The outcome of a run under a fault; job states in the order in which the jobs started."""

    test: str
    """`file::function` below tests/local."""

    fault: str

    data_run: str
    """The state in which the data run ends."""

    ml_run: str | None
    """The same of the ML run that it starts; None where it starts none."""

    glue: tuple[str, ...]
    training: tuple[str, ...]
    data: Data

    then: str
    """What else the test saw: the message, the repair."""

    @property
    def outcome(self) -> str:
        """Both runs' states in words, and what else was seen."""
        ml = f"ML run {self.ml_run}" if self.ml_run else "no ML run"
        return f"data run {self.data_run}, {ml}: {self.then}"

    @property
    def jobs(self) -> str:
        """The jobs that were started, each with its last state."""
        kinds = {"Glue": self.glue, "training": self.training}
        return "; ".join(f"{kind}: {', '.join(jobs) or 'none'}" for kind, jobs in kinds.items())


SUCCESS, FAILED = "success", "failed"
ONE_GLUE_RUN, ONE_TRAINING = ("SUCCEEDED",), ("Completed",)

FAULTS = (
    Fault(
        test="test_faults_in_one_run.py"
        "::test_glue_fails_once_the_manifest_arrives_first_and_the_function_is_called_twice",
        fault="Glue fails once, its parts copied and its manifest not written",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=("FAILED", "SUCCEEDED"),
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="the second attempt's parts alone are published; the first one's lie beside them",
    ),
    Fault(
        test="test_faults_jobs.py::test_glue_never_ends",
        fault="Glue never ends",
        data_run=FAILED,
        ml_run=None,
        glue=("TIMEOUT", "TIMEOUT"),
        training=(),
        data=Data.UNPUBLISHED,
        then="the job's own time-out ends each attempt; the task says so in one sentence",
    ),
    Fault(
        test="test_faults_jobs.py::test_glue_has_no_room_while_the_ml_pipeline_is_paused",
        fault="the Glue job takes no further run while another is at work",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=ONE_GLUE_RUN,
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="its task waits without a worker, and starts it in the same attempt",
    ),
    Fault(
        test="test_faults_in_one_run.py::test_workers_are_killed_and_the_function_times_out",
        fault="the worker is killed after it started the Glue job, before it knows of it",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=ONE_GLUE_RUN,
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="the retry reattaches to the job run",
    ),
    Fault(
        test="test_end_to_end_further_runs.py"
        "::test_a_paused_ml_pipeline_catches_up_fails_and_is_repeated_by_hand",
        fault="training fails, and the ML DAG was paused before",
        data_run=SUCCESS,
        ml_run=FAILED,
        glue=ONE_GLUE_RUN,
        training=("Failed", "Failed"),
        data=Data.KEPT,
        then="the ML run waited for the DAG; repeated by hand, a third job succeeds",
    ),
    Fault(
        test="test_faults_in_one_run.py::test_workers_are_killed_and_the_function_times_out",
        fault="training's whole worker is killed after it started the job",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=ONE_GLUE_RUN,
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="Airflow misses its heartbeat, and the retry reattaches to the same job",
    ),
    Fault(
        test="test_faults_in_one_run.py"
        "::test_glue_fails_once_the_manifest_arrives_first_and_the_function_is_called_twice",
        fault="the Lambda function is called twice, since the first answer never arrives",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=("FAILED", "SUCCEEDED"),
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="the second call finds the work done and changes nothing",
    ),
    Fault(
        test="test_faults_in_one_run.py::test_workers_are_killed_and_the_function_times_out",
        fault="the Lambda function times out in the middle of deleting",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=ONE_GLUE_RUN,
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="the task fails with the time-out's message, and its retry finishes the work",
    ),
    Fault(
        test="test_faults_in_one_run.py"
        "::test_a_file_too_many_fails_a_run_and_the_next_one_outlives_the_scheduler",
        fault="the scheduler is killed with its workers, during Glue and just after training began",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=ONE_GLUE_RUN,
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="started again, it resumes the wait and reattaches to the training job",
    ),
    Fault(
        test="test_end_to_end_further_runs.py"
        "::test_two_runs_at_once_train_on_new_data_and_do_not_mix",
        fault="two runs overlap",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=ONE_GLUE_RUN,
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="each has its own keys, jobs and model",
    ),
    Fault(
        test="test_faults_jobs.py::test_glue_has_no_room_while_the_ml_pipeline_is_paused",
        fault="two data runs finish before the scheduler next looks at the ML DAG, which is paused",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=ONE_GLUE_RUN,
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="each has an ML run of its own; none is merged or lost",
    ),
    Fault(
        test="test_faults_in_one_run.py"
        "::test_glue_fails_once_the_manifest_arrives_first_and_the_function_is_called_twice",
        fault="replication delivers the manifest first, the parts later, in any order",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=("FAILED", "SUCCEEDED"),
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="no job is started before the last part is there",
    ),
    Fault(
        test="test_faults_in_one_run.py"
        "::test_the_ml_pipelines_secret_is_wrong_and_one_part_never_arrives",
        fault="one part never arrives",
        data_run=SUCCESS,
        ml_run=FAILED,
        glue=ONE_GLUE_RUN,
        training=(),
        data=Data.KEPT,
        then="the wait ends with the key and its status, FAILED; copied by hand, it is trained on",
    ),
    Fault(
        test="test_faults_in_one_run.py"
        "::test_a_file_too_many_fails_a_run_and_the_next_one_outlives_the_scheduler",
        fault="a file that no manifest lists lies among the run's parts",
        data_run=SUCCESS,
        ml_run=FAILED,
        glue=ONE_GLUE_RUN,
        training=(),
        data=Data.KEPT,
        then="refused before training, with the file's name",
    ),
    Fault(
        test="test_faults_in_one_run.py"
        "::test_a_file_too_many_fails_a_run_and_the_next_one_outlives_the_scheduler",
        fault="the second run comes with stale data still there",
        data_run=SUCCESS,
        ml_run=SUCCESS,
        glue=ONE_GLUE_RUN,
        training=ONE_TRAINING,
        data=Data.TRAINED,
        then="what the first run left is neither read nor touched",
    ),
    Fault(
        test="test_end_to_end_further_runs.py"
        "::test_a_wrong_connection_fails_the_run_before_anything_is_done",
        fault="the data pipeline's secret is removed, or has no role or another's ExternalId",
        data_run=FAILED,
        ml_run=None,
        glue=(),
        training=(),
        data=Data.UNPUBLISHED,
        then="its first task fails without a retry and names the connection",
    ),
    Fault(
        test="test_faults_connections.py::test_the_data_pipelines_secret_is_wrong",
        fault="the data pipeline's secret is emptied, malformed, or points to the hub's account",
        data_run=FAILED,
        ml_run=None,
        glue=(),
        training=(),
        data=Data.UNPUBLISHED,
        then="its first task fails without a retry and names the connection",
    ),
    Fault(
        test="test_faults_in_one_run.py"
        "::test_the_ml_pipelines_secret_is_wrong_and_one_part_never_arrives",
        fault="the ML pipeline's secret points to the hub's account while the data run works",
        data_run=SUCCESS,
        ml_run=FAILED,
        glue=ONE_GLUE_RUN,
        training=(),
        data=Data.KEPT,
        then="its first task fails without a retry; fixed and repeated by hand, it succeeds",
    ),
)
