"""The one exception whose text is meant for the user."""

from __future__ import annotations


class SetupProblem(Exception):
    """What is wrong, what is allowed, and what to do, in sentences."""
