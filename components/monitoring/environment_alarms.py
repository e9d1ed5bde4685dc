"""The alarms of an Amazon MWAA environment, as data.

Metrics, thresholds and numbers of periods are those that AWS recommends, where it recommends one
(Amazon MWAA user guide, "Monitoring dashboards and alarms", "Recommended alarms"); dimensions are
those of "Apache Airflow environment metrics" and "Container, queue, and database metrics".

Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from components.monitoring.alarm import HOUR_SECONDS, PERIOD_SECONDS, Alarm, switched_on
from components.topology.model import Alarms

_AIRFLOW, _CONTAINERS = "AmazonMWAA", "AWS/MWAA"
_MEBIBYTE = 1024 * 1024

_SCHEDULER = {"Function": "Scheduler"}
_CLUSTERS = {"Scheduler": 3, "BaseWorker": 6, "WebServer": 3}
"""The kinds of containers, with the periods after which a high use is an alarm."""

_WRITER = {"DatabaseRole": "WRITER"}


def environment_alarms(settings: Alarms, environment: str) -> Iterator[Alarm]:
    """The alarms of the environment of that name that `settings` doesn't switch off."""
    for parts in (_airflow(settings), _containers(settings), _database(settings)):
        for alarm in switched_on(parts):
            yield replace(alarm, dimensions={"Environment": environment, **alarm.dimensions})


def _airflow(settings: Alarms) -> Iterable[Alarm]:
    """Of the scheduler, the tasks and the DAG files."""
    minutes = settings.scheduler_heartbeat_minutes
    return (
        Alarm(
            purpose="scheduler-heartbeat",
            description="Airflow's scheduler gives no sign, so no task starts. Look at the "
            "environment's status and its last update, then at the scheduler's log.",
            namespace=_AIRFLOW,
            metric="SchedulerHeartbeat",
            dimensions=_SCHEDULER,
            statistic="Sum",
            comparison="LessThanThreshold",
            threshold=None if minutes is None else 1,
            periods=(minutes or 0) * 60 // PERIOD_SECONDS,
            missing_data="breaching",
        ),
        Alarm(
            purpose="oldest-queued-task",
            description="A task has been waiting for a worker. Raise max_workers, or the "
            "environment's class.",
            namespace=_CONTAINERS,
            metric="ApproximateAgeOfOldestTask",
            statistic="Maximum",
            threshold=settings.oldest_queued_task_seconds,
            periods=3,
        ),
        Alarm(
            purpose="starving-tasks",
            description="Tasks find no free slot in their pool. Raise the pool's slots, or start "
            "fewer runs at a time.",
            namespace=_AIRFLOW,
            metric="TasksStarving",
            dimensions=_SCHEDULER,
            statistic="Maximum",
            threshold=settings.starving_tasks,
            periods=3,
        ),
        Alarm(
            purpose="failed-tasks",
            description="Many attempts of tasks fail. Look at Airflow's page for what they have "
            "in common.",
            namespace=_AIRFLOW,
            metric="TaskInstanceFailures",
            dimensions={"DAG": "All", "Task": "All"},
            statistic="Sum",
            threshold=settings.failed_tasks_per_hour,
            periods=1,
            period_seconds=HOUR_SECONDS,
        ),
        Alarm(
            purpose="import-errors",
            description="DAG files can't be imported, so their DAGs don't run. Airflow's page "
            "shows the errors.",
            namespace=_AIRFLOW,
            metric="ImportErrors",
            dimensions={"Function": "DAG Processing"},
            statistic="Maximum",
            threshold=settings.import_errors,
            periods=1,
        ),
    )


def _containers(settings: Alarms) -> Iterator[Alarm]:
    for cluster, periods in _CLUSTERS.items():
        dimensions = {"Cluster": cluster}
        yield _use("CPUUtilization", dimensions, settings.cpu_percent, periods)
        yield _use("MemoryUtilization", dimensions, settings.memory_percent, periods)


def _use(metric: str, dimensions: Mapping[str, str], percent: int | None, periods: int) -> Alarm:
    (who,) = dimensions.values()
    what = {"CPUUtilization": "cpu", "MemoryUtilization": "memory"}[metric]
    return Alarm(
        purpose=f"{who.lower()}-{what}",
        description=f"{who}: {metric} is high. Choose a larger environment class, or give it "
        "less to do at a time.",
        namespace=_CONTAINERS,
        metric=metric,
        dimensions=dimensions,
        statistic="Average",
        threshold=percent,
        periods=periods,
    )


def _database(settings: Alarms) -> Iterator[Alarm]:
    mebibytes = settings.database_free_memory_mib
    yield _use("CPUUtilization", _WRITER, settings.cpu_percent, 3)
    yield Alarm(
        purpose="database-memory",
        description="The environment's database is short of memory. Choose a larger "
        "environment class, or delete old runs.",
        namespace=_CONTAINERS,
        metric="FreeableMemory",
        dimensions=_WRITER,
        statistic="Average",
        comparison="LessThanThreshold",
        threshold=None if mebibytes is None else mebibytes * _MEBIBYTE,
        periods=3,
    )
