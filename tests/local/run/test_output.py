"""Lines for the user, whose terminal may be gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.run.output import say


def test_a_line_is_written_at_once(tmp_path: Path) -> None:
    file = tmp_path / "output"
    with file.open("w", encoding="utf-8") as stream:
        say("one", stream)

        assert file.read_text(encoding="utf-8") == "one\n"


def test_the_reader_is_gone() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        with pytest.raises(BrokenPipeError):
            print("unread", file=stream, flush=True)
        say("unread", stream)
        # Another writer of the same stream isn't disturbed either.
        print("unread", file=stream, flush=True)
