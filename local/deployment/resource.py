"""What creates a resource, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.deployment.errors import DeploymentError
from local.deployment.stopping import Stop

if TYPE_CHECKING:
    # Most tests only read the descriptions of resource types, which needs no boto3.
    from local.deployment.providers import AwsProvider


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One registration: its own `inputs`, and `call`, the parameters translated from them."""

    logical_name: str
    service: str | None
    inputs: Mapping[str, Any]
    call: Mapping[str, Any]
    aws_provider: AwsProvider | None
    stop: Stop

    @property
    def provider(self) -> AwsProvider:
        """The account and Region; a DeploymentError where the resource isn't of AWS."""
        if self.aws_provider is None:
            raise DeploymentError("it isn't of AWS and has no account and Region")
        return self.aws_provider

    @property
    def client(self) -> Any:
        """The boto3 client of the resource type's service in this account and Region."""
        return self.provider.client(str(self.service))

    @property
    def tags(self) -> dict[str, str]:
        """The provider's default tags with the resource's own over them."""
        return {**self.provider.default_tags, **self.inputs.get("tags", {})}

    def tag_list(self, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
        """The tags as a list of pairs, with the two names that the service uses."""
        return [{key: name, value: content} for name, content in self.tags.items()]

    def required(self, key: str) -> Any:
        """An input that the provider's schema leaves optional, and the program always gives."""
        if key not in self.inputs:
            raise DeploymentError(f"it has no {key}: the local deployment creates none without it")
        return self.inputs[key]

    def physical_name(self, *, input_name: str = "name") -> str:
        """The name that the program chose; a DeploymentError where it chose none."""
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
