"""From training data to a model: one DAG per ML pipeline of topology.json.

The DAG trains on one run's data: the run that a data-processing DAG hands over, or the one in the
parameter `run`, or else the newest that has arrived. It waits for the run's manifest and for every
file that the manifest lists (replication keeps no order), trains in the pipeline's own account and
Region, and has the run's data removed once there is a model. After a failure the data stays.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Param, chain
from cross_account.cleanup import TRAIN, cleanup_payload
from cross_account.function import CrossAccountInvokeFunctionOperator
from cross_account.key_sensor import CrossAccountKeySensor
from cross_account.parsing import is_wanted
from cross_account.run import RUN_PATTERN, manifest_key
from cross_account.sagemaker import CrossAccountSageMakerTrainingOperator
from cross_account.settings import (
    MAX_ACTIVE_RUNS,
    PAID_JOB_RETRIES,
    REPLICATION_POLL_SECONDS,
    REPLICATION_TIMEOUT,
    cleanup_client,
    default_args,
    job_attempts,
    job_wait_seconds,
    poll_seconds,
)
from cross_account.tasks import choose_run, list_files, prepare_training
from cross_account.topology import MlPipeline, load_topology

RUN_PARAMETER = Param(
    None,
    type=["null", "string"],
    pattern=RUN_PATTERN,
    description="The run to train on, such as 20261122T123336123456; the newest if left out.",
)


def machine_learning(pipeline: MlPipeline) -> None:
    """Define the DAG of one ML pipeline."""
    with DAG(
        f"cross_account_machine_learning_{pipeline.name}",
        description=f"Training data to a model in {pipeline.account_id}, {pipeline.region}",
        doc_md=__doc__,
        schedule=None,
        catchup=False,
        max_active_runs=MAX_ACTIVE_RUNS,
        default_args=default_args(pipeline),
        params={"run": RUN_PARAMETER},
        tags=["cross-account", "machine-learning", pipeline.account_id, pipeline.region],
        user_defined_macros={"manifest_key": manifest_key, "cleanup_payload": cleanup_payload},
    ):
        place = {"connection_id": pipeline.connection_id, "bucket": pipeline.bucket}
        replicated: dict[str, Any] = {
            "aws_conn_id": pipeline.connection_id,
            "bucket_name": pipeline.bucket,
            "poke_interval": REPLICATION_POLL_SECONDS,
            "timeout": REPLICATION_TIMEOUT.total_seconds(),
            "deferrable": True,
            "next_step": (
                f"See their replication status in the bucket of {pipeline.source}: S3 never tries "
                "one that is FAILED again, so copy it, then clear this task."
            ),
        }
        # What a task returns is only there when it has run: typed as what it will be.
        run: Any = choose_run(**place)
        wait_for_manifest = CrossAccountKeySensor(
            task_id="wait_for_manifest",
            bucket_key="{{ manifest_key(ti.xcom_pull(task_ids='choose_run')) }}",
            **replicated,
        )
        files: Any = list_files(**place, run=run)
        wait_for_files = CrossAccountKeySensor(
            task_id="wait_for_files", bucket_key=files, **replicated
        )
        request: Any = prepare_training(
            **place,
            run=run,
            config_key=pipeline.training_config_key,
            job_name_prefix=pipeline.training_job_name_prefix,
        )
        train = CrossAccountSageMakerTrainingOperator(
            task_id=TRAIN,
            aws_conn_id=pipeline.connection_id,
            config=request,
            check_if_job_exists=False,
            deferrable=True,
            check_interval=poll_seconds(pipeline.max_runtime_seconds),
            max_attempts=job_attempts(pipeline.max_runtime_seconds),
            # Of the whole wait, which otherwise ends with the time-out of the work in a worker.
            max_ingestion_time=job_wait_seconds(pipeline.max_runtime_seconds),
            # Would copy the job's log into the task's; the hub has no right to read it.
            print_log=False,
            retries=PAID_JOB_RETRIES,
        )
        clean_up = CrossAccountInvokeFunctionOperator(
            task_id="dagcleanup",
            aws_conn_id=pipeline.connection_id,
            function_name=pipeline.cleanup_function_name,
            payload="{{ cleanup_payload(ti) }}",
            botocore_config=cleanup_client(pipeline.cleanup_timeout_seconds),
        )
        # Airflow takes a DAG run's state from its last tasks alone. The clean-up runs whatever
        # happened, so by itself it would turn a failed run into a success.
        trained = EmptyOperator(task_id="trained")
        chain(run, wait_for_manifest, files, wait_for_files, request, train, [trained, clean_up])
        # Without a chosen run there is nothing to clean up.
        clean_up.as_teardown(setups=run.operator, on_failure_fail_dagrun=True)


for ml_pipeline in load_topology().ml_pipelines:
    if is_wanted(f"cross_account_machine_learning_{ml_pipeline.name}"):
        machine_learning(ml_pipeline)
