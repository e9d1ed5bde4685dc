"""One embedded AWS for all tests here; each has accounts of its own in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.providers import ENDPOINT_SERVICES
from local.deployment.monitor import AwsMonitor
from local.deployment.program import evaluate
from local.deployment.removal import remove
from local.deployment.services import RESOURCE_TYPES
from local.deployment.stack_file import Stack
from local.deployment.stopping import Stop
from local.run.accounts import Accounts
from local.run.gateway import start_gateway
from local.run.leftovers import end_leftovers
from local.run.run_directory import RunDirectory
from tests.local.deployment.sdk_types import sdk_types

_account_numbers = itertools.count(1)


@dataclass(frozen=True)
class Deployed:
    """What a program's evaluation left."""

    outputs: dict[str, Any]
    monitor: AwsMonitor

    def state(self, name: str) -> dict[str, Any]:
        """The state of the only resource of that logical name."""
        (found,) = [
            entry.state
            for urn, entry in self.monitor.resources.items()
            if urn.rpartition("::")[2] == name
        ]
        return found


@dataclass(frozen=True)
class Account:
    """An account that no other test uses."""

    id: str
    region: str
    endpoint: str
    deployed: list[Deployed] = field(default_factory=list)
    """What the test's programs left, in their order."""

    def client(self, service: str) -> Any:
        return Accounts(self.endpoint).client(service, self.id, self.region)

    def provider(self, name: str = "provider", **changed: Any) -> aws.Provider:
        """A provider as the program makes it; call it inside a program."""
        services = dict.fromkeys(ENDPOINT_SERVICES, self.endpoint)
        arguments: dict[str, Any] = {
            "region": self.region,
            "access_key": self.id,
            "secret_key": "unused",
            "allowed_account_ids": [self.id],
            "default_tags": aws.ProviderDefaultTagsArgs(tags={"stack": "test"}),
            "endpoints": [aws.ProviderEndpointArgs(**services)],
        }
        return aws.Provider(name, **{**arguments, **changed})

    def options(self, **more: Any) -> pulumi.ResourceOptions:
        """A provider, and what else a resource is given."""
        return pulumi.ResourceOptions(provider=self.provider(), **more)

    def deploy(self, program: Callable[[], object]) -> Deployed:
        """Evaluate `program` as `make local` evaluates the real one."""
        monitor = AwsMonitor(lambda *_: None, Stop())
        outputs = evaluate(program, Stack("project", "test", {}), monitor)
        check_outputs(monitor)
        self.deployed.append(Deployed(outputs, monitor))
        return self.deployed[-1]

    def remove_everything(self) -> None:
        """Remove what the programs left, as `make local` does at its end."""
        while self.deployed:
            remove(self.deployed.pop().monitor.existing, lambda: None, Stop())


def check_outputs(monitor: AwsMonitor) -> None:
    """No resource has an output that the real provider doesn't know."""
    for urn, entry in monitor.resources.items():
        token = urn.split("::")[2].rpartition("$")[2]
        if token in RESOURCE_TYPES:
            assert set(entry.state) <= set(sdk_types(token)), token


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    run_directory = RunDirectory(tmp_path_factory.mktemp("aws with a space"))
    gateway = start_gateway(run_directory, Stop())
    try:
        yield gateway.endpoint
    finally:
        end_leftovers(run_directory)
        gateway.process.wait()


@pytest.fixture
def account(endpoint: str) -> Iterator[Account]:
    """An account; what is deployed in it can be removed again, or the test fails."""
    account = Account(f"{next(_account_numbers):012d}", "us-west-2", endpoint)
    yield account
    account.remove_everything()
