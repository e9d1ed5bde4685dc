"""What a handler gets and gives, and the register of handlers by resource type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.providers import AwsProvider
from local.deployment.stopping import Stop
from local.deployment.translation import Rule, Table


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One registration: its own `inputs`, and `call`, the parameters translated from them."""

    logical_name: str
    inputs: Mapping[str, Any]
    call: Mapping[str, Any]
    aws_provider: AwsProvider | None
    stop: Stop

    @property
    def provider(self) -> AwsProvider:
        """The account and Region; only what is of AWS has one."""
        if self.aws_provider is None:
            raise DeploymentError("it isn't of AWS and has no account and Region")
        return self.aws_provider

    def client(self, service: str) -> Any:
        """The boto3 client of `service` in the registration's account and Region."""
        return self.provider.client(service)

    @property
    def tags(self) -> dict[str, str]:
        """The provider's default tags with the resource's own over them."""
        return {**self.provider.default_tags, **self.inputs.get("tags", {})}

    def tag_list(self, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
        """The tags as a list of pairs, with the two names that the service uses."""
        return [{key: name, value: content} for name, content in self.tags.items()]

    def physical_name(self, *, input_name: str = "name") -> str:
        """The name that the program chose; here nothing is named at random."""
        name = self.inputs.get(input_name)
        if not isinstance(name, str) or not name:
            raise DeploymentError(
                f"it has no {input_name}: physical names are computed by components/aws/naming.py,"
                f" so pass {input_name}= to it"
            )
        return name


@dataclass(frozen=True)
class Created:
    """The id and the outputs, beside its inputs, of a resource that exists now."""

    id: str
    outputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Handler:
    """How one resource type is created."""

    table: Table
    create: Callable[[Resource], Created]
    tagged: bool


HANDLERS: dict[str, Handler] = {}


def creates(
    token: str, table: Table, *, tagged: bool = False
) -> Callable[[Callable[[Resource], Created]], Callable[[Resource], Created]]:
    """Register the decorated function as the one that creates resources of type `token`."""
    if token in HANDLERS:
        raise ValueError(f"two handlers for {token}")

    def register(create: Callable[[Resource], Created]) -> Callable[[Resource], Created]:
        whole = {**table, "tags": Rule.HANDLED} if tagged else table
        HANDLERS[token] = Handler(whole, create, tagged)
        return create

    return register
