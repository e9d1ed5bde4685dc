"""What `pulumi up` does to a stack that the last release deployed, as far as inputs tell it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from local.deployment.services import RESOURCE_TYPES
from tests.contracts.released import Entry, Resources

_IN_ALL_REGIONS = ("aws:budgets/", "aws:iam/", "aws:route53/", "pulumi:", "random:")
"""The beginnings of types that belong to no Region, so that another one replaces nothing."""


@dataclass(frozen=True, kw_only=True, order=True)
class Change:
    """One step of an update."""

    does: str
    """`create`, `update`, `replace` or `delete`."""

    type: str
    name: str
    because: str = ""
    """The properties, and what an operator has to know besides."""


@functools.cache
def replacing_properties() -> dict[str, frozenset[str]]:
    """By type, the properties of which a change replaces the resource."""
    text = Path(__file__).with_name("replacing_properties.yaml").read_text(encoding="utf-8")
    return {type_: frozenset(names) for type_, names in yaml.safe_load(text).items()}


def changes(before: Resources, now: Resources) -> list[Change]:
    """Every create, delete, replace and update between two programs."""
    held = {urn: _held_as(urn, entry, before) for urn, entry in now.items()}
    gone = {urn: before[urn] for urn in set(before) - set(held.values())}
    found = [Change(**_of(urn), does="delete", because=_kept(old)) for urn, old in gone.items()]
    for urn, entry in now.items():
        old = held[urn]
        if old is None:
            found.append(Change(**_of(urn), does="create", because=_taken(urn, entry, gone)))
        else:
            found.extend(_changed(urn, before[old], entry))
    return sorted(found)


def _held_as(urn: str, entry: Entry, before: Resources) -> str | None:
    """The URN under which the state holds a resource, or None."""
    return next((each for each in (urn, *entry.former) if each in before), None)


def _of(urn: str) -> dict[str, str]:
    types, _, name = urn.partition("::")
    return {"type": types.rpartition("$")[2], "name": name}


def _changed(urn: str, old: Entry, new: Entry) -> Iterator[Change]:
    named = _of(urn)
    changed = sorted(
        name for name in {*old.inputs, *new.inputs} if old.inputs.get(name) != new.inputs.get(name)
    )
    replacing = [name for name in changed if name in replacing_properties().get(named["type"], ())]
    # The engine compares triggers only where the state has one.
    if old.trigger and old.trigger != new.trigger:
        replacing.append("replacementTrigger")
    if old.region != new.region and not named["type"].startswith(_IN_ALL_REGIONS):
        replacing.append("region")
    if replacing:
        because = ", ".join(filter(None, [*replacing, _kept(old)]))
        yield Change(**named, does="replace", because=because)
    elif changed or old.protect != new.protect:
        protect = [] if old.protect == new.protect else ["protect"]
        yield Change(**named, does="update", because=", ".join([*changed, *protect]))


def _kept(old: Entry) -> str:
    return "protected: pulumi up refuses" if old.protect else ""


def _taken(urn: str, entry: Entry, gone: Resources) -> str:
    """Pulumi creates before it deletes: a name that is deleted in the same update is taken."""
    type_ = _of(urn)["type"]
    described = RESOURCE_TYPES.get(type_)
    limit = described.name_limit if described else None
    if limit is None or limit.unique_in is None or limit.key not in entry.inputs:
        return ""
    holders = (
        _of(each)["name"]
        for each, old in gone.items()
        if _of(each)["type"] == type_ and _same_name(limit.key, limit.unique_in, old, entry)
    )
    holder = next(holders, None)
    return f"its name is taken until {holder} is deleted: pulumi up fails" if holder else ""


def _same_name(key: str, unique_in: str, old: Entry, new: Entry) -> bool:
    if old.inputs.get(key) != new.inputs[key]:
        return False
    if unique_in == "the world":
        return True
    same_account = old.account_id == new.account_id
    return same_account and (unique_in == "the account" or old.region == new.region)
