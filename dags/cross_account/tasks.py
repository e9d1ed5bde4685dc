"""The tasks for which there is no stock operator: they read a pipeline's bucket and decide."""

from __future__ import annotations

from typing import Any

from airflow.sdk import task

from cross_account.cleanup import CHOOSE_RUN, PREPARE
from cross_account.failure import failing_at_once
from cross_account.manifest import (
    Manifest,
    ManifestError,
    check_files,
    check_source,
    read_manifest,
)
from cross_account.pipeline_bucket import PipelineBucket, open_bucket
from cross_account.run import manifest_key, run_of, run_prefix, training_of
from cross_account.run_choice import choose, require_name
from cross_account.run_configuration import given
from cross_account.training_request import TrainingConfigError, fill_in


@task
def check_transformed_data(
    connection_id: str, bucket_name: str, run: str, raw_version: str
) -> dict[str, int]:
    """Check that a run's manifest and every file it lists exist; returns the row counts.

    `raw_version` is the version that the run was to be made from, if it is a given one.
    """
    with failing_at_once():
        manifest = _complete(open_bucket(connection_id, bucket_name), run)
        if raw_version:
            check_source(manifest, raw_version)
        return manifest.rows.model_dump()


@task(task_id=CHOOSE_RUN)
def choose_run(
    connection_id: str, bucket_name: str, dag_run: Any = None, params: Any = None
) -> str:
    """The run to train on: `run` in the DAG run's configuration or parameters, else the newest."""
    requested = given("run", dag_run, params)
    with failing_at_once():
        return choose(open_bucket(connection_id, bucket_name), requested, run_of(dag_run))


@task
def list_files(connection_id: str, bucket_name: str, run: str) -> list[str]:
    """Every file that the run's manifest lists."""
    with failing_at_once():
        return list(_manifest(open_bucket(connection_id, bucket_name), run).sizes)


@task(task_id=PREPARE)
def prepare_training(
    connection_id: str,
    bucket_name: str,
    run: str,
    training_config_key: str,
    training_job_name_prefix: str,
    *,
    algorithm: str,
    dag_run: Any = None,
    params: Any = None,
) -> dict[str, Any]:
    """Check the replicas' sizes, and fill in the training configuration for the run.

    The DAG run may give hyperparameters of its own.
    """
    with failing_at_once():
        destination = open_bucket(connection_id, bucket_name)
        training = training_of(dag_run, run)
        require_name(destination, run, training)
        manifest = _complete(destination, run)
        configuration = destination.read_json(training_config_key)
        if configuration is None:
            raise TrainingConfigError(
                f"{destination.url(training_config_key)} does not exist: "
                "run `pulumi up --refresh`, which writes it."
            )
        return fill_in(
            configuration,
            manifest,
            f"{training_job_name_prefix}-{training}",
            hyperparameters=given("hyperparameters", dag_run, params),
            algorithm=algorithm,
        )


def _manifest(bucket: PipelineBucket, run: str) -> Manifest:
    content = bucket.read_json(manifest_key(run))
    if content is None:
        raise ManifestError(
            f"{bucket.url(manifest_key(run))} does not exist, so run {run} is not complete."
        )
    return read_manifest(run, content)


def _complete(bucket: PipelineBucket, run: str) -> Manifest:
    manifest = _manifest(bucket, run)
    check_files(manifest, bucket.sizes(run_prefix(run)))
    return manifest
