"""How many calls the tasks of a run make, and whether a task that waits holds a worker."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from benchmarks.figure import Figure
from benchmarks.finished_run import FinishedRun
from components.aws.naming import CROSS_ACCOUNT_ROLE, EXECUTION_ROLE, HUB_OWNER
from local.run.plan import DataPipeline, MlPipeline

_SERVICES = {
    "s3": "S3, on the pipelines' buckets",
    "sts": "STS",
    "secretsmanager": "Secrets Manager",
}


def worker_slots(run: FinishedRun) -> Figure:
    """The slots in use while a task is deferred: the tasks of a run follow one another."""
    waiting = [pool["running_slots"] for pool in run.pools if pool["deferred_slots"]]
    held = statistics.median(waiting)
    return Figure(what="worker slots while a task waits, median", value=held, unit="", target=1)


def calls(run: FinishedRun, *, pairs: int) -> Iterator[Figure]:
    """The calls of the tasks: as the hub's role, and as the roles in the pipelines' accounts."""
    pipelines: list[DataPipeline | MlPipeline] = [*run.plan.data_pipelines, *run.plan.ml_pipelines]
    roles = {
        run.names.role(HUB_OWNER, EXECUTION_ROLE),
        *(run.names.role(each.name, CROSS_ACCOUNT_ROLE) for each in pipelines),
    }
    buckets = {each.bucket for each in pipelines}
    begun = min(each.started for each in run.flow.runs if each.started)
    made = Counter(
        service
        for call in run.calls()
        if datetime.fromisoformat(call["time"]) >= begun
        and not roles.isdisjoint(call["principal"].split("/"))
        and (service := _service(call, buckets)) is not None
    )
    for service, words in _SERVICES.items():
        what = f"calls of a run to {words}; stack of {pairs}"
        yield Figure(what=what, value=made[service], unit="")


def _service(call: dict[str, Any], buckets: set[str]) -> str | None:
    """The service of a call that is counted: one authorization of each, not what depends on it."""
    service = str(call["action"]).partition(":")[0]
    if service not in _SERVICES or call["because_of"] is not None or call["policy"] != "access":
        return None
    # Amazon MWAA itself reads the DAG bucket all the time.
    bucket = call["resource"].removeprefix("arn:aws:s3:::").partition("/")[0]
    return None if service == "s3" and bucket not in buckets else service
