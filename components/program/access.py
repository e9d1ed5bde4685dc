"""The accesses of a stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pulumi

from components.access.cross_account_access import CrossAccountAccess, CrossAccountAccessArgs
from components.access.policy_file import statements_of
from components.pipeline.settings import PipelineSettings
from components.pipeline.site import PipelineSite
from components.program.stack import Stack


def grant_access(
    stack: Stack,
    settings: PipelineSettings,
    root: Path,
    options_at: Callable[[str, str], pulumi.ResourceOptions],
) -> dict[str, CrossAccountAccess]:
    """Make every access; `root` is the project's directory."""
    made = {}
    for name, access in stack.topology.access.items():
        # Unless the organization has one for every role, the bootstrap makes one for this role.
        boundary = stack.topology.permissions_boundary or stack.names.access_boundary(name)
        site = PipelineSite(
            settings=replace(settings, permissions_boundary=boundary),
            name=name,
            account_id=stack.account_id(access.account),
            region=access.region,
        )
        args = CrossAccountAccessArgs(site=site, statements=statements_of(root / access.policy))
        made[name] = CrossAccountAccess(name, args, options_at(access.account, access.region))
    return made
