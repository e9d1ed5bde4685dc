"""Creates one registered resource as the description of its type says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.providers import AwsProvider
from local.deployment.resource import Resource
from local.deployment.resource_type import ResourceType
from local.deployment.services import RESOURCE_TYPES
from local.deployment.stopping import Stop
from local.deployment.translation import translate
from local.deployment.wire import is_secret, plain, secret


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What the program registers, its inputs as they came over the wire."""

    urn: str
    type: str
    logical_name: str
    inputs: Mapping[str, Any]
    protected: bool = False
    """Whether Pulumi refuses to remove it."""

    retained: bool = False
    """Whether AWS keeps it when Pulumi forgets it."""


@dataclass(frozen=True, kw_only=True)
class Existing:
    """What was created, as far as its removal has to know it."""

    registration: Registration
    resource_type: ResourceType
    resource: Resource
    id: str


def create(
    registration: Registration, provider: AwsProvider | None, stop: Stop
) -> tuple[Existing, dict[str, Any]]:
    """What exists now, and its whole state (inputs and outputs).

    `provider` is None for what isn't of AWS. Inputs that were secret are secret outputs.
    Raises DeploymentError for an unknown type or property, and boto3's error if AWS refuses it.
    """
    resource_type = _resource_type(registration.type)
    inputs = plain(registration.inputs)
    resource = Resource(
        logical_name=registration.logical_name,
        service=resource_type.service,
        inputs=inputs,
        call=translate(inputs, resource_type.table),
        aws_provider=provider,
        stop=stop,
    )
    created = resource_type.create(resource)
    secrets = {key for key, value in registration.inputs.items() if is_secret(value)}
    state = {key: secret(value) if key in secrets else value for key, value in inputs.items()}
    if resource_type.takes_tags:
        state["tagsAll"] = resource.tags
    existing = Existing(
        registration=registration, resource_type=resource_type, resource=resource, id=created.id
    )
    return existing, {**state, **created.outputs}


def _resource_type(token: str) -> ResourceType:
    if token not in RESOURCE_TYPES:
        raise DeploymentError(
            f"the local deployment doesn't know the type {token}: describe it by a ResourceType in"
            f" the module of its service in local/deployment/services/"
        )
    return RESOURCE_TYPES[token]
