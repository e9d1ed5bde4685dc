"""Reads a value into a `Topology` as far as its shape allows, and says what is misshapen.

The rules should still speak about whatever can be read. So what is misshapen is taken out and its
place remembered: a default or something empty stands there instead, and no conclusion may be
drawn from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from components.topology.model import Topology
from components.topology.problems import KeyPath, Problem, closest, listed, look_alikes, refused

_MAPPINGS = frozenset({"accounts", "data_pipelines", "hub"})
"""The required parts that are mappings: an empty one stands for them, elsewhere an empty text."""

_ALLOWED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list of texts",
}
"""What is allowed, by pydantic's name of the error; everything else wants a mapping."""

_UNQUOTED = {
    "int_type": r"[-+]?[0-9]+",
    "float_type": r"[-+]?[0-9]*\.?[0-9]+",
    "bool_type": r"[Tt]rue|[Ff]alse",
    "tuple_type": r"\[.*\]",
}
"""Texts that YAML takes for what is allowed once they stand without quotes."""


@dataclass
class Shape:
    """What could be read, what is misshapen, and where nothing could be read."""

    topology: Topology | None = None
    problems: list[Problem] = field(default_factory=list)
    unread: set[KeyPath] = field(default_factory=set)

    def could_read(self, path: KeyPath) -> bool:
        """Whether `path` holds what was written there."""
        return not any(path[: len(hole)] == hole for hole in self.unread)


def read_shape(value: object) -> Shape:
    """Read `value`, as YAML or JSON gives it; it isn't changed."""
    if not isinstance(value, dict):
        return Shape(problems=list(_wrong_type((), value, "mapping_type")))
    shape = Shape()
    value = _with_text_keys(shape, (), value)
    while shape.topology is None:
        try:
            shape.topology = Topology.model_validate(value, by_name=False)
        except ValidationError as error:
            for detail in error.errors():
                value = _set_aside(shape, value, detail)
    return shape


def _with_text_keys(shape: Shape, path: KeyPath, value: object) -> object:
    """`value` without the entries whose key YAML didn't read as a text, each a problem."""
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, inner in value.items():
        here = (*path, str(key))
        if isinstance(key, str):
            kept[key] = _with_text_keys(shape, here, inner)
        else:
            shape.problems += refused(here, key, "a text as the key", "put the key in quotes")
            shape.unread.add(here)
    return kept


def _set_aside(shape: Shape, value: object, detail: ErrorDetails) -> object:
    """Note one error in `shape`, and return `value` without what caused it."""
    path = _path(value, detail["loc"])
    if shape.could_read(path):
        shape.problems += _problems(path, detail)
    shape.unread.add(path)
    if detail["type"] == "missing":
        return _with(value, path, {} if path[-1] in _MAPPINGS else "")
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


def _problems(path: KeyPath, detail: ErrorDetails) -> Iterator[Problem]:
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        yield Problem(path, "missing", "it has no default", "add it")
    elif kind == "extra_forbidden":
        yield _unknown_key(path, value)
    elif kind == "literal_error":
        allowed = f"one of {detail['ctx']['expected'].replace(chr(39), '')}"
        yield from refused(path, value, allowed, "choose one of these, in capital letters")
    else:
        yield from _wrong_type(path, value, kind)


def _unknown_key(path: KeyPath, value: object) -> Problem:
    known = _keys_of(path[:-1])
    if isinstance(value, dict) and not value.keys().isdisjoint(known):
        remedy = f"move {listed(value.keys() & set(known))} one level up, out of it"
    else:
        remedy = closest(path[-1].strip(), known, otherwise="remove it")
    return Problem(
        path,
        f"unknown key{look_alikes(path[-1])}",
        f"the keys here are {listed(known)}",
        remedy,
    )


def _keys_of(path: KeyPath) -> list[str]:
    """The keys that the model at `path` has, as they are written."""
    model: type[BaseModel] = Topology
    for key in path:
        # A mapping's own keys (aliases, pipelines) are no fields: they keep the values' model.
        if key in model.model_fields:
            model = _model_in(model.model_fields[key].annotation)
    return [str(known.validation_alias or name) for name, known in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel]:
    """The one model that an annotation of a field names, on its own or as a mapping's values."""
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    raise TypeError(f"{annotation} names no model, so it has no keys of its own")


def _wrong_type(path: KeyPath, value: object, kind: str) -> Iterator[Problem]:
    allowed = _ALLOWED.get(kind, "a mapping of keys to values")
    if isinstance(value, dict) and set(value) == {"secure"}:
        remedy = "write it in plain text: nothing in a topology is a secret"
    elif value is None:
        remedy = "write a value, or remove the key for its default if it has one"
    elif kind == "string_type" and isinstance(value, bool | int | float):
        remedy = "put it in quotes, or YAML takes it for a number or a truth value"
    elif kind not in _ALLOWED and isinstance(value, str):
        remedy = "remove the quotes, or the | or > before it"
    elif isinstance(value, str) and re.fullmatch(_UNQUOTED[kind], value):
        remedy = "remove the quotes"
    else:
        remedy = "write that instead"
    if path[-1:] == ("id",):
        allowed = "12 digits in quotes"
        if isinstance(value, int | float):
            remedy = "put it in quotes: as a number it would lose its leading zeros"
    yield from refused(path, value, allowed, remedy)
