"""Removes what a local deployment created, as `pulumi destroy` does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from local.deployment.creation import Existing
from local.deployment.errors import DeploymentError
from local.deployment.providers import AwsProvider
from local.deployment.refusals import Refusal, sentence
from local.deployment.stopping import Stop

OnRemoved = Callable[[], None]
"""Told once for each resource that is gone."""


def protected(existing: Sequence[Existing]) -> list[str]:
    """The logical names of what Pulumi refuses to remove; with one of them it removes nothing."""
    registrations = (each.registration for each in existing)
    return sorted(each.logical_name for each in registrations if each.protected)


def remove(existing: Sequence[Existing], on_removed: OnRemoved, stop: Stop) -> None:
    """Remove everything, the newest first, with sessions of its own of the deploy roles.

    Raises DeploymentError for what is protected, before anything is removed, and with the first
    failure; StoppedError once `stop` is requested.
    """
    if names := protected(existing):
        raise DeploymentError(f"{', '.join(names)}: protected, so nothing is removed")
    sessions: dict[AwsProvider, AwsProvider] = {}
    for each in reversed(existing):
        stop.check()
        if each.registration.retained:
            continue
        try:
            provider = each.resource.aws_provider
            if provider is not None and provider not in sessions:
                sessions[provider] = provider.renewed()
            _remove(each, sessions[provider] if provider else None)
        except Refusal as error:
            raise DeploymentError(f"{each.registration.urn}: {sentence(error)}") from error
        on_removed()


def _remove(existing: Existing, provider: AwsProvider | None) -> None:
    resource = replace(existing.resource, aws_provider=provider)
    existing.resource_type.remove(resource, existing.id)
