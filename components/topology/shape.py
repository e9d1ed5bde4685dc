"""Reads a value into a `Topology` as far as its shape allows, and says what can't be read.

The rules should still check what can be read. So a value that pydantic refuses is taken out and
its path remembered: a default or a stand-in takes its place, and no rule may conclude from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.shape_errors import field_at, problems_of


@dataclass
class Shape:
    """What could be read, what is wrong with its shape, and where nothing could be read."""

    topology: Topology | None = None
    problems: list[Problem] = field(default_factory=list)
    unread: set[KeyPath] = field(default_factory=set)

    def could_read(self, path: KeyPath) -> bool:
        """Whether `path` holds what was written there."""
        return not any(path[: len(hole)] == hole for hole in self.unread)


def read_shape(value: object) -> Shape:
    """Read `value`, as YAML or JSON gives it; it isn't changed."""
    shape = Shape()
    value = _with_string_keys(shape, (), value)
    while shape.topology is None:
        try:
            shape.topology = Topology.model_validate(value, by_name=False)
        except ValidationError as error:
            for detail in error.errors():
                value = _set_aside(shape, value, detail)
    return shape


def _with_string_keys(shape: Shape, path: KeyPath, value: object) -> object:
    """`value` without the entries whose key YAML didn't read as a string, each a problem.

    Pydantic would also report what is wrong below such a key.
    """
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, inner in value.items():
        here = (*path, str(key))
        if isinstance(key, str):
            kept[key] = _with_string_keys(shape, here, inner)
        else:
            shape.problems += refused(
                here,
                Code.KEY_NOT_A_STRING,
                key,
                "is not a string",
                expected="a string as the key",
                advice="Put the key in quotes",
            )
            shape.unread.add(here)
    return kept


def _set_aside(shape: Shape, value: object, detail: ErrorDetails) -> object:
    """Note one error in `shape`, and return `value` without what caused it."""
    path = _path(value, detail["loc"])
    if shape.could_read(path):
        shape.problems += problems_of(path, detail)
    shape.unread.add(path)
    if not path:
        return {}
    if detail["type"] == "missing":
        return _with(value, path, _stand_in(path))
    return _without(value, path)


def _path(value: object, location: tuple[int | str, ...]) -> KeyPath:
    """The mapping keys of `location`: a position in a list stands for the whole list."""
    path: list[str] = []
    for key in location:
        if not isinstance(value, dict):
            break
        path.append(str(key))
        value = value.get(key)
    return tuple(path)


def _stand_in(path: KeyPath) -> object:
    """A value that pydantic takes for the required field at `path`."""
    required = field_at(path)
    if get_origin(required.annotation) is Literal:
        return get_args(required.annotation)[0]
    if required.annotation is not str:
        return {}
    return required.examples[0] if required.examples else ""


def _without(value: object, path: KeyPath) -> object:
    """`value` less the entry at `path`."""
    if not isinstance(value, dict):
        return value
    key, *rest = path
    if rest:
        return {**value, key: _without(value[key], tuple(rest))}
    return {other: inner for other, inner in value.items() if other != key}


def _with(value: object, path: KeyPath, inner: object) -> object:
    """`value` with `inner` at `path`, whose last key alone may be new."""
    if not isinstance(value, dict):
        return value
    key, *rest = path
    return {**value, key: _with(value[key], tuple(rest), inner) if rest else inner}
