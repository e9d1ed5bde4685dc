"""The hub: an Amazon MWAA environment in its account and Region."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.topology import limits
from components.topology.model.backup import Backup
from components.topology.model.environment import Environment
from components.topology.model.fields import HubRegion, Model, within
from components.topology.model.monitoring import Alarms
from components.topology.model.network import Network


class Hub(Model):
    """The account and Region that Airflow runs in, and how it runs."""

    account: str
    """The alias of an account."""

    region: HubRegion
    """The Region of the environment."""

    environment: Environment = Field(default_factory=Environment)
    """The Amazon MWAA environment."""

    network: Network = Field(default_factory=Network)
    """The network of the environment."""

    alarms: Alarms = Field(default_factory=Alarms)
    """The alarms in the hub, with their thresholds."""

    backup: Backup | None = None
    """The backups of Airflow's metadata; none by default."""

    rotation_days: Annotated[int, within(limits.ROTATION_DAYS)] = 90
    """How long a connection keeps its ExternalId."""
