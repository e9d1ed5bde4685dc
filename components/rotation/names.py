"""The names and ARNs of what rotates the ExternalIds, all computed. Doesn't import Pulumi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.naming import FUNCTION_NAME_LIMIT, ROTATION
from components.pipeline.connection_names import connection_id, connections_prefix

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite


def function_name(hub: PipelineSite) -> str:
    """The function that Secrets Manager calls."""
    return hub.name_of(ROTATION, limit=FUNCTION_NAME_LIMIT)


def rings_prefix(environment: str) -> str:
    """What the names of the rings' secrets begin with, less `/`. Airflow looks elsewhere."""
    return f"{environment}/external-ids"


def ring_secret_name(environment: str, owner: str) -> str:
    """The secret that holds the ExternalIds of a role's trust; it ends as its connection's does."""
    return f"{rings_prefix(environment)}/{connection_id(owner)}"


def ring_secret_arns(hub: PipelineSite) -> str:
    """A pattern for the secrets of the rings."""
    environment = hub.settings.names.environment()
    return hub.arn("secretsmanager", f"secret:{rings_prefix(environment)}/*")


def connection_secret_arns(hub: PipelineSite) -> str:
    """A pattern for the secrets of the environment's connections."""
    environment = hub.settings.names.environment()
    return hub.arn("secretsmanager", f"secret:{connections_prefix(environment)}/*")
