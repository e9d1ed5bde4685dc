"""The ErrorMessage of a failed job run, taken from what its script printed."""

from __future__ import annotations

import re

_EXCEPTION = re.compile(r"^(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning)?: .+")
_LIMIT = 2000
"""Characters of an ErrorMessage."""


def error_message(output: str, exit_status: int) -> str:
    """The exception that ended the script, else its last words, else its exit status."""
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    trace = max(
        (number for number, line in enumerate(lines) if line.startswith("Traceback (")),
        default=None,
    )
    if trace is not None:
        raised = [line for line in lines[trace:] if _EXCEPTION.match(line)]
        if raised:
            return raised[0][:_LIMIT]
    plain = [line for line in lines if not line[0].isspace()]
    if plain:
        return plain[-1][:_LIMIT]
    return f"The script ended with exit status {exit_status} and printed nothing."
