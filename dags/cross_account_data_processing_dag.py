"""From a raw file to training data: one DAG per data pipeline of topology.json.

The DAG waits for the raw file, has the pipeline's Glue job turn it into training data in the
pipeline's own account and Region, checks what came of it and starts every ML pipeline that learns
from it, handing the run over.
"""

from __future__ import annotations

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Asset
from cross_account.glue import CrossAccountGlueJobOperator
from cross_account.key_sensor import CrossAccountKeySensor
from cross_account.parsing import is_wanted
from cross_account.run import run_of, triggered_run_id
from cross_account.settings import (
    MAX_ACTIVE_RUNS,
    PAID_JOB_RETRIES,
    RAW_POLL_SECONDS,
    RAW_TIMEOUT,
    default_args,
    job_attempts,
    poll_seconds,
)
from cross_account.tasks import check_transformed_data
from cross_account.topology import DataPipeline, load_topology

RUN = "{{ run_of(dag_run) }}"


def data_processing(pipeline: DataPipeline) -> None:
    """Define the DAG of one data pipeline."""
    limit_seconds = pipeline.glue_timeout_minutes * 60
    with DAG(
        f"cross_account_data_processing_{pipeline.name}",
        description=f"Raw file to training data in {pipeline.account_id}, {pipeline.region}",
        doc_md=__doc__,
        schedule=None,
        catchup=False,
        # Glue refuses one run more than its job takes, and the DAG run would fail.
        max_active_runs=min(MAX_ACTIVE_RUNS, pipeline.glue_max_concurrent_runs),
        default_args=default_args(pipeline),
        tags=["cross-account", "data-processing", pipeline.account_id, pipeline.region],
        user_defined_macros={"run_of": run_of},
    ):
        wait_for_raw_file = CrossAccountKeySensor(
            task_id="wait_for_raw_file",
            aws_conn_id=pipeline.connection_id,
            bucket_name=pipeline.bucket,
            bucket_key=pipeline.raw_key,
            poke_interval=RAW_POLL_SECONDS,
            timeout=RAW_TIMEOUT.total_seconds(),
            deferrable=True,
            next_step="Upload it, then clear this task.",
        )
        raw_to_transform = CrossAccountGlueJobOperator(
            task_id="raw_to_transform",
            aws_conn_id=pipeline.connection_id,
            job_name=pipeline.glue_job_name,
            script_args={
                "--bucket_name": pipeline.bucket,
                "--source_key": pipeline.raw_key,
                "--run": RUN,
            },
            deferrable=True,
            waiter_delay=poll_seconds(limit_seconds),
            waiter_max_attempts=job_attempts(limit_seconds),
            # Would copy the job's log into the task's; the hub has no right to read it.
            verbose=False,
            retries=PAID_JOB_RETRIES,
        )
        check_data = check_transformed_data.override(
            task_id="check_transformed_data",
            # For lineage only. A schedule on an asset merges events: it would lose runs.
            outlets=[
                Asset(
                    name=f"training_data_{pipeline.name}",
                    uri=f"s3://{pipeline.bucket}/transformed",
                )
            ],
        )(pipeline.connection_id, pipeline.bucket, RUN)
        start_learners = [
            TriggerDagRunOperator(
                task_id=f"start_{learner}",
                trigger_dag_id=f"cross_account_machine_learning_{learner}",
                # One DAG run per run, however often this task is retried.
                trigger_run_id=triggered_run_id(pipeline.name, RUN),
                conf={"run": RUN},
                logical_date=None,
                skip_when_already_exists=True,
            )
            for learner in pipeline.ml_pipelines
        ]
        wait_for_raw_file >> raw_to_transform >> check_data >> start_learners


for data_pipeline in load_topology().data_pipelines:
    if is_wanted(f"cross_account_data_processing_{data_pipeline.name}"):
        data_processing(data_pipeline)
