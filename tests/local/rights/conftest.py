"""The rights of the one local run, looked at by all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.kept_run import KeptRun
from tests.local.rights.replay import evaluator
from tests.local.rights.use import Rights


@pytest.fixture(scope="module")
def rights(kept: KeptRun) -> Iterator[Rights]:
    with evaluator():
        yield Rights.of(kept)
