"""One local run for all the tests that look at what it left, and start more in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.kept_run import KeptRun, keeping


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRun]:
    """The stack `local`."""
    with keeping(tmp_path_factory.mktemp("local run")) as run:
        yield run
