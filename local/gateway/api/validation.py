"""Requests checked against AWS's own service models, which botocore contains."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "structure": dict,
    "map": dict,
    "list": list,
}


@functools.cache
def operation(service: str, name: str) -> OperationModel:
    """The model of an operation."""
    return botocore.session.Session().get_service_model(service).operation_model(name)


def problems(service: str, name: str, request: dict[str, Any]) -> list[str]:
    """What AWS refuses in `request`, one sentence each; empty where the request is valid."""
    return problems_of(operation(service, name), request)


def problems_of(model: OperationModel, request: dict[str, Any]) -> list[str]:
    """The same, for the model of an operation."""
    shape = model.input_shape
    return list(_problems(shape, request, "")) if shape is not None else []


def _problems(shape: Shape, value: object, path: str) -> Iterator[str]:
    expected = _TYPES.get(shape.type_name)
    is_bool_for_number = isinstance(value, bool) and shape.type_name != "boolean"
    if expected is not None and (not isinstance(value, expected) or is_bool_for_number):
        yield f"{path or 'The request'}: {value!r} is not a {shape.type_name}"
    elif isinstance(shape, StructureShape) and isinstance(value, dict):
        yield from _structure_problems(shape, value, path)
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        yield from _bounds(shape, len(value), path, "entries")
        for name, item in value.items():
            yield from _problems(shape.key, name, f"{path}.{name}")
            yield from _problems(shape.value, item, f"{path}.{name}")
    elif isinstance(shape, ListShape) and isinstance(value, list):
        yield from _bounds(shape, len(value), path, "entries")
        for number, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}[{number}]")
    else:
        yield from _scalar_problems(shape, value, path)


def _structure_problems(shape: StructureShape, value: dict[str, Any], path: str) -> Iterator[str]:
    start = f"{path}." if path else ""
    for name in shape.required_members:
        if name not in value:
            yield f"{start}{name}: required, and missing"
    if shape.is_document_type:
        return
    for name in sorted(set(value) - set(shape.members)):
        yield f"{start}{name}: no such member; known are {', '.join(shape.members)}"
    for name, member in shape.members.items():  # in the model's order, not the request's
        if name in value:
            yield from _problems(member, value[name], f"{start}{name}")


def _scalar_problems(shape: Shape, value: object, path: str) -> Iterator[str]:
    if isinstance(value, str):
        yield from _bounds(shape, len(value), path, "characters")
        allowed = shape.metadata.get("enum")
        if allowed and value not in allowed:
            yield f"{path}: {value!r} is not one of {', '.join(allowed)}"
        pattern = shape.metadata.get("pattern")
        if pattern and not _matches(pattern, value):
            yield f"{path}: {value!r} does not match {pattern}"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _bounds(shape, value, path, "")


def _bounds(shape: Shape, size: float, path: str, unit: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{path}: {size} {unit}".rstrip() + f", at least {least} needed"
    if most is not None and size > most:
        yield f"{path}: {size} {unit}".rstrip() + f", at most {most} allowed"


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return True  # a Java expression that Python can't compile
