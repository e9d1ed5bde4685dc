"""What holds for every test: its result doesn't depend on how fast the machine is."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable

import pytest
from botocore import loaders, session
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.verification import Table

# They run in Airflow's own environment, which `make dags-...` calls: this one has no Airflow.
collect_ignore = ["dags"]

# Pulumi's packages bring a million objects that stay. Looking through them as often as Python does
# by default is a quarter of the tests' time.
gc.set_threshold(50_000, 20, 100)

# Each session of botocore would read AWS's descriptions of the services again.
session.create_loader = functools.cache(loaders.create_loader)

_any_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", _any_machine)
# For `make test` and what is quicker. A test whose example is costly takes a fraction of the
# profile's number.
settings.register_profile("quick", _any_machine, max_examples=10)
settings.load_profile("thorough")

_SHARING_A_PROCESS = {
    "tests/denied": "denied",
    "tests/local/permissions/test_each_statement_removed.py": "kept",
    "tests/local/permissions/test_granted_and_used.py": "kept",
    "tests/local/permissions/test_runs_without_a_statement.py": "kept",
    "tests/local/test_end_to_end.py": "kept",
    "tests/local/test_end_to_end_further_runs.py": "kept",
    "tests/local/test_faults_connections.py": "faulty",
    "tests/local/test_faults_in_one_run.py": "faulty",
    "tests/local/test_faults_jobs.py": "faulty",
    "tests/local/test_other_versions.py": "kept",
    "tests/local/test_restored_metadata.py": "kept",
    "tests/local/test_uploads.py": "kept",
    "tests/workloads": "spark",
}
"""The files or folders that one process tests, one after the other.

A local run takes a minute to start, two whole stacks a third of it, and Spark is fast once warm.
"""

_STARTING_AN_EMULATOR = {"aws", "endpoint", "removed_stacks"}
"""The fixtures that start an embedded AWS in a process of its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-verification`, which `make verify WRITE=1` passes."""
    parser.addoption(
        "--write-verification", action="store_true", help="write the tables in docs/verification"
    )


class _BySharedProcess(LoadScopeScheduling):  # type: ignore[misc]
    """A process for each file, or for the files that share one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        shared = _SHARING_A_PROCESS.get(file) or _SHARING_A_PROCESS.get(file.rpartition("/")[0])
        return shared or file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _BySharedProcess | None:
    """With `--dist=loadscope`; xdist's own groups don't work with pytest 9.2."""
    return _BySharedProcess(config, log) if config.getoption("dist") == "loadscope" else None


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
    """Give tests their marks by what they use: an embedded AWS, a table, other evaluations."""
    for item in items:
        # Each of these evaluates the whole program with a topology of its own.
        if hasattr(getattr(item, "module", None), "evaluate_stack"):
            item.add_marker(pytest.mark.costly)
        fixtures = set(getattr(item, "fixturenames", ()))
        if _STARTING_AN_EMULATOR & fixtures:
            item.add_marker(pytest.mark.emulator)
        if "hold_table" in fixtures:
            item.add_marker(pytest.mark.table)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """The longest come first: the shared local runs, which wait more than they work, and Spark."""
    if item.get_closest_marker("spark"):
        return 1
    if item.get_closest_marker("end_to_end") is None:
        return 3
    return 0 if item.nodeid.partition("::")[0] in _SHARING_A_PROCESS else 2
