"""Which run a machine-learning DAG run trains on."""

from __future__ import annotations

from cross_account.failure import PipelineError
from cross_account.manifest import read_manifest
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import is_run, manifest_key, run_of_prefix, run_prefix, summary_key


class RunChoiceError(PipelineError):
    """There is no run to train on, or not the requested one."""


def choose(bucket: PipelineBucket, requested: object, due: str) -> str:
    """The requested run, else the newest one whose manifest is in the bucket.

    `due` is the DAG run's own `run_after`, written like a run's name. Later runs are ignored, so
    that a cleared DAG run chooses the same run again, unless an earlier one has been completed or
    replicated since. The clean-up refuses such a mixture.
    """
    run = newest_run(bucket, due) if requested is None else checked_run(requested)
    refuse_cleaned(bucket, run)
    return run


def checked_run(requested: object) -> str:
    """The requested run, if that is the name of one."""
    if not isinstance(requested, str) or not is_run(requested):
        raise RunChoiceError(
            f"run: expected a run such as 20261122T123336123456, got {requested!r}. Give the "
            "data-processing DAG run's run_after in UTC, or nothing for the newest run."
        )
    return requested


def newest_run(bucket: PipelineBucket, due: str) -> str:
    """The newest complete run up to `due`."""
    run = newest_complete(bucket, due)
    if run is not None:
        return run
    raise RunChoiceError(
        f"{bucket.url('transformed/')} has no manifest of a run up to {due}: run the "
        "data-processing DAG of this pipeline's source, and check that replication works."
    )


def newest_complete(bucket: PipelineBucket, due: str) -> str | None:
    """The newest run up to `due` that has a manifest; runs' names sort by time."""
    runs = sorted(filter(None, map(run_of_prefix, bucket.prefixes("transformed/"))), reverse=True)
    for run in runs:
        if run <= due and bucket.read_json(manifest_key(run)) is not None:
            return run
    return None


def refuse_cleaned(bucket: PipelineBucket, run: str) -> None:
    """Raise if `run` has a model, and the rows that it was trained on are there no more.

    Before there is a model, missing files may still arrive.
    """
    summary = bucket.read_json(summary_key(run))
    if not isinstance(summary, dict) or summary.get("outcome") != "success":
        return
    content = bucket.read_json(manifest_key(run))
    files = [] if content is None else list(read_manifest(run, content).sizes)
    if not files or set(files) - set(bucket.sizes(run_prefix(run))):
        raise RunChoiceError(
            f"The training data of run {run} was deleted after a successful training, see "
            f"{bucket.url(summary_key(run))}: it is kept for keep_training_data_days of the "
            "topology. Choose another run, or start a new one with the data-processing DAG."
        )


def require_name(bucket: PipelineBucket, run: str, training: str) -> None:
    """Raise if a later training on `run` has the name of another run: its job would be that one's.

    Only a DAG run with a logical date that a user chose can.
    """
    if training != run and bucket.read_json(manifest_key(training)) is not None:
        raise RunChoiceError(
            f"The DAG run's moment {training} is also the name of a run in {bucket.url('')}: "
            "trigger a new DAG run without a logical date."
        )
