"""From training data to a model: one DAG per ML pipeline of topology.json.

The DAG trains on the data of one run: the one that a data-processing DAG or the parameter `run`
names, else the newest in the bucket. It waits for the run's manifest and for every file in it
(replication keeps no order), trains in the pipeline's account and Region, and has the run's rows
deleted once there is a model, or kept for some days. After a failure they stay. While a run has
its rows it can be trained on again: with the parameter `run`, and other `hyperparameters`. Where
S3 has given up on a file, the wait fails, and names it.

Of an ML pipeline with several sources, the DAG chooses a run of each, and copies their files side
by side; where a source has no new run yet, the DAG run is skipped.

Of an ML pipeline that tunes, `train` runs many training jobs, and the best one's model is kept.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Param, chain
from cross_account.cleanup import TRAIN, cleanup_payload
from cross_account.combining_tasks import (
    choose_sources_of_run,
    combine_runs,
    list_source_files,
)
from cross_account.function import CrossAccountInvokeFunctionOperator
from cross_account.metrics import WAIT_FOR_FILES, report_ml_run
from cross_account.missing_replica import Origin
from cross_account.parsing import is_wanted
from cross_account.replica_sensor import ReplicaSensor
from cross_account.run import RUN_PATTERN, manifest_key
from cross_account.sagemaker import CrossAccountSageMakerTrainingOperator
from cross_account.settings import (
    MAX_ACTIVE_RUNS,
    PAID_JOB_RETRIES,
    cleanup_client,
    default_args,
    job_attempts,
    job_wait_seconds,
    poll_seconds,
    tuning_poll_seconds,
)
from cross_account.tasks import choose_run, list_files, prepare_training
from cross_account.topology_file import (
    DataPipelineEntry,
    MlPipelineEntry,
    TopologyFile,
    load_topology_file,
)
from cross_account.tuning import CrossAccountSageMakerTuningOperator

RUN_PARAMETER = Param(
    None,
    type=["null", "string"],
    pattern=RUN_PATTERN,
    description="The run to train on, such as 20261122T123336123456; without it the newest, or new "
    "ones of several sources.",
)


HYPERPARAMETERS_PARAMETER = Param(
    None,
    type=["null", "object"],
    description='Hyperparameters of this training, such as {"eta": 0.1}, over the configured ones.',
)


def machine_learning(pipeline: MlPipelineEntry, topology: TopologyFile) -> None:
    """Define the DAG of one ML pipeline of `topology`."""
    with DAG(
        pipeline.dag_id,
        dag_display_name=f"Cross-account machine learning: {pipeline.name}",
        description=f"Training data to a model in {pipeline.account_id}, {pipeline.region}",
        doc_md=__doc__,
        schedule=None,
        catchup=False,
        max_active_runs=MAX_ACTIVE_RUNS,
        default_args=default_args(pipeline, topology.hub),
        params={"run": RUN_PARAMETER, "hyperparameters": HYPERPARAMETERS_PARAMETER},
        tags=["cross-account", "machine-learning", pipeline.account_id, pipeline.region],
        user_defined_macros={"manifest_key": manifest_key, "cleanup_payload": cleanup_payload},
    ):
        bucket = {
            "connection_id": pipeline.connection_id,
            "bucket_name": pipeline.bucket_name,
        }
        replicated: dict[str, Any] = {
            "aws_conn_id": pipeline.connection_id,
            "bucket_name": pipeline.bucket_name,
            "origins": [origin_of(name, topology) for name in pipeline.data_pipelines],
        }
        if pipeline.sources:
            origins = {name: topology.data_pipelines[name] for name in pipeline.sources}
            run, arrival = several(bucket, replicated, origins, pipeline.trains_when)
        else:
            run, arrival = one(bucket, replicated)
        request: Any = prepare_training(
            **bucket,
            run=run,
            training_config_key=pipeline.training_config_key,
            training_job_name_prefix=pipeline.training_job_name_prefix,
            algorithm=pipeline.algorithm,
        )
        train = tuning(pipeline, request) if pipeline.tuning_rounds else training(pipeline, request)
        clean_up = CrossAccountInvokeFunctionOperator(
            task_id="dagcleanup",
            aws_conn_id=pipeline.connection_id,
            function_name=pipeline.cleanup_function_name,
            payload="{{ cleanup_payload(ti, dag_run) }}",
            botocore_config=cleanup_client(pipeline.cleanup_timeout_seconds),
        )
        # Airflow derives a DAG run's state from its leaf tasks alone. The clean-up also runs after
        # a failure, so as the only leaf it would turn a failed run into a success.
        result: Any = train.output
        report: Any = report_ml_run.override(task_id="report_run")(
            hub=topology.hub.model_dump(), pipeline=pipeline.name, training=result
        )
        chain(run, *arrival, request, train, clean_up, report)
        # Without a chosen run there is nothing to clean up.
        clean_up.as_teardown(setups=run.operator, on_failure_fail_dagrun=True)


def training(pipeline: MlPipelineEntry, request: Any) -> CrossAccountSageMakerTrainingOperator:
    """Define the task that trains once."""
    return CrossAccountSageMakerTrainingOperator(
        task_id=TRAIN,
        aws_conn_id=pipeline.connection_id,
        config=request,
        check_if_job_exists=False,
        deferrable=True,
        check_interval=poll_seconds(pipeline.max_runtime_seconds),
        max_attempts=job_attempts(pipeline.max_runtime_seconds),
        # Of the whole wait, which otherwise ends with `execution_timeout`.
        max_ingestion_time=job_wait_seconds(pipeline.max_runtime_seconds),
        # Would copy the job's log into the task's; the hub has no permission to read it.
        print_log=False,
        retries=PAID_JOB_RETRIES,
    )


def tuning(pipeline: MlPipelineEntry, request: Any) -> CrossAccountSageMakerTuningOperator:
    """Define the task that trains again and again, and keeps the best."""
    wait = (pipeline.tuning_rounds or 1) * job_wait_seconds(pipeline.max_runtime_seconds)
    return CrossAccountSageMakerTuningOperator(
        task_id=TRAIN,
        aws_conn_id=pipeline.connection_id,
        config=request,
        deferrable=True,
        check_interval=tuning_poll_seconds(wait),
        max_ingestion_time=wait,
        retries=PAID_JOB_RETRIES,
    )


def one(bucket: dict[str, str], replicated: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Define the tasks that choose a run of one source and wait for it: the first, and the rest."""
    # XComArgs until the tasks have run: typed as what they will be.
    run: Any = choose_run(**bucket)
    wait_for_manifest = ReplicaSensor(
        task_id="wait_for_manifest",
        keys="{{ manifest_key(ti.xcom_pull(task_ids='choose_run')) }}",
        **replicated,
    )
    files: Any = list_files(**bucket, run=run)
    return run, [wait_for_manifest, files, wait_for_files(files, replicated)]


def several(
    bucket: dict[str, str],
    replicated: dict[str, Any],
    origins: dict[str, DataPipelineEntry],
    trains_when: str,
) -> tuple[Any, list[Any]]:
    """Define the tasks that choose a run of each source, wait for them, and combine them."""
    sources = {
        name: {"connection_id": each.connection_id, "name": each.bucket_name}
        for name, each in origins.items()
    }
    # One at a time: two that choose at once would take the same runs.
    choice = choose_sources_of_run.override(max_active_tis_per_dag=1)
    run: Any = choice(**bucket, sources=sources, trains_when=trains_when)
    files: Any = list_source_files(**bucket, run=run)
    return run, [files, wait_for_files(files, replicated), combine_runs(**bucket, run=run)]


def wait_for_files(files: Any, replicated: dict[str, Any]) -> ReplicaSensor:
    """Define the wait for every file that a task has listed."""
    return ReplicaSensor(task_id=WAIT_FOR_FILES, keys=files, **replicated)


def origin_of(name: str, topology: TopologyFile) -> Origin:
    """The bucket of the data pipeline `name`."""
    source = topology.data_pipelines[name]
    return Origin(
        connection_id=source.connection_id,
        bucket_name=source.bucket_name,
        is_shared=len(topology.trained_on(name)) > 1,
    )


deployed = load_topology_file()
for ml_pipeline in deployed.ml_pipelines.values():
    if is_wanted(ml_pipeline.dag_id):
        machine_learning(ml_pipeline, deployed)
