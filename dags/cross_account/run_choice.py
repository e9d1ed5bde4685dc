"""Which run a machine-learning DAG run trains on."""

from __future__ import annotations

from cross_account.failure import PipelineError
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import is_run, manifest_key, run_in_folder, summary_key


class RunChoiceError(PipelineError):
    """There is no run to train on, or not the one that was asked for."""


def choose(bucket: PipelineBucket, requested: object, due: str) -> str:
    """The run that was asked for, else the newest whose manifest is in the bucket.

    `due` is the moment at which the DAG run itself was due, written as a run: later runs aren't
    taken, so that a DAG run which is cleared and repeated chooses the same run again, unless one
    that was due before has arrived, or been completed, since. The clean-up refuses such a mixture.
    """
    run = newest_run(bucket, due) if requested is None else _checked(requested)
    refuse_cleaned(bucket, run)
    return run


def _checked(requested: object) -> str:
    if not isinstance(requested, str) or not is_run(requested):
        raise RunChoiceError(
            f"The parameter run is {requested!r}, which is no run: give one such as "
            "20261122T123336123456 (the data-processing DAG run's run_after in UTC), "
            "or leave it out for the newest."
        )
    return requested


def newest_run(bucket: PipelineBucket, due: str) -> str:
    """The newest run up to `due` that has a manifest; names of runs sort by time."""
    runs = sorted(filter(None, map(run_in_folder, bucket.folders("transformed/"))), reverse=True)
    for run in runs:
        if run <= due and bucket.read_json(manifest_key(run)) is not None:
            return run
    raise RunChoiceError(
        f"{bucket.url('transformed/')} holds no run's manifest from {due} or before: run the "
        "data-processing DAG of this pipeline's source first, and see that replication works."
    )


def refuse_cleaned(bucket: PipelineBucket, run: str) -> None:
    """Raise if the clean-up has removed the data of `run` after a successful training."""
    summary = bucket.read_json(summary_key(run))
    if isinstance(summary, dict) and summary.get("outcome") == "success":
        raise RunChoiceError(
            f"Run {run} has been trained and its training data removed: "
            f"{bucket.url(summary_key(run))} says what came of it. "
            "Give another run, or start a new one with the data-processing DAG."
        )
