"""An access: a role of a team's own in some account, for other work than the pipelines'."""

from __future__ import annotations

from components.topology.model.fields import AnyRegion, Model


class Access(Model):
    """What the hub may do in one account and Region beside the pipelines, through a connection."""

    account: str
    """The alias of an account."""

    region: AnyRegion
    """The Region that the connection works in."""

    policy: str
    """A JSON policy document in the project: all that the role may do; relative to the project."""
