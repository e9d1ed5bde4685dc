"""One embedded AWS with both stacks for all attempts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.deployment.stopping import Stop
from local.run.gateway import start_gateway
from local.run.leftovers import end_leftovers
from local.run.run_directory import RunDirectory
from tests.denied.deployed_stacks import DeployedStacks, deploy
from tests.denied.placeholders import Values, values_of

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, RunDirectory]]:
    with embedded_aws(tmp_path_factory.mktemp("denied attempts")) as started:
        yield started


@contextmanager
def embedded_aws(directory: Path) -> Iterator[tuple[str, RunDirectory]]:
    """One for as long as the block lasts."""
    run_directory = RunDirectory(directory)
    gateway = start_gateway(run_directory, Stop())
    try:
        yield gateway.endpoint, run_directory
    finally:
        end_leftovers(run_directory)
        gateway.process.wait()


@pytest.fixture(scope="session")
def stacks(endpoint: tuple[str, RunDirectory]) -> DeployedStacks:
    address, run_directory = endpoint
    return deploy(address, run_directory.aws / "authorized_calls.jsonl")


@pytest.fixture(scope="session")
def removed_stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedStacks]:
    """Both stacks in an AWS of their own, where no attempt changed them; changed and removed."""
    with embedded_aws(tmp_path_factory.mktemp("removed stacks")) as (address, run_directory):
        stacks = deploy(address, run_directory.aws / "authorized_calls.jsonl")
        stacks.change()
        stacks.remove()
        yield stacks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs two whole stacks on an embedded AWS is left to `make verify`."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.path.parent == HERE and {"removed_stacks", "stacks"} & fixtures:
            item.add_marker(pytest.mark.verification)


@pytest.fixture(scope="session")
def known(stacks: DeployedStacks) -> Values:
    return values_of(stacks)
