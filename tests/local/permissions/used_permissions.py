"""Which of the permissions that a run's policies grant its calls used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tests import permission_reasons
from tests.local.kept_run import KeptRun
from tests.local.permissions.policy_statements import Deployed, Granted, bootstrap_roles
from tests.local.permissions.replayed_calls import Policies, Recorded, granting, recorded


@dataclass(frozen=True)
class Permissions:
    """The statements that were in force in a run, and the calls that they were asked about."""

    statements: Sequence[Granted]
    calls: Sequence[Recorded]
    key_names: Mapping[str, str]

    @classmethod
    def of(cls, kept: KeptRun) -> Permissions:
        """What a run left, without its deployment and operation: tests/contracts has those."""
        deployed = Deployed(kept)
        others = bootstrap_roles(kept.names)
        calls = (
            call
            for call in kept.calls_of_the_run
            if others.isdisjoint((*call["principal"].split("/"), call["resource"].split("/")[-1]))
        )
        return cls(deployed.statements(), recorded(calls), deployed.key_names())

    @property
    def policies(self) -> Policies:
        """All statements together."""
        return Policies(self.statements)

    @cached_property
    def uses(self) -> Mapping[Granted, Sequence[Recorded]]:
        """Each statement's calls: those that it let through."""
        return {
            each: [call for call in self.calls if granting(each, call)] for each in self.statements
        }

    def used(self, granted: Granted) -> set[str]:
        """The permissions of a statement that calls used; all of them for an allowed wildcard."""
        calls = self.uses[granted]
        if calls and set(granted.actions) <= set(permission_reasons.WILDCARD_ACTIONS):
            return set(granted.permissions)
        return {call.permission for call in calls}

    def unused_resources(self, granted: Granted) -> Iterator[tuple[str, str]]:
        """A used action on a resource that no call was about, though the statement names it."""
        if granted.sort != "permissions":
            return
        for action in sorted(self.used(granted)):
            for resource in granted.resources:
                narrow = {**granted.statement, "Action": action, "Resource": resource}
                alone = replace(granted, statement=narrow)
                if not any(granting(alone, call) for call in self.uses[granted]):
                    yield action, resource

    def on(self, granted: Granted) -> str:
        """A statement's resources for a page, under names that are the same in each run."""
        if granted.sort == "key policy":
            return "this key"
        names = [self.key_names.get(resource, resource) for resource in granted.resources]
        return "<br>".join(f"`{name}`" for name in names)


def problems(permissions: Permissions) -> list[str]:
    """Permissions that are neither used nor explained, and explanations that aren't needed."""
    lines = list(permission_reasons.unseen())
    explained = {line.key for line in lines}
    sometimes = {line.key for line in lines if line.sometimes}
    found = []
    for granted in permissions.statements:
        if not granted.allows:
            continue
        used = permissions.used(granted)
        where = f"{granted.kind}, statement {granted.sid}"
        for permission in granted.permissions:
            key = (granted.kind, granted.sid, permission)
            known = key in explained
            if permission not in used and not known:
                found.append(
                    f"{where}: nothing used {permission}. Remove it from the policy, or say in "
                    f"{permission_reasons.FILE.name} why AWS needs it and which AWS document asks "
                    "for it"
                )
            if permission in used and known and key not in sometimes:
                found.append(
                    f"{where}: {permission} was used. Remove its reason from "
                    f"{permission_reasons.FILE.name}"
                )
        found += [
            f"{where}: nothing used {permission} on {resource}"
            for permission, resource in permissions.unused_resources(granted)
            if (granted.kind, granted.sid, permission) not in sometimes
        ]
        found += [
            f"{where}: {each} has a wildcard without a reason in {permission_reasons.FILE.name}"
            for each in permission_reasons.wildcards_without_reason(granted.statement)
        ]
    return found
