"""The description of a function of the provider, which only reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local.deployment.providers import AwsProvider


@dataclass(frozen=True, kw_only=True)
class ProviderFunction:
    """A function that the program calls, such as `aws.get_availability_zones`."""

    token: str
    call: Callable[[Mapping[str, Any], AwsProvider], dict[str, Any]]
    """The result for these arguments, read from the local AWS."""

    deploy_actions: tuple[str, ...]
    """The IAM actions that the real provider needs for it."""
