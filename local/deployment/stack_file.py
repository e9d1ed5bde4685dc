"""A stack's configuration, read from its file as the Pulumi CLI would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.deployment.errors import DeploymentError
from local.deployment.stack_path import stack_path


@dataclass(frozen=True)
class Stack:
    """A stack's name, its project's name, and its configuration as the SDK wants it: text."""

    project: str
    name: str
    config: dict[str, str]


def read_stack(checkout: Path, stack: str) -> Stack:
    """The stack that `stack` names: a stack of the checkout, or the path of any stack file.

    Raises DeploymentError where there is no such file, or where it can't be used.
    """
    project_file = _mapping(checkout / "Pulumi.yaml")
    path = stack_path(checkout, stack)
    config = _mapping(path).get("config")
    if config is None:
        config = {}
    if not isinstance(config, dict):
        raise DeploymentError(
            f"{path}: `config` holds no mapping of keys to values: write"
            f" `{project_file['name']}:topology:` below it, as stacks/Pulumi.dev.yaml does"
        )
    return Stack(
        project=str(project_file["name"]),
        name=path.stem.removeprefix("Pulumi."),
        config={key: _text(path, key, value) for key, value in config.items()},
    )


def _mapping(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.safe_load(text)
        twice = list(_written_twice(yaml.compose(text, Loader=yaml.SafeLoader), set()))
    except UnicodeDecodeError as error:
        raise DeploymentError(f"{path} isn't UTF-8: {error}; save it as UTF-8") from error
    except (yaml.YAMLError, ValueError) as error:
        # A ValueError comes of a date that isn't in the calendar.
        raise DeploymentError(f"{path} isn't YAML: {error}") from error
    if twice:
        raise DeploymentError(
            f"{path} has a key twice, which the Pulumi CLI refuses too: {', '.join(twice)};"
            f" remove one of the two"
        )
    if not isinstance(content, dict):
        raise DeploymentError(f"{path} holds no mapping at its top level")
    return content


def _written_twice(node: yaml.Node | None, seen: set[int]) -> Iterator[str]:
    """The keys that stand in one mapping more than once, with their lines.

    `seen` has the nodes that were looked at: an alias leads to one of them again, or round.
    """
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if key.value in keys:
                yield f"{key.value} (line {key.start_mark.line + 1})"
            elif isinstance(key, yaml.ScalarNode):
                keys.add(key.value)
            yield from _written_twice(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _written_twice(item, seen)


def _text(path: Path, key: str, value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"secure"}:
        raise DeploymentError(
            f"{path}: {key} is encrypted, and a local run has no key to it: use a stack file"
            f" without secrets"
        )
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, default=str)
    except ValueError as error:
        raise DeploymentError(f"{path}: {key} holds itself by an alias; write it out") from error
