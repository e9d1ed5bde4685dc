"""The alarms of each pipeline's runs, as data. Doesn't import Pulumi."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from components.aws.naming import Names
from components.monitoring.alarm import HOUR_SECONDS, Alarm, switched_on
from components.monitoring.metrics import RUNS, of_pipeline
from components.topology.model import Alarms

_MINUTE_SECONDS = 60


def replication_alarms(
    settings: Alarms, names: Names, ml_pipelines: Iterable[str]
) -> Iterator[Alarm]:
    """Of each ML pipeline, unless `settings` switches them off."""
    return switched_on(_slow(settings, names, pipeline) for pipeline in ml_pipelines)


def _slow(settings: Alarms, names: Names, pipeline: str) -> Alarm:
    return Alarm(
        purpose=f"{pipeline}-replication",
        description=f"Files took long to be replicated to {pipeline}. S3 replicates most objects "
        "within 15 minutes: see whether it has trouble in one of the Regions.",
        namespace=RUNS,
        metric="ReplicationSeconds",
        dimensions=of_pipeline(names, pipeline),
        statistic="Maximum",
        threshold=settings.replication_seconds,
        periods=1,
        period_seconds=_MINUTE_SECONDS,
        # Until a run's files are quick again.
        missing_data="ignore",
    )


def pipeline_alarms(names: Names, expected_hours: Mapping[str, int | None]) -> Iterator[Alarm]:
    """Of each pipeline, with the hours within which a run is expected to succeed, if any."""
    for pipeline, hours in expected_hours.items():
        yield from switched_on(_of(pipeline, of_pipeline(names, pipeline), hours))


def _of(pipeline: str, dimensions: Mapping[str, str], hours: int | None) -> Iterator[Alarm]:
    yield Alarm(
        purpose=f"{pipeline}-failing",
        description=f"A run of {pipeline} has failed, and none has succeeded since. Its own "
        "message has the reason. OK: a run has succeeded.",
        namespace=RUNS,
        metric="FailedRuns",
        dimensions=dimensions,
        statistic="Maximum",
        threshold=0,
        periods=1,
        period_seconds=_MINUTE_SECONDS,
        # Until a run succeeds, which writes a zero.
        missing_data="ignore",
        tells_of_its_begin=False,
    )
    yield Alarm(
        purpose=f"{pipeline}-overdue",
        description=f"No run of {pipeline} has succeeded for {hours} hours, as expect_every_hours "
        "has it. Look whether one was started, and what it waits for.",
        namespace=RUNS,
        metric="SuccessfulRuns",
        dimensions=dimensions,
        statistic="Sum",
        comparison="LessThanThreshold",
        threshold=None if hours is None else 1,
        periods=hours or 0,
        period_seconds=HOUR_SECONDS,
        missing_data="breaching",
    )
