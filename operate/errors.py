"""What ends a command with a sentence instead of a traceback."""

from __future__ import annotations


class OperateError(Exception):
    """A command can't go on."""


class UsageError(OperateError):
    """What the user asked for doesn't exist or makes no sense."""
