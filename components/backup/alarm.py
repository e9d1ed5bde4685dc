"""The alarm of backups that aren't made, as data. Doesn't import Pulumi."""

from __future__ import annotations

from components.aws.naming import Names
from components.backup.names import function_name_of
from components.monitoring.alarm import HOUR_SECONDS, Alarm
from components.monitoring.metrics import RUNS
from components.topology.model import Backup


def backup_alarm(names: Names, backup: Backup) -> Alarm:
    """Twice the time between two backups has passed without one."""
    hours = 2 * backup.every_hours
    return Alarm(
        purpose="backup-overdue",
        description=f"No backup of Airflow's metadata was written for {hours} hours. The log of "
        f"the function {function_name_of(names)} says why.",
        namespace=RUNS,
        metric="BackupsWritten",
        dimensions={"FunctionName": function_name_of(names)},
        statistic="Sum",
        comparison="LessThanThreshold",
        threshold=1,
        periods=hours,
        period_seconds=HOUR_SECONDS,
        missing_data="breaching",
    )
