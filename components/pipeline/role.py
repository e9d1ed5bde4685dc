"""A role of a pipeline: named after it, within its permissions boundary and IAM's sizes."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.aws.inline_policy import inline_policy
from components.aws.policy_document import Statement
from components.aws.service_role import ServiceRole, service_role
from components.pipeline.site import PipelineSite


def pipeline_role(
    name: str,
    *,
    site: PipelineSite,
    purpose: str,
    description: str,
    trust: pulumi.Input[str],
    statements: pulumi.Output[Sequence[Statement]],
    parent: pulumi.Resource,
) -> ServiceRole:
    """Make the pipeline's role for `purpose`: `{name}-role` and `{name}-policy` under `parent`."""
    role_name = site.role_name(purpose)
    return service_role(
        name,
        role_name=role_name,
        description=description,
        trust=trust,
        policy=statements.apply(lambda granted: inline_policy(role_name, granted)),
        permissions_boundary_arn=site.permissions_boundary_arn,
        parent=parent,
    )
