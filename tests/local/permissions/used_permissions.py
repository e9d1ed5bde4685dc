"""Which of the rights that a run's policies grant its calls used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tests import iam_reasons
from tests.local.kept_run import KeptRun
from tests.local.permissions.policy_statements import Deployed, Granted
from tests.local.permissions.replayed_calls import Policies, Recorded, granting, recorded

_ORDER = (
    "execution",
    "cross-account, data",
    "cross-account, ML",
    "Glue",
    "SageMaker",
    "Lambda",
    "replication",
    "flow logs",
)
"""The kinds of roles, as the pages list them; buckets and keys follow."""


@dataclass(frozen=True)
class Rights:
    """The statements that were in force in a run, and the calls that they were asked about."""

    statements: Sequence[Granted]
    calls: Sequence[Recorded]
    key_names: Mapping[str, str]

    @classmethod
    def of(cls, kept: KeptRun) -> Rights:
        """What a run left."""
        deployed = Deployed(kept)
        statements = sorted(deployed.statements(), key=_rank)
        return cls(statements, recorded(kept.calls_of_the_run), deployed.key_names())

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
        """The rights of a statement that calls used; all of them for an allowed wildcard."""
        calls = self.uses[granted]
        if calls and set(granted.actions) <= set(iam_reasons.WILDCARD_ACTIONS):
            return set(granted.rights)
        return {call.right for call in calls}

    def unused_resources(self, granted: Granted) -> Iterator[str]:
        """A used action on a resource that no call was about, though the statement names it."""
        if granted.sort != "permissions":
            return
        for action in sorted(self.used(granted)):
            for resource in granted.resources:
                narrow = {**granted.statement, "Action": action, "Resource": resource}
                alone = replace(granted, statement=narrow)
                if not any(granting(alone, call) for call in self.uses[granted]):
                    yield f"{action} on {resource}"

    def on(self, granted: Granted) -> str:
        """A statement's resources for a page, under names that are the same in each run."""
        if granted.sort == "key policy":
            return "this key"
        names = [self.key_names.get(resource, resource) for resource in granted.resources]
        return "<br>".join(f"`{name}`" for name in names)


def _rank(granted: Granted) -> tuple[int, str, str, str]:
    known = granted.kind in _ORDER
    place = _ORDER.index(granted.kind) if known else len(_ORDER)
    # A policy's own order within it: sorting keeps what is equal as it was.
    return place, "" if known else granted.kind, granted.sort, granted.policy


def problems(rights: Rights) -> list[str]:
    """Every right that is neither used nor explained, and every explanation that isn't needed."""
    explained = {line.key for line in iam_reasons.unseen()}
    found = []
    for granted in rights.statements:
        if not granted.allows:
            continue
        used = rights.used(granted)
        where = f"{granted.kind}, statement {granted.sid}"
        for right in granted.rights:
            known = (granted.kind, granted.sid, right) in explained
            if right not in used and not known:
                found.append(
                    f"{where}: nothing used {right}. Take it out of the policy, or say in "
                    f"{iam_reasons.FILE.name} why AWS needs it and which AWS document asks for it"
                )
            if right in used and known:
                found.append(
                    f"{where}: {right} was used. Take its reason out of {iam_reasons.FILE.name}"
                )
        found += [f"{where}: nothing used {each}" for each in rights.unused_resources(granted)]
        found += [
            f"{where}: {each} has a wildcard without a reason in {iam_reasons.FILE.name}"
            for each in iam_reasons.wildcards_without_reason(granted.statement)
        ]
    return found
