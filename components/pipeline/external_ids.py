"""The ExternalIds that a cross-account role's trust takes: the one in use and those that follow.

They have numbers, from 0. A rotation moves the connection to the next one; the next deployment
replaces those before it (ADR 130).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pulumi
import pulumi_random as random

from components.pipeline.site import PipelineSite

RING = 3
"""ExternalIds in a trust: two rotations take no deployment in between."""

LENGTH = 40
"""Characters; letters and digits alone make it well over 128 bits, and STS takes up to 1,224."""

LABEL = "ExternalId-"
"""What the staging labels begin with by which the rotation function numbers a version."""

_CURRENT, _PENDING = "AWSCURRENT", "AWSPENDING"


def rotations_of(versions: Iterable[Sequence[str]]) -> int:
    """The number of the ExternalId in use, by the staging labels of a secret's versions.

    A version that is pending and not current doesn't count: its rotation isn't over, or failed. The
    current version itself may have no number: a deployment wrote it after the rotation.
    """
    numbers = [
        int(label.removeprefix(LABEL))
        for labels in versions
        if _CURRENT in labels or _PENDING not in labels
        for label in labels
        if label.startswith(LABEL)
    ]
    return max(numbers, default=0)


def ring(name: str, site: PipelineSite, parent: pulumi.Resource) -> pulumi.Output[list[str]]:
    """Make the ExternalIds `{name}-external-id…` of a role under `parent`: secret, in their order.

    Each takes the place of one that was used, when its number is `RING` higher.
    """
    rotations = pulumi.Output.from_input(site.settings.rotations.get(site.name, 0))
    passwords = [
        random.RandomPassword(
            f"{name}-external-id{f'-{slot}' if slot else ''}",
            length=LENGTH,
            # STS takes few special characters, and letters and digits are enough.
            special=False,
            keepers=rotations.apply(lambda count, slot=slot: _keepers(slot, count)),  # type: ignore[misc]
            opts=pulumi.ResourceOptions(parent=parent, provider=site.settings.random_provider),
        )
        for slot in range(RING)
    ]
    made = pulumi.Output.all(*(each.result for each in passwords))
    in_order = pulumi.Output.all(made, rotations).apply(
        lambda found: [found[0][(found[1] + step) % RING] for step in range(RING)]
    )
    return pulumi.Output.secret(in_order)


def _keepers(slot: int, rotations: int) -> dict[str, str] | None:
    """What replaces the ExternalId of a slot once it changes: its number."""
    number = rotations + (slot - rotations) % RING
    # None, as before rotations, so that a role that is there keeps its ExternalId.
    return {"number": str(number)} if number >= RING else None
