"""The resource types and the provider's functions that the program uses, by AWS service.

Every `ResourceType` and `ProviderFunction` that a module of this package holds is found by itself:
a new type is one more of them, in the module of its service. The outputs are those that the real
provider returns, under its names, so that the program can't tell the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import TypeVar

from local.deployment.provider_function import ProviderFunction
from local.deployment.resource_type import ResourceType

_Described = TypeVar("_Described", ResourceType, ProviderFunction)


def _described(kind: type[_Described]) -> dict[str, _Described]:
    """Every description of that kind, by its token."""
    found: dict[str, _Described] = {}
    for value in _module_values():
        if isinstance(value, kind) and found.setdefault(value.token, value) is not value:
            raise ValueError(f"{value.token} is described twice in {__name__}")
    return found


def _module_values() -> Iterator[object]:
    for module in walk_packages(__path__, f"{__name__}."):
        yield from vars(import_module(module.name)).values()


RESOURCE_TYPES = _described(ResourceType)
PROVIDER_FUNCTIONS = _described(ProviderFunction)
