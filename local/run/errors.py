"""How a run can end badly; each message is for the person who started it."""

from __future__ import annotations


class RunError(Exception):
    """The run failed; exit status 1."""


class UsageError(Exception):
    """What the run was asked for can't be done; nothing was started. Exit status 2."""
