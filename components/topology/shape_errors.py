"""Pydantic's errors as problems: in the words of the topology, with what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from types import NoneType
from typing import Annotated, TypeGuard, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from components.topology.codes import Code
from components.topology.how_to import section
from components.topology.model import Topology
from components.topology.model.fields import Expected
from components.topology.problems import (
    KeyPath,
    Problem,
    choice,
    closest,
    look_alikes,
    missing,
    out_of_range,
    refused,
    shown,
)

_TYPES = {
    "string_type": (Code.NOT_A_STRING, "a string"),
    "int_type": (Code.NOT_AN_INTEGER, "an integer"),
    "float_type": (Code.NOT_A_NUMBER, "a number"),
    "bool_type": (Code.NOT_A_BOOLEAN, "true or false"),
    "tuple_type": (Code.NOT_A_LIST, "a list of strings"),
}
"""Code and expectation by pydantic's name of the error; every other error wants a mapping."""

_A_MAPPING = (Code.NOT_A_MAPPING, "a mapping")

_UNQUOTED = {
    Code.NOT_AN_INTEGER: r"[-+]?[0-9]+",
    Code.NOT_A_NUMBER: r"[-+]?[0-9]*\.?[0-9]+",
    Code.NOT_A_BOOLEAN: r"[Tt]rue|[Ff]alse",
    Code.NOT_A_LIST: r"\[.*\]",
}
"""Strings that YAML reads as what is expected once they have no quotes."""

_RANGES = ("greater_than_equal", "less_than_equal", "less_than", "finite_number")


def problems_of(path: KeyPath, detail: ErrorDetails) -> Iterator[Problem]:
    """The problem that pydantic reports in `detail`, at `path`."""
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        yield from missing(path, "it has no default", "Add it")
    elif kind == "extra_forbidden":
        yield _unknown_key(path, value)
    elif kind == "literal_error":
        # A value may stand for a mapping of it: then the field is deeper than what was written.
        yield from _not_a_choice(path, value, field_at(tuple(map(str, detail["loc"]))))
    elif kind == "string_pattern_mismatch":
        words = _words(field_at(path))
        yield from refused(
            path,
            Code.MALFORMED,
            value,
            f"is not {words.what}",
            expected=words.form,
            advice=words.advice,
        )
    elif kind in _RANGES:
        yield from out_of_range(path, value, _range(field_at(path)))
    else:
        yield _wrong_type(path, value, kind)


def field_at(path: KeyPath) -> FieldInfo:
    """The field of the model that `path` leads to, or the mapping that it leads into."""
    field, _ = _walk(path)
    if field is None:
        raise KeyError(path)
    return field


def _walk(path: KeyPath) -> tuple[FieldInfo | None, object]:
    """The last field on the way along `path`, and the type of what stands at its end."""
    field: FieldInfo | None = None
    annotation: object = Topology
    for key in path:
        if _is_model(annotation):
            field = _fields(annotation)[key]
            annotation = _bare(field.annotation)
        else:
            # The key of a mapping: an alias, a name, an option.
            annotation = _bare(get_args(annotation)[-1])
    return field, annotation


def _bare(annotation: object) -> object:
    """The type of what is written: less its metadata, and less the None of what may be missing."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    kinds = get_args(annotation)
    if NoneType not in kinds:
        return annotation
    return next(each for each in kinds if each is not NoneType)


def _keys_at(path: KeyPath) -> set[str]:
    """The keys of the model at `path`."""
    _, annotation = _walk(path)
    return set(_fields(annotation)) if _is_model(annotation) else set()


def _is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A model's fields by the keys that they are written with."""
    return {
        str(field.validation_alias or name): field for name, field in model.model_fields.items()
    }


def _words(field: FieldInfo) -> Expected:
    return next(each for each in field.metadata if isinstance(each, Expected))


def _range(field: FieldInfo) -> str:
    bounds = {
        name: getattr(each, name)
        for each in field.metadata
        for name in ("ge", "le", "lt")
        if hasattr(each, name)
    }
    if "lt" in bounds:
        return f"{bounds['ge']:,} or more, below {bounds['lt']:,}"
    return f"{bounds['ge']:,} to {bounds['le']:,}"


def _unknown_key(path: KeyPath, value: object) -> Problem:
    known = _keys_at(path[:-1])
    inside = sorted(value.keys() & known) if isinstance(value, dict) else []
    if inside:
        advice = f"Move {', '.join(inside)} one level up, out of it"
    else:
        page = section(path[-1])
        advice = f"See {page}" if page else closest(path[-1], known, otherwise="Remove it")
    sentence = f"unknown key{look_alikes(path[-1])}; expected {choice(known)}. {advice}"
    return Problem(path, Code.UNKNOWN_KEY, value, sentence)


def _not_a_choice(path: KeyPath, value: object, field: FieldInfo) -> Iterator[Problem]:
    words = _words(field)
    choices = get_args(field.annotation)
    yield from refused(
        path,
        Code.NOT_A_CHOICE,
        value,
        f"is not {words.what}",
        expected=f"one of {', '.join(map(_named, choices))}",
        advice=closest(value, choices, otherwise=words.advice) if isinstance(value, str) else "",
    )


def _named(choice: str) -> str:
    return choice if re.search(r"\w", choice) else json.dumps(choice)


def _wrong_type(path: KeyPath, value: object, kind: str) -> Problem:
    code, expected = _TYPES.get(kind, _A_MAPPING)
    sentence = f"expected {expected}, got {shown(value)}"
    advice = _type_advice(code, value)
    return Problem(path, code, value, f"{sentence}: {advice}" if advice else sentence)


def _type_advice(code: Code, value: object) -> str:
    if isinstance(value, dict) and set(value) == {"secure"}:
        return "write it in plain text, as nothing in a topology is a secret"
    if value is None:
        return "write a value, or remove the key where it has a default"
    if code is Code.NOT_A_STRING and isinstance(value, bool | int | float | date):
        kinds = {bool: "boolean", date: "date"}
        kind = kinds.get(type(value), "number")
        return f"put it in quotes, or YAML reads it as a {kind}"
    if code is Code.NOT_A_MAPPING and isinstance(value, str) and re.search(r"[{:]", value):
        return "remove the quotes, or the | or > before it"
    unquoted = isinstance(value, str) and re.fullmatch(_UNQUOTED.get(code, ""), value)
    return "remove the quotes" if unquoted else ""
