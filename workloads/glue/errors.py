"""How the job fails: each expected failure is one sentence."""

from __future__ import annotations

from collections.abc import Sequence

INPUT_REFUSED = "Input refused: "
"""What begins the sentence of a failure that the file would cause again: the DAG doesn't retry."""

SCRIPT_FAILED = "Script failed: "
"""The same of a failure that a team's own script would cause again."""

BETWEEN_REASONS = "; "
"""What is between the reasons for which one row is rejected."""


class JobError(Exception):
    """A condition that fails the job, as one sentence for the job run's ErrorMessage."""

    start = ""
    """What the sentence begins with, where another attempt would fail alike."""


class InputError(JobError):
    """A condition of the file itself, which every attempt would meet."""

    start = INPUT_REFUSED


class ScriptError(JobError):
    """A failure of a team's own script; `is_certain` if every attempt would meet it."""

    def __init__(self, sentence: str, *, is_certain: bool) -> None:
        super().__init__(sentence)
        self.start = SCRIPT_FAILED if is_certain else ""


def some(texts: Sequence[str], most: int) -> str:
    """The texts as a list, with the number of those beyond `most`."""
    rest = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + rest
