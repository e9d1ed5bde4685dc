"""What holds for every test: its result doesn't depend on how fast the machine is."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from tests.verification import Table

# They run in Airflow's own environment, which `make dags-...` calls: this one has no Airflow.
collect_ignore = ["dags"]

# Pulumi's packages bring a million objects that stay. Looking through them as often as Python does
# by default is a quarter of the tests' time.
gc.set_threshold(50_000, 20, 100)

_any_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", _any_machine)
# For `make test-unit`. A test whose example is costly takes a fraction of the profile's number.
settings.register_profile("quick", _any_machine, max_examples=20)
settings.load_profile("thorough")

_STARTING_AN_EMULATOR = {"aws", "endpoint"}
"""The fixtures that start an embedded AWS in a process of its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-verification`, which `make verify WRITE=1` passes."""
    parser.addoption(
        "--write-verification", action="store_true", help="write the tables in docs/verification"
    )


@pytest.fixture(scope="session")
def hold_table(pytestconfig: pytest.Config) -> Callable[[Table], None]:
    """Hold a table against its page in docs/verification, or write the page."""
    write = bool(pytestconfig.getoption("--write-verification"))
    return lambda table: table.hold(write=write)


def pytest_collection_finish() -> None:
    """Exempt what the tests' modules loaded from later collections: it stays anyway."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what uses an embedded AWS, or holds a table, its mark, however indirectly it does."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if _STARTING_AN_EMULATOR & fixtures:
            item.add_marker(pytest.mark.emulator)
        if "hold_table" in fixtures:
            item.add_marker(pytest.mark.table)
