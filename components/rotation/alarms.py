"""The alarm on rotations, as data. Doesn't import Pulumi."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.monitoring.alarm import Alarm, switched_on
from components.rotation import names

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite
    from components.topology.model import Alarms


def rotation_alarms(settings: Alarms, hub: PipelineSite) -> Iterator[Alarm]:
    """The alarm on failed rotations, unless `settings` switches it off."""
    alarm = Alarm(
        purpose="rotation-errors",
        description="An ExternalId couldn't be rotated; the connection keeps the one it has. The "
        "log of the function that rotates says why.",
        namespace="AWS/Lambda",
        metric="Errors",
        dimensions={"FunctionName": names.function_name(hub)},
        statistic="Sum",
        threshold=settings.rotation_errors,
        periods=1,
    )
    return switched_on([alarm])
