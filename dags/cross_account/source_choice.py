"""Which runs of several sources a training takes, and what it waits for.

A training of several sources has a run of its own, named after the moment of its DAG run. All of
the state is in the ML pipeline's bucket: `runs/<run>/sources.json` says which runs a training
takes, and `summary.json` beside it how that ended. So a repeated DAG run takes the same runs again,
and what a lost one would have taken, the next one takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cross_account.chosen_runs import Chosen, read_chosen
from cross_account.failure import PipelineError
from cross_account.manifest import Manifest, read_manifest
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import (
    manifest_key,
    moment_of,
    run_of_prefix,
    sources_key,
)
from cross_account.run_choice import newest_complete, refuse_cleaned
from cross_account.same_columns import check_columns
from cross_account.settings import REPLICATION_TIMEOUT
from cross_account.trainings import outcome, trained, trainings
from cross_account.wording import some

ALL = "all"
"""A training takes a new run of each source; with `any`, of at least one."""


class NotReadyError(Exception):
    """There is nothing to train on yet; `sources` are those that a new run is missing of."""

    def __init__(self, sources: list[str]) -> None:
        super().__init__(f"Waiting for {some(sources)}: no new run is complete.")
        self.sources = sources


def choose_sources(
    destination: PipelineBucket,
    sources: Mapping[str, PipelineBucket],
    run: str,
    trains_when: str,
) -> Chosen:
    """Decide what the training `run` takes, once; raises `NotReadyError` if it has to wait."""
    chosen = read_chosen(destination, run)
    if chosen is None:
        chosen = _choose(destination, sources, run, trains_when)
        destination.write_json(sources_key(run), chosen.model_dump())
    else:
        refuse_cleaned(destination, run)
        _refuse_superseded(destination, chosen)
    return chosen


def _choose(
    destination: PipelineBucket, sources: Mapping[str, PipelineBucket], run: str, trains_when: str
) -> Chosen:
    used, running, succeeded = trained(destination)
    manifests = _newest(destination, sources, run, used)
    fresh = [
        name
        for name, content in manifests.items()
        if used is None or content["run"] > used.runs.get(name, "")
    ]
    waiting = [name for name in sources if name not in (fresh if trains_when == ALL else manifests)]
    if waiting or not fresh:
        raise NotReadyError(waiting or list(sources))
    check_columns({name: content.get("columns") for name, content in manifests.items()})
    chosen = Chosen(run=run, manifests=manifests, superseded=[])
    own = set(chosen.folders.values())
    old = _replaced(destination, sources, chosen, succeeded) - own
    old |= own if trains_when == ALL else set()
    old -= {folder for each in running for folder in each.folders.values()}
    return chosen.model_copy(update={"superseded": sorted(old)})


def _newest(
    destination: PipelineBucket,
    sources: Mapping[str, PipelineBucket],
    due: str,
    used: Chosen | None,
) -> dict[str, dict[str, Any]]:
    """The manifest of each source's newest complete run, which may have expired at its source."""
    found: dict[str, dict[str, Any]] = {}
    for name, bucket in sources.items():
        newest = newest_complete(bucket, due)
        last = used.manifests.get(name) if used else None
        if newest is not None and (last is None or newest > last["run"]):
            content: Any = bucket.read_json(manifest_key(newest))
            if _arrives(destination, bucket, read_manifest(newest, content), due):
                found[name] = content
        if name not in found and last is not None:
            found[name] = last
    return found


def _arrives(
    destination: PipelineBucket, source: PipelineBucket, manifest: Manifest, due: str
) -> bool:
    """Whether the run's replicas are there, or may still come.

    S3 replicates nothing that was there before its rule, and while the pipeline had one source, its
    clean-up deleted what it had trained on.
    """
    if manifest.files[0].key in destination.sizes(manifest.folder):
        return True
    written = source.written(manifest_key(manifest.run))
    is_recent = written is not None and moment_of(due) - written < REPLICATION_TIMEOUT
    return is_recent and outcome(destination, manifest.run) != "success"


def _replaced(
    destination: PipelineBucket,
    sources: Mapping[str, PipelineBucket],
    chosen: Chosen,
    since: Chosen | None,
) -> set[str]:
    """The folders of replicas of older runs, from the last training that deleted such on."""
    there = list(filter(None, map(run_of_prefix, destination.prefixes("transformed/"))))
    folders = set()
    for name, newest in chosen.runs.items():
        first = since.runs.get(name, "") if since else ""
        for run in (each for each in there if first <= each < newest):
            content = sources[name].read_json(manifest_key(run))
            if content is not None:
                folders.add(read_manifest(run, content).folder)
    return folders


def _refuse_superseded(destination: PipelineBucket, chosen: Chosen) -> None:
    """Raise if a later training deletes the replicas that this one still has to copy."""
    if destination.read_json(manifest_key(chosen.run)) is not None:
        return
    for later in trainings(destination):
        if later.run <= chosen.run:
            return
        gone = set(later.superseded) & set(chosen.folders.values())
        if gone and outcome(destination, later.run) != "failed":
            raise PipelineError(
                f"The training {later.run} has taken the place of {chosen.run}: it uses or "
                f"replaces {some(sorted(gone))}. Trigger a new DAG run instead of clearing this."
            )
