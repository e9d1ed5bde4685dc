"""What the last release registered for three stacks, with which a test compares the program.

`.venv/bin/python -m tests.contracts.released` writes it again, as part of a release (CONTRIBUTING).
"""

from __future__ import annotations

import hashlib
import json
import runpy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.mocks import (
    PROJECT,
    ROOT,
    Recorded,
    Registration,
    evaluate,
    stack_as_it_is,
    stack_config,
)
from tests.topologies import wide_topology

FOLDER = Path(__file__).with_name("last_release")
STACKS = ("dev", "prod", "wide")

_STACK = "pulumi:pulumi:Stack"
_LONGEST = 60
"""Characters of a value that is kept as it is; of a longer one, a hash is."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A resource or provider, as far as Pulumi compares it with its state."""

    inputs: Mapping[str, str] = field(default_factory=dict)
    account_id: str = ""
    region: str = ""
    """Those of the provider; empty for providers and generated values."""

    trigger: str = ""
    """The replacement trigger."""

    protect: bool = False
    former: tuple[str, ...] = ()
    """The URNs under which an earlier state may hold it, by its aliases and its parents'."""


Resources = Mapping[str, Entry]
"""By the part of the URN that the engine writes after the project's name."""


def released(stack: str) -> tuple[dict[str, str], Resources]:
    """The configuration of a stack at the last release, and what the program registered for it."""
    record = json.loads((FOLDER / f"{stack}.json").read_text(encoding="utf-8"))
    return record["config"], {urn: Entry(**entry) for urn, entry in record["resources"].items()}


def registered(stack: str, config: Mapping[str, str]) -> Resources:
    """What the program registers now, for a configuration of any time."""
    if stack != "wide" and config == stack_config(stack):
        return entries(stack_as_it_is(stack))
    return entries(evaluate(_program, stack=stack, config=config))


def _program() -> None:
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


def entries(recorded: Recorded) -> Resources:
    """All but components, which are nothing in AWS: the URNs of their children name them."""
    return {
        _urn(recorded, each, each.name): Entry(
            inputs={name: _text(each, name) for name in each.inputs},
            account_id=each.account_region.account_id if each.account_region else "",
            region=each.account_region.region if each.account_region else "",
            trigger=str(each.replacement_trigger or ""),
            protect=each.protect,
            former=tuple(_urn(recorded, each, name) for name in _former_names(recorded, each)),
        )
        for each in recorded
        if each.custom
    }


def _urn(recorded: Recorded, entry: Registration, name: str) -> str:
    """The types of all ancestors and a name, as the engine writes them; the mocks write one."""
    types = [each.type for each in (entry, *_ancestors(recorded, entry))]
    return f"{'$'.join(reversed(types))}::{name}"


def _ancestors(recorded: Recorded, entry: Registration) -> list[Registration]:
    parent = recorded.registrations.get(entry.parent)
    if parent is None or parent.type == _STACK:
        return []
    return [parent, *_ancestors(recorded, parent)]


def _former_names(recorded: Recorded, entry: Registration) -> list[str]:
    """Its own aliases; and a child whose name begins with its parent's follows the parent's."""
    parent = recorded.registrations.get(entry.parent)
    if parent is None or not entry.name.startswith(parent.name):
        return [*entry.aliases]
    rest = entry.name.removeprefix(parent.name)
    return [*entry.aliases, *(former + rest for former in _former_names(recorded, parent))]


def _text(entry: Registration, name: str) -> str:
    if name in entry.secret_inputs:
        return "a secret"
    value = _without_contents(entry.inputs[name])
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    if len(text) <= _LONGEST:
        return text
    return f"sha256 {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _without_contents(value: Any) -> Any:
    """The paths of files without their contents, which change with almost every commit."""
    if isinstance(value, Mapping):
        if set(value) == {"path", "hash"}:
            return str(Path(value["path"]).relative_to(ROOT))
        return {key: _without_contents(item) for key, item in value.items()}
    return [_without_contents(item) for item in value] if isinstance(value, list) else value


def _config(stack: str) -> dict[str, str]:
    if stack != "wide":
        return stack_config(stack)
    return {**stack_config("dev"), f"{PROJECT}:topology": json.dumps(wide_topology())}


def write(stack: str) -> None:
    """Write a stack's record: a line for each resource, so that a later one has a short diff."""
    config = _config(stack)
    lines = [
        f"  {json.dumps(urn)}: {json.dumps(_told(entry), sort_keys=True)}"
        for urn, entry in sorted(registered(stack, config).items())
    ]
    text = f'{{"config": {json.dumps(config, indent=1, sort_keys=True)},\n"resources": {{\n'
    (FOLDER / f"{stack}.json").write_text(
        text + ",\n".join(lines) + "\n}}\n", encoding="utf-8", newline="\n"
    )


def _told(entry: Entry) -> dict[str, Any]:
    """What isn't empty: a later release needs no former URNs."""
    return {name: value for name, value in asdict(entry).items() if value and name != "former"}


if __name__ == "__main__":
    for each_stack in STACKS:
        write(each_stack)
