"""How a run can end badly; each message is for the person who started it."""

from __future__ import annotations


class RunError(Exception):
    """The run failed; exit status 1."""


class UsageError(Exception):
    """The run's options can't be met; nothing was started. Exit status 2."""
