"""One gateway for all tests here; each makes its own roles, buckets and jobs in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.local.gateway import gateway_process
from tests.local.gateway.aws import Aws


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with gateway_process.gateway(tmp_path_factory.mktemp("gateway") / "with a space") as (
        started,
        _,
    ):
        yield started
