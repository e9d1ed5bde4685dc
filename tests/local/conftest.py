"""The local runs for all the tests that look at what they left, and start more in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.fault_rows import FAULTS, Fault
from tests.local.kept_run import KeptRun, keeping

pytest.register_assert_rewrite("tests.local.fault_checks")

FAULTS_STACK = Path(__file__).with_name("Pulumi.faults.yaml")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRun]:
    """The stack `local`, whose run an upload started, and another run that was started by hand."""
    with keeping(tmp_path_factory.mktemp("local run")) as run:
        yield run.and_one_by_hand()


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRun]:
    """A stack whose Airflow notices sooner what died."""
    with keeping(tmp_path_factory.mktemp("faulty run"), str(FAULTS_STACK)) as run:
        yield run


@pytest.fixture
def fault(request: pytest.FixtureRequest) -> Fault:
    """The row of the fault that the asking test plays."""
    name = f"{request.path.name}::{request.node.originalname}"
    (row,) = [row for row in FAULTS if row.test == name]
    return row
