"""Importing a module from a text instead of its file."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
from collections.abc import Sequence
from types import CodeType, ModuleType


class Importer(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports one module from a text, and leaves the others to Python."""

    def __init__(self, module: str, source: str) -> None:
        self._module = module
        self._source = source
        self._origin = ""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module's real place, with this importer as its loader."""
        if fullname != self._module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            return None
        self._origin = spec.origin
        spec.loader = self
        return spec

    def get_source(self, _fullname: str) -> str:
        """The text."""
        return self._source

    def get_code(self, _fullname: str) -> CodeType:
        """The text, compiled as if it were the file's."""
        return compile(self._source, self._origin, "exec", dont_inherit=True)
