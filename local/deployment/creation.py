"""Creates one registered resource with the handler of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.handlers import HANDLERS
from local.deployment.providers import AwsProvider
from local.deployment.resource import Handler, Resource
from local.deployment.stopping import Stop
from local.deployment.translation import translate
from local.deployment.wire import is_secret, plain, secret


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What the program registers, its inputs as they came over the wire."""

    type: str
    logical_name: str
    inputs: Mapping[str, Any]


def create(
    registration: Registration, provider: AwsProvider | None, stop: Stop
) -> tuple[str, dict[str, Any]]:
    """The id and the whole state (inputs and outputs) of what exists now.

    `provider` is None for what isn't of AWS. Inputs that were secret are secret outputs.
    Raises DeploymentError for an unknown type or property, and whatever AWS refuses.
    """
    handler = _handler(registration.type)
    inputs = plain(registration.inputs)
    resource = Resource(
        logical_name=registration.logical_name,
        inputs=inputs,
        call=translate(inputs, handler.table),
        aws_provider=provider,
        stop=stop,
    )
    created = handler.create(resource)
    secrets = {key for key, value in registration.inputs.items() if is_secret(value)}
    state = {key: secret(value) if key in secrets else value for key, value in inputs.items()}
    if handler.tagged:
        state["tagsAll"] = resource.tags
    return created.id, {**state, **created.outputs}


def _handler(type_: str) -> Handler:
    if type_ not in HANDLERS:
        raise DeploymentError(
            f"the local deployment can't create the type {type_}: add a function with"
            f' @creates("{type_}", ...) to a module of local/deployment/handlers/'
        )
    return HANDLERS[type_]
