"""One local run for all the tests that look at what it left, and start more in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.kept_run import LIMIT_SECONDS, KeptRun, start


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRun]:
    """What `KEEP=1 make local` leaves; everything is ended after the last test."""
    directory = tmp_path_factory.mktemp("local run")
    output = directory / "output.txt"
    process = start("run", "--keep", "--directory", directory, output=output)
    try:
        status = process.wait(LIMIT_SECONDS)
        text = output.read_text(encoding="utf-8")
        assert status == 0, text
        yield KeptRun(directory, text)
    finally:
        process.kill()
        start("stop", "--directory", directory, output=output).wait(LIMIT_SECONDS)
