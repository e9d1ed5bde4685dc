"""The description of a resource type, which the local deployment and the tests read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import MockOutputs, only_an_id
from local.deployment.removal_calls import Remove
from local.deployment.resource import Created, Resource
from local.deployment.translation import Rule, Table


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """All that the project knows of a resource type beside the provider's own schema."""

    token: str
    """Pulumi's type token, such as `aws:s3/bucket:Bucket`."""

    service: str | None
    """boto3's name of the service that creates it, which is the provider's name of the service's
    endpoint too; None for what isn't of AWS."""

    properties: Table
    """What becomes of each property; a property that isn't here is refused."""

    create: Callable[[Resource], Created]
    """Creates one in the local deployment."""

    remove: Remove
    """Removes one there, by the calls that the real provider makes."""

    update: Callable[[Resource, str], Mapping[str, Any]] | None = None
    """Updates one there, tags aside, and returns the outputs that differ then; None for a type that
    no local deployment changes."""

    mock_outputs: MockOutputs = only_an_id
    """The id and the outputs that a test's program gets without AWS."""

    takes_tags: bool = False

    name_limit: NameLimit | None = None
    document_limits: Mapping[str, DocumentLimit] = field(default_factory=dict)
    """By the input that holds the policy document."""

    deploy_actions: tuple[str, ...] = ()
    """The IAM actions that the real provider needs to create, read, update and delete one."""

    @property
    def table(self) -> Table:
        """What becomes of each property, tags included."""
        return {**self.properties, "tags": Rule.HANDLED} if self.takes_tags else self.properties
