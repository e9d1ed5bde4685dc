"""Changes one resource where its registration isn't what it was."""

from __future__ import annotations

from local.deployment.assets import content
from local.deployment.creation import Existing, Registration, described, existing
from local.deployment.errors import DeploymentError
from local.deployment.providers import AwsProvider
from local.deployment.resource import Created
from local.deployment.stopping import Stop
from local.deployment.wire import plain


def change(
    before: Existing, registration: Registration, provider: AwsProvider | None, stop: Stop
) -> Existing:
    """What exists now: `before` itself where no input differs.

    Raises DeploymentError for a change that the type's description doesn't know, and boto3's error
    if AWS refuses it.
    """
    changed = _changed(before, registration)
    if not changed:
        return before
    resource_type = before.resource_type
    if resource_type.update is None or "tags" in changed:
        raise DeploymentError(
            f"its {', '.join(changed)} changed, and the local deployment doesn't know how to"
            f" update that: describe it by `update` of its ResourceType"
        )
    resource = described(registration, resource_type, provider, stop)
    outputs = resource_type.update(resource, before.id)
    return existing(
        registration, resource_type, resource, Created(before.id, {**before.outputs, **outputs})
    )


def _changed(before: Existing, registration: Registration) -> list[str]:
    """The names of the inputs that differ."""
    old, new = (content(plain(each.inputs)) for each in (before.registration, registration))
    return sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
