"""The earlier trainings of a pipeline with several sources, as their files in S3 tell them."""

from __future__ import annotations

from collections.abc import Iterator

from cross_account.chosen_runs import Chosen, read_chosen
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import is_run, summary_key


def trained(
    destination: PipelineBucket,
) -> tuple[Chosen | None, list[Chosen], Chosen | None]:
    """The last training that hasn't failed, those that aren't over, the last that succeeded.

    The runs of a failed training are free again: the next one may take them.
    """
    used = None
    running: list[Chosen] = []
    for chosen in trainings(destination):
        ended = outcome(destination, chosen.run)
        if ended != "failed":
            used = used or chosen
        if ended == "success":
            return used, running, chosen
        if ended is None:
            running.append(chosen)
    return used, running, None


def trainings(destination: PipelineBucket) -> Iterator[Chosen]:
    """Every training whose runs are decided, the newest first."""
    names = (prefix.split("/")[-2] for prefix in destination.prefixes("runs/"))
    for run in sorted(filter(is_run, names), reverse=True):
        chosen = read_chosen(destination, run)
        if chosen is not None:
            yield chosen


def outcome(destination: PipelineBucket, run: str) -> object:
    """How a run's training ended, if it is over: `success` or `failed`."""
    summary = destination.read_json(summary_key(run))
    return summary.get("outcome") if isinstance(summary, dict) else None
