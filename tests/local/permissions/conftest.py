"""The permissions of the one local run, looked at by all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.kept_run import KeptRun
from tests.local.permissions.replayed_calls import evaluator
from tests.local.permissions.used_permissions import Permissions


@pytest.fixture(scope="module")
def permissions(kept: KeptRun) -> Iterator[Permissions]:
    with evaluator():
        yield Permissions.of(kept)
