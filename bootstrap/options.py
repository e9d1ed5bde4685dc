"""What the bootstrap is told beside the topology: `unified-pipelines:bootstrap` in a stack file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.topology import limits
from components.topology.model.fields import Model, pattern

_PRINCIPAL = r"arn:[a-z-]+:iam::[0-9]{12}:(?:role|user)/[\w+=,.@/-]+"

_Principals = Annotated[
    tuple[Annotated[str, pattern(_PRINCIPAL)], ...], Field(strict=False, min_length=1)
]


class Options(Model):
    """Who may deploy and operate, and how the administrator enters the accounts."""

    deployers: _Principals | None = None
    """Roles or users that may assume the deploy roles. Without it, every principal of the hub's
    account whose own policies allow that."""

    operators: _Principals | None = None
    """Roles or users that may assume the operator role of the hub's account. Without it, every
    principal of the hub's account whose own policies allow that."""

    administrator_role: Annotated[str | None, pattern(limits.BOUNDARY_PATTERN)] = None
    """The role that the administrator assumes in every account, such as
    `OrganizationAccountAccessRole`; without it, the administrator's own credentials."""
