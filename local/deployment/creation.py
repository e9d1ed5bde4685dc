"""Creates one registered resource as the description of its type says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.providers import AwsProvider
from local.deployment.resource import Created, Resource
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
    """What was created, as far as its change and its removal have to know it."""

    registration: Registration
    resource_type: ResourceType
    resource: Resource
    id: str
    state: Mapping[str, Any]
    """Inputs and outputs."""

    outputs: Mapping[str, Any]


def create(registration: Registration, provider: AwsProvider | None, stop: Stop) -> Existing:
    """What exists now.

    `provider` is None for what isn't of AWS.
    Raises DeploymentError for an unknown type or property, and boto3's error if AWS refuses it.
    """
    resource_type = _resource_type(registration.type)
    resource = described(registration, resource_type, provider, stop)
    return existing(registration, resource_type, resource, resource_type.create(resource))


def described(
    registration: Registration,
    resource_type: ResourceType,
    provider: AwsProvider | None,
    stop: Stop,
) -> Resource:
    """What a resource type's functions are given of a registration."""
    inputs = plain(registration.inputs)
    return Resource(
        logical_name=registration.logical_name,
        service=resource_type.service,
        inputs=inputs,
        call=translate(inputs, resource_type.table),
        aws_provider=provider,
        stop=stop,
    )


def existing(
    registration: Registration, resource_type: ResourceType, resource: Resource, created: Created
) -> Existing:
    """What AWS has of a resource now; inputs that were secret are secret outputs."""
    secrets = {key for key, value in registration.inputs.items() if is_secret(value)}
    inputs = resource.inputs.items()
    state = {key: secret(value) if key in secrets else value for key, value in inputs}
    if resource_type.takes_tags:
        state["tagsAll"] = resource.tags
    return Existing(
        registration=registration,
        resource_type=resource_type,
        resource=resource,
        id=created.id,
        state={**state, **created.outputs},
        outputs=created.outputs,
    )


def _resource_type(token: str) -> ResourceType:
    if token not in RESOURCE_TYPES:
        raise DeploymentError(
            f"the local deployment doesn't know the type {token}: describe it by a ResourceType in"
            f" the module of its service in local/deployment/services/"
        )
    return RESOURCE_TYPES[token]
