"""What holds for every test: its result doesn't depend on how fast the machine is."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what uses an embedded AWS its mark, however indirectly it does."""
    for item in items:
        if _STARTING_AN_EMULATOR & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.emulator)
