"""The alarm on rotations, as data. Doesn't import Pulumi."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.monitoring.alarm import Alarm, function_errors, switched_on
from components.rotation import names

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite
    from components.topology.model import Alarms


def rotation_alarms(settings: Alarms, hub: PipelineSite) -> Iterator[Alarm]:
    """The alarm on failed rotations, unless `settings` switches it off."""
    alarm = function_errors(
        names.function_name(hub),
        purpose="rotation-errors",
        description="An ExternalId couldn't be rotated; the connection keeps the one it has. The "
        "log of the function that rotates says why.",
        threshold=settings.rotation_errors,
    )
    return switched_on([alarm])
