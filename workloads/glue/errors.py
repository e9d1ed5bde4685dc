"""How the job fails: each expected failure is one sentence."""

from __future__ import annotations

from collections.abc import Sequence

INPUT_REFUSED = "Input refused: "
"""What begins the sentence of a failure that the file would cause again: the DAG doesn't retry."""


class JobError(Exception):
    """A condition that fails the job, as one sentence for the job run's ErrorMessage."""


class InputError(JobError):
    """A condition of the file itself, which every attempt would meet."""


def some(texts: Sequence[str], most: int) -> str:
    """The texts as a list, with the number of those beyond `most`."""
    rest = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + rest
