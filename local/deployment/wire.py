"""Values as Pulumi's SDK sends them to its engine, and as handlers want them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pulumi.runtime import rpc

# The SDK has no public name for the marks that tell a secret from a plain structure.
_SIGNATURE = rpc._special_sig_key  # noqa: SLF001
_SECRET = rpc._special_secret_sig  # noqa: SLF001


def plain(value: Any) -> Any:
    """`value` with secrets unwrapped and whole numbers as integers (the wire has floats only)."""
    if isinstance(value, Mapping):
        if value.get(_SIGNATURE) == _SECRET:
            return plain(value["value"])
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def is_secret(value: Any) -> bool:
    """Whether `value` is a secret or holds one."""
    if isinstance(value, Mapping):
        return value.get(_SIGNATURE) == _SECRET or any(map(is_secret, value.values()))
    return isinstance(value, list) and any(map(is_secret, value))


def secret(value: Any) -> dict[str, Any]:
    """`value` marked as a secret, so that the program's outputs stay secret."""
    return {_SIGNATURE: _SECRET, "value": value}


def provider_inputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """A provider's inputs; the SDK sends whatever isn't a string in them as JSON text."""
    return {key: _from_json(value) for key, value in plain(inputs).items()}


def _from_json(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(("{", "[", "true", "false")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
