"""From a raw file to training data: one DAG per data pipeline of topology.json.

The DAG waits for the raw file, runs the pipeline's Glue job in the pipeline's account and Region,
checks the training data, and triggers the DAG of every ML pipeline that trains on it, for this run.
The parameters `raw_key` and `raw_version` name another file, or one version of it.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Asset
from cross_account.dag_ids import triggered_run_id
from cross_account.glue import CrossAccountGlueJobOperator
from cross_account.metrics import report_data_run
from cross_account.parsing import is_wanted
from cross_account.raw_file_choice import PARAMETERS, raw_key, raw_version
from cross_account.raw_file_sensor import RawFileSensor
from cross_account.run import run_of
from cross_account.schedule import first_day_of, timetable_of
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
from cross_account.topology_file import (
    DataPipelineEntry,
    HubEntry,
    MlPipelineEntry,
    load_topology_file,
)

RUN = "{{ run_of(dag_run) }}"
RAW_KEY = "{{ raw_key(dag_run, %r, %r) }}"
RAW_VERSION = "{{ raw_version(dag_run) }}"

NONE_FAILED = "none_failed"
"""Starting an ML pipeline is skipped where its run is there already."""


def data_processing(
    pipeline: DataPipelineEntry, ml_pipelines: list[MlPipelineEntry], hub: HubEntry
) -> None:
    """Define the DAG of one data pipeline, whose output `ml_pipelines` train on."""
    limit_seconds = pipeline.glue_timeout_minutes * 60
    key = RAW_KEY % (pipeline.raw_key, pipeline.timezone)
    with DAG(
        pipeline.dag_id,
        dag_display_name=f"Cross-account data processing: {pipeline.name}",
        description=f"Raw file to training data in {pipeline.account_id}, {pipeline.region}",
        doc_md=__doc__,
        schedule=timetable_of(pipeline),
        start_date=first_day_of(pipeline),
        catchup=pipeline.catchup_from is not None,
        # Beyond the job's limit Glue would reject the run.
        max_active_runs=min(MAX_ACTIVE_RUNS, pipeline.glue_max_concurrent_runs),
        default_args=default_args(pipeline, hub),
        params=PARAMETERS,
        tags=["cross-account", "data-processing", pipeline.account_id, pipeline.region],
        user_defined_macros={"raw_key": raw_key, "raw_version": raw_version, "run_of": run_of},
    ):
        wait_for_raw_file = RawFileSensor(
            task_id="wait_for_raw_file",
            aws_conn_id=pipeline.connection_id,
            bucket_name=pipeline.bucket_name,
            bucket_key=key,
            version_id=RAW_VERSION,
            poke_interval=RAW_POLL_SECONDS,
            timeout=RAW_TIMEOUT.total_seconds(),
            deferrable=True,
        )
        raw_to_transform = CrossAccountGlueJobOperator(
            task_id="raw_to_transform",
            aws_conn_id=pipeline.connection_id,
            job_name=pipeline.glue_job_name,
            script_args={
                "--bucket_name": pipeline.bucket_name,
                "--source_key": key,
                "--source_version": RAW_VERSION,
                "--run": RUN,
            },
            deferrable=True,
            waiter_delay=poll_seconds(limit_seconds),
            waiter_max_attempts=job_attempts(limit_seconds),
            # Would copy the job's log into the task's; the hub has no permission to read it.
            verbose=False,
            retries=PAID_JOB_RETRIES,
        )
        rows: Any = check_transformed_data.override(
            task_id="check_transformed_data",
            # For lineage only: a schedule on an asset merges events and would lose runs.
            outlets=[
                Asset(
                    name=f"training_data_{pipeline.name}",
                    uri=f"s3://{pipeline.bucket_name}/transformed",
                )
            ],
        )(pipeline.connection_id, pipeline.bucket_name, RUN, RAW_VERSION)
        start_ml_pipelines = [
            TriggerDagRunOperator(
                task_id=f"start_{ml_pipeline.name}",
                trigger_dag_id=ml_pipeline.dag_id,
                # One DAG run per run, even if this task is retried.
                trigger_run_id=triggered_run_id(
                    RUN, pipeline.name, is_one_of_several=bool(ml_pipeline.sources)
                ),
                # With several sources, the ML pipeline's DAG chooses a run of each.
                conf={} if ml_pipeline.sources else {"run": RUN},
                logical_date=None,
                skip_when_already_exists=True,
            )
            for ml_pipeline in ml_pipelines
        ]
        report = report_data_run.override(task_id="report_run", trigger_rule=NONE_FAILED)(
            hub=hub.model_dump(), pipeline=pipeline.name, rows=rows
        )
        wait_for_raw_file >> raw_to_transform >> rows >> [*start_ml_pipelines, report]
        start_ml_pipelines >> report


topology = load_topology_file()
for data_pipeline in topology.data_pipelines.values():
    if is_wanted(data_pipeline.dag_id):
        data_processing(
            data_pipeline,
            topology.trained_on(data_pipeline.name),
            topology.hub,
        )
