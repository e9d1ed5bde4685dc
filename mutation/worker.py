"""Tries mutants one after the other, from a process that already has everything in memory.

Runs with the Python of the tests' own environment, so it needs nothing but pytest: a job as one
line of JSON on standard input, one line of JSON per mutant on standard output.

pytest collects the tests once. Each mutant then lives in a forked child alone, and no file is ever
changed. Inside a function, the child gives that function its changed code. What takes part when a
module is imported needs an import: the child drops the project's own modules and collects again,
with an importer that hands out the mutant's text.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import math
import os
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import IO, Any, NoReturn

import pytest

from mutation.importing import Importer

SLOWDOWN = 5
"""How much slower than without a change a mutant's tests may be, beyond the job's `patience`."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """When a mutant counts as one that never ends.

    Processor time first: it doesn't depend on what else the machine does. A mutant that waits for
    ever uses none.
    """

    processor_seconds: float
    seconds: float


_ENDLESS = Limit(processor_seconds=600, seconds=3600)
"""For the tests without a change."""

_LOOK_SECONDS = 0.002

_CACHED = type(functools.cache(len))


class Worker:
    """A pytest plugin that tries mutants instead of running the tests it collected."""

    def __init__(self, job: Mapping[str, Any], say: Callable[[Mapping[str, Any]], None]) -> None:
        self._job = job
        self._say = say
        self._limits: dict[tuple[str, ...], Limit] = {}
        self._noticing: dict[tuple[str, str], list[str]] = defaultdict(list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Have hypothesis try the same few examples each time, remember and simplify none."""
        with suppress(ImportError):  # Airflow's environment has no hypothesis
            from hypothesis import Phase, settings

            settings.register_profile(
                "mutants",
                max_examples=10,
                database=None,
                derandomize=True,
                phases=(Phase.explicit, Phase.generate),
            )
            settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant, after the tests have passed without any."""
        functions = self._functions()
        for mutant in self._job["mutants"]:
            targets = functions.get((mutant["module"], mutant["body_of"]), ())
            if targets:
                noticed = self._exchanged(session, mutant, targets)
            else:
                noticed = self._imported(mutant)
            self._say({"number": mutant["number"], "noticed": noticed})
        return True

    def _functions(self) -> Mapping[tuple[str, str], Sequence[FunctionType]]:
        """The project's functions by module and qualified name, those in decorators too."""
        found: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
        for value in gc.get_objects():
            # Not isinstance: a lazy object would come to life if it were asked for its class.
            if type(value) is FunctionType and self._is_own(value.__module__):
                found[value.__module__, value.__code__.co_qualname].append(value)
        return found

    def _is_own(self, module: str | None) -> bool:
        return (module or "").startswith(tuple(self._job["own"]))

    def _limit(self, how: str, tests: Sequence[str], run: Callable[[], int]) -> Limit:
        """What a mutant may take. The tests must pass without one, or nothing would follow."""
        if (how, *tests) not in self._limits:
            start = time.monotonic()
            status, processor_seconds = _in_child(run, limit=_ENDLESS)
            if status:
                pytest.exit(f"These tests fail without a mutant: {' '.join(tests)}", 1)
            patience = float(self._job["patience"])
            self._limits[how, *tests] = Limit(
                processor_seconds=patience + SLOWDOWN * processor_seconds,
                seconds=10 * (patience + SLOWDOWN * (time.monotonic() - start)),
            )
        return self._limits[how, *tests]

    def _exchange_limit(self, session: pytest.Session, tests: Sequence[str]) -> Limit:
        """The same, and what the tests need of others is then in memory for every child."""
        if ("exchange", *tests) in self._limits:
            return self._limits["exchange", *tests]
        items = _items(session, tests)
        self._rehearse(items)
        with tempfile.TemporaryFile("w+") as modules:

            def run_and_tell() -> int:
                noticing = _first_failing(items)
                modules.write("\n".join(sys.modules))
                modules.flush()
                return 1 if noticing or not items else 0

            limit = self._limit("exchange", tests, run_and_tell)
            modules.seek(0)
            self._import(modules.read().splitlines())
        gc.freeze()
        return limit

    def _rehearse(self, items: Sequence[pytest.Item]) -> None:
        """Run tests in this very process, so that what their packages keep is there for all."""
        may_run = tuple(self._job["rehearsed"])
        for item in items:
            # A folder of this process would be every child's too.
            if item.nodeid.startswith(may_run) and "tmp_path_factory" not in _fixtures_of(item):
                _first_failing([item])
                item.session.testsfailed = 0
        self._forget()

    def _import(self, names: Sequence[str]) -> None:
        """Import what isn't the project's own."""
        for name in names:
            if name not in sys.modules and not self._is_own(name):
                with suppress(ImportError):
                    importlib.import_module(name)

    def _forget(self) -> None:
        """Drop what the project's functions remember: a mutant's tests must ask them again."""
        gc.unfreeze()
        for value in gc.get_objects():
            if type(value) is _CACHED and self._is_own(value.__module__):
                value.cache_clear()

    def _exchanged(
        self, session: pytest.Session, mutant: Mapping[str, Any], targets: Sequence[FunctionType]
    ) -> bool:
        limit = self._exchange_limit(session, mutant["tests"])
        items = _items(session, mutant["tests"])

        def exchange_and_run(first: Sequence[str], answer: IO[str]) -> int:
            code = _code_of(mutant["source"], mutant["body_of"])
            for target in targets:
                target.__code__ = code
            noticing = _first_failing(_with_first(items, first))
            answer.write(noticing)
            answer.flush()
            return 1 if noticing else 0

        return self._noticed(mutant, exchange_and_run, limit)

    def _imported(self, mutant: Mapping[str, Any]) -> bool:
        tests = mutant["tests"]
        limit = self._limit("import", tests, lambda: self._import_and_run(tests, None, _Run()))
        importer = Importer(mutant["module"], mutant["source"])

        def import_and_run(first: Sequence[str], answer: IO[str]) -> int:
            return self._import_and_run(tests, importer, _Run(first, answer))

        return self._noticed(mutant, import_and_run, limit)

    def _noticed(
        self,
        mutant: Mapping[str, Any],
        run: Callable[[Sequence[str], IO[str]], int],
        limit: Limit,
    ) -> bool:
        """Whether `run` fails, which is told the tests to begin with, and writes which noticed."""
        # Whoever noticed another change of this function probably notices this one too.
        known = self._noticing[mutant["module"], mutant["body_of"]]
        with tempfile.TemporaryFile("w+") as answer:
            status, _ = _in_child(lambda: run(known, answer), limit=limit)
            answer.seek(0)
            noticing = answer.readline().strip()
        if noticing:
            known[:] = [noticing, *(nodeid for nodeid in known if nodeid != noticing)]
        return bool(status)

    def _import_and_run(self, tests: Sequence[str], importer: Importer | None, run: _Run) -> int:
        for name in [name for name in sys.modules if self._is_own(name)]:
            del sys.modules[name]
        if importer:
            sys.meta_path.insert(0, importer)
        return int(pytest.main([*self._job["arguments"], "-x", *tests], plugins=[run]))


class _Run:
    """A pytest plugin for a run of its own: what comes first in it, what fails, and its end.

    It ends the process with the tests' status, before anything is tidied up: what there is to tidy
    up belongs to the process that this one was forked from.
    """

    def __init__(self, first: Sequence[str] = (), answer: IO[str] | None = None) -> None:
        self._first = first
        self._answer = answer

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Begin with the tests that are to come first."""
        items[:] = _with_first(items, self._first)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Say which test failed."""
        if report.failed and self._answer:
            self._answer.write(f"{report.nodeid}\n")
            self._answer.flush()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> NoReturn:
        """Skip what would follow."""
        os._exit(int(exitstatus))


def _with_first(items: Sequence[pytest.Item], first: Sequence[str]) -> list[pytest.Item]:
    """`items`, those called as `first` says before all others."""
    places = {nodeid: place for place, nodeid in enumerate(first)}
    return sorted(items, key=lambda item: places.get(item.nodeid, len(places)))


def _items(session: pytest.Session, tests: Sequence[str]) -> list[pytest.Item]:
    """What was collected of `tests`, in their order."""
    return [item for test in tests for item in session.items if item.nodeid.startswith(test)]


def _fixtures_of(item: pytest.Item) -> Sequence[str]:
    names: Sequence[str] = getattr(item, "fixturenames", ())
    return names


def _first_failing(items: Sequence[pytest.Item]) -> str:
    """Run `items` up to the first that fails: its name, or nothing."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            return item.nodeid
    return ""


def _code_of(source: str, function: str) -> CodeType:
    """The code of `function` (`function` or `Class.method`) in a module's text."""
    code = compile(source, "mutant", "exec", dont_inherit=True)
    for name in function.split("."):
        code = next(
            item for item in code.co_consts if isinstance(item, CodeType) and item.co_name == name
        )
    return code


def _in_child(action: Callable[[], int], *, limit: Limit) -> tuple[int, float]:
    """What `action` returns in a child of its own, and the processor seconds that it took.

    Not 0 either if it takes more than `limit`.
    """
    # Removed here, as the child may end at any moment; `tmp_path` follows the variable.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        child = os.fork()
        if child == 0:
            os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
            _be_a_child(action, math.ceil(limit.processor_seconds))
        return _waited_for(child, time.monotonic() + limit.seconds)


def _be_a_child(action: Callable[[], int], processor_seconds: int) -> NoReturn:
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        status = action()
    finally:
        os._exit(status)


def _waited_for(child: int, deadline: float) -> tuple[int, float]:
    while True:
        ended, status, usage = os.wait4(child, os.WNOHANG)
        if ended:
            return status, usage.ru_utime + usage.ru_stime
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(_LOOK_SECONDS)


def main() -> int:
    """Collect the tests of the job on standard input, and try its mutants."""
    job = json.loads(sys.stdin.readline())
    # pytest and the tests print; the answers keep the way out to themselves.
    answers = os.dup(1)
    os.dup2(2, 1)

    def say(line: Mapping[str, Any]) -> None:
        os.write(answers, json.dumps(line).encode() + b"\n")

    tests = dict.fromkeys(test for mutant in job["mutants"] for test in mutant["tests"])
    return int(pytest.main([*job["arguments"], *tests], plugins=[Worker(job, say)]))


if __name__ == "__main__":
    sys.exit(main())
