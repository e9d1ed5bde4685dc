"""The local runs for all the tests that look at what they left, and start more in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from local.run.run_directory import CHECKOUT
from tests.local.fault_rows import FAULTS, Fault
from tests.local.kept_run import KeptRun, keeping

pytest.register_assert_rewrite("tests.local.fault_checks")

FAULTS_STACK = Path(__file__).with_name("Pulumi.faults.yaml")

_SELDOM = {
    "scheduler.scheduler_idle_sleep_time": "2",
    "dag_processor.min_file_process_interval": "600",
    "dag_processor.refresh_interval": "30",
}
"""Options of an Airflow that stays long: idle, it takes a twentieth of a core, not a tenth."""


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRun]:
    """A run that an upload started, and another one that was started by hand."""
    directory = tmp_path_factory.mktemp("local run")
    contracts = {"east1.contracts": CHECKOUT / "examples/contracts/contracts.csv"}
    with keeping(directory, str(in_three_accounts(directory)), contracts) as run:
        yield run.and_one_by_hand()


def in_three_accounts(directory: Path) -> Path:
    """The stack `local` with its ML pipeline in an account of its own, and the example's script.

    Its policies have all that the stack `local` has, and what lets another account in besides.
    """
    stack = directory / "Pulumi.local.yaml"
    content = yaml.safe_load((CHECKOUT / "stacks" / stack.name).read_text(encoding="utf-8"))
    topology = content["config"]["unified-pipelines:topology"]
    topology["hub"]["environment"] = {"configuration_options": _SELDOM}
    topology["accounts"]["elsewhere"] = {"id": "333333333333"}
    for pipeline in topology["ml_pipelines"].values():
        pipeline["account"] = "elsewhere"
    topology["data_pipelines"]["east1"]["glue"] = {
        "script": "examples/contracts/contracts.py",
        "inputs": {"contracts": "raw/contracts.csv"},
    }
    stack.write_text(yaml.safe_dump(content), encoding="utf-8")
    return stack


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptRun]:
    """A stack whose Airflow notices sooner what died."""
    with keeping(tmp_path_factory.mktemp("faulty run"), str(FAULTS_STACK)) as run:
        yield run


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> list[Fault]:
    """The rows of the faults that the asking test plays, in their order."""
    name = f"{request.path.name}::{request.node.originalname}"
    return [row for row in FAULTS if row.test == name]


@pytest.fixture
def fault(faults: list[Fault]) -> Fault:
    """The row of the one fault that the asking test plays."""
    (row,) = faults
    return row
