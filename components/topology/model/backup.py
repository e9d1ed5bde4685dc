"""The backups of Airflow's metadata."""

from __future__ import annotations

from typing import Annotated

from components.topology import limits
from components.topology.model.fields import AnyRegion, Model, within


class Backup(Model):
    """What is kept of the environment's database, in another Region's bucket."""

    region: AnyRegion
    """The Region of the bucket, in the hub's account."""

    every_hours: Annotated[int, within(limits.BACKUP_HOURS)] = 24
    """Hours from one backup to the next."""

    keep_days: Annotated[int, within(limits.BACKUP_DAYS)] = 35
    """Days that a backup is kept."""
