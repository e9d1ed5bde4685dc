"""Versions in dotted numbers."""

from __future__ import annotations


def version_of(text: str) -> tuple[int, ...]:
    """A version such as `3.0.6` as numbers, which compare as versions do."""
    return tuple(int(part) for part in text.split("."))


def dots(version: tuple[int, ...]) -> str:
    """A comparable version, as it is written."""
    return ".".join(str(part) for part in version)
