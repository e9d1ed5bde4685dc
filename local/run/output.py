"""Lines for the user. A run, and above all its ending, doesn't depend on a reader."""

from __future__ import annotations

import os
from typing import TextIO


def say(text: str, stream: TextIO) -> None:
    """Write one line at once; once the reader is gone, drop this line and all that follow."""
    try:
        print(text, file=stream, flush=True)
    except OSError:
        # What couldn't be written is still in the buffer: each later flush would fail over it.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
