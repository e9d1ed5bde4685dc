"""One embedded AWS with both stacks for all attempts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.deployment.stopping import Stop
from local.run.gateway import start_gateway
from local.run.leftovers import end_leftovers
from local.run.places import Places
from tests.denied.deployed_stacks import DeployedStacks, deploy
from tests.denied.placeholders import Values, values_of


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Places]]:
    places = Places(tmp_path_factory.mktemp("nobody else"))
    gateway = start_gateway(places, Stop())
    try:
        yield gateway.endpoint, places
    finally:
        end_leftovers(places)
        gateway.process.wait()


@pytest.fixture(scope="session")
def stacks(endpoint: tuple[str, Places]) -> DeployedStacks:
    address, places = endpoint
    return deploy(address, places.aws / "authorized_calls.jsonl")


@pytest.fixture(scope="session")
def known(stacks: DeployedStacks) -> Values:
    return values_of(stacks)
