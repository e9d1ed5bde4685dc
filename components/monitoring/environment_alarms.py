"""The alarms of an Amazon MWAA environment, as data.

Metrics, thresholds and numbers of periods are those that AWS recommends, where it recommends one
(Amazon MWAA user guide, "Monitoring dashboards and alarms", "Recommended alarms"); dimensions are
those of "Apache Airflow environment metrics" and "Container, queue, and database metrics".

Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from components.monitoring.alarm import PERIOD_SECONDS, Alarm
from components.topology.model import Alarms

_AIRFLOW, _CONTAINERS = "AmazonMWAA", "AWS/MWAA"
_HOUR_SECONDS = 3600
_MEBIBYTE = 1024 * 1024

_SCHEDULER = {"Function": "Scheduler"}
_CLUSTERS = {"Scheduler": 3, "BaseWorker": 6, "WebServer": 3}
"""The kinds of containers, with the periods after which a high use is an alarm."""

_WRITER = {"DatabaseRole": "WRITER"}


def environment_alarms(settings: Alarms, environment: str) -> Iterator[Alarm]:
    """The alarms of the environment of that name that `settings` doesn't switch off."""
    for alarms in (_scheduler, _tasks, _dag_files, _containers, _database):
        for alarm in alarms(settings):
            yield replace(alarm, dimensions={"Environment": environment, **alarm.dimensions})


def _scheduler(settings: Alarms) -> Iterator[Alarm]:
    if settings.scheduler_heartbeat_minutes is not None:
        yield Alarm(
            purpose="scheduler-heartbeat",
            description="Airflow's scheduler gives no sign, so no task starts. Look at the "
            "environment's status and its last update, then at the scheduler's log.",
            namespace=_AIRFLOW,
            metric="SchedulerHeartbeat",
            dimensions=_SCHEDULER,
            statistic="Sum",
            comparison="LessThanThreshold",
            threshold=1,
            periods=settings.scheduler_heartbeat_minutes * 60 // PERIOD_SECONDS,
            missing_data="breaching",
        )


def _tasks(settings: Alarms) -> Iterator[Alarm]:
    if settings.oldest_queued_task_seconds is not None:
        yield Alarm(
            purpose="oldest-queued-task",
            description="A task has been waiting for a worker. Raise max_workers, or the "
            "environment's class.",
            namespace=_CONTAINERS,
            metric="ApproximateAgeOfOldestTask",
            statistic="Maximum",
            threshold=settings.oldest_queued_task_seconds,
            periods=3,
        )
    if settings.starving_tasks is not None:
        yield Alarm(
            purpose="starving-tasks",
            description="Tasks find no free slot in their pool. Raise the pool's slots, or start "
            "fewer runs at a time.",
            namespace=_AIRFLOW,
            metric="TasksStarving",
            dimensions=_SCHEDULER,
            statistic="Maximum",
            threshold=settings.starving_tasks,
            periods=3,
        )
    if settings.failed_tasks_per_hour is not None:
        yield Alarm(
            purpose="failed-tasks",
            description="Many attempts of tasks fail. Look at Airflow's page for what they have "
            "in common.",
            namespace=_AIRFLOW,
            metric="TaskInstanceFailures",
            dimensions={"DAG": "All", "Task": "All"},
            statistic="Sum",
            threshold=settings.failed_tasks_per_hour,
            periods=1,
            period_seconds=_HOUR_SECONDS,
        )


def _dag_files(settings: Alarms) -> Iterator[Alarm]:
    if settings.import_errors is not None:
        yield Alarm(
            purpose="import-errors",
            description="DAG files can't be imported, so their DAGs don't run. Airflow's page "
            "shows the errors.",
            namespace=_AIRFLOW,
            metric="ImportErrors",
            dimensions={"Function": "DAG Processing"},
            statistic="Maximum",
            threshold=settings.import_errors,
            periods=1,
        )


def _containers(settings: Alarms) -> Iterator[Alarm]:
    for cluster, periods in _CLUSTERS.items():
        if settings.cpu_percent is not None:
            yield _use("CPUUtilization", {"Cluster": cluster}, settings.cpu_percent, periods)
        if settings.memory_percent is not None:
            yield _use("MemoryUtilization", {"Cluster": cluster}, settings.memory_percent, periods)


def _use(metric: str, dimensions: Mapping[str, str], percent: int, periods: int) -> Alarm:
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
    if settings.cpu_percent is not None:
        yield _use("CPUUtilization", _WRITER, settings.cpu_percent, 3)
    if settings.database_free_memory_mib is not None:
        yield Alarm(
            purpose="database-memory",
            description="The environment's database is short of memory. Choose a larger "
            "environment class, or delete old runs.",
            namespace=_CONTAINERS,
            metric="FreeableMemory",
            dimensions=_WRITER,
            statistic="Average",
            comparison="LessThanThreshold",
            threshold=settings.database_free_memory_mib * _MEBIBYTE,
            periods=3,
        )
