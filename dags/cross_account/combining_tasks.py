"""The tasks of an ML pipeline with several sources, before its training is prepared."""

from __future__ import annotations

from typing import Any

from airflow.sdk import task

from cross_account.chosen_runs import Chosen, read_chosen
from cross_account.cleanup import CHOOSE_RUN
from cross_account.combined_run import combine, is_combined
from cross_account.failure import AirflowSkipException, PipelineError, failing_at_once
from cross_account.pipeline_bucket import PipelineBucket, open_bucket
from cross_account.run import manifest_key, run_of, sources_key
from cross_account.run_choice import RunChoiceError, checked_run, refuse_cleaned
from cross_account.run_configuration import given
from cross_account.source_choice import NotReadyError, choose_sources


@task(task_id=CHOOSE_RUN)
def choose_sources_of_run(
    connection_id: str,
    bucket_name: str,
    sources: dict[str, dict[str, str]],
    *,
    trains_when: str,
    dag_run: Any = None,
    params: Any = None,
    ti: Any = None,
) -> str:
    """Choose the runs to train on, or skip the DAG run where one is missing.

    Each source's own bucket is asked, as replication may be late. `sources` are the arguments that
    open them. `run` in the DAG run's configuration is an earlier training, whose rows are taken.
    """
    requested = given("run", dag_run, params)
    run = run_of(dag_run)
    with failing_at_once():
        if requested is not None:
            return _combined(open_bucket(connection_id, bucket_name), requested)
        buckets = {name: open_bucket(**each) for name, each in sources.items()}
        try:
            choose_sources(open_bucket(connection_id, bucket_name), buckets, run, trains_when)
        except NotReadyError as error:
            ti.xcom_push(key="waiting_for", value=error.sources)
            raise AirflowSkipException(str(error)) from error
    return run


@task
def list_source_files(connection_id: str, bucket_name: str, run: str) -> list[str]:
    """Every file that the sources' manifests list; once they are combined, the manifest alone."""
    with failing_at_once():
        bucket = open_bucket(connection_id, bucket_name)
        if is_combined(bucket, run):
            return [manifest_key(run)]
        return [key for each in _chosen(bucket, run).checked.values() for key in each.sizes]


@task
def combine_runs(connection_id: str, bucket_name: str, run: str) -> None:
    """Copy the files of all sources side by side, unless that is done."""
    with failing_at_once():
        bucket = open_bucket(connection_id, bucket_name)
        if not is_combined(bucket, run):
            combine(bucket, _chosen(bucket, run))


def _combined(bucket: PipelineBucket, requested: object) -> str:
    run = checked_run(requested)
    if not is_combined(bucket, run):
        raise RunChoiceError(
            f"run: expected a training whose rows are combined, got {run}: "
            f"{bucket.url(manifest_key(run))} does not exist. Leave run out to train on new runs."
        )
    refuse_cleaned(bucket, run)
    return run


def _chosen(bucket: PipelineBucket, run: str) -> Chosen:
    chosen = read_chosen(bucket, run)
    if chosen is None:
        raise PipelineError(
            f"{bucket.url(sources_key(run))} does not exist: clear the whole DAG run."
        )
    return chosen
