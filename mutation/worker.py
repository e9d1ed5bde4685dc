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
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import CodeType, FunctionType
from typing import IO, Any, NoReturn

import pytest

from mutation.importing import Importer

_LOOK_SECONDS = 0.002

_CACHED = type(functools.cache(len))


class Worker:
    """A pytest plugin that tries mutants instead of running the tests it collected."""

    def __init__(self, job: Mapping[str, Any], say: Callable[[Mapping[str, Any]], None]) -> None:
        self._job = job
        self._say = say
        self._process = os.getpid()
        self._passing: set[tuple[str, ...]] = set()
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
        # What the tests' conftest froze isn't among `gc.get_objects`.
        gc.unfreeze()
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

    def pytest_runtest_logstart(self) -> None:
        """Give the test that begins its time anew, where a mutant might not come to an end."""
        if os.getpid() != self._process:
            _limit_processor_time(self._job["patience"])

    def _check(self, how: str, tests: Sequence[str], run: Callable[[], int]) -> None:
        """The tests must pass without a mutant, or nothing would follow."""
        if (how, *tests) not in self._passing:
            if self._in_child(run, longest=math.inf):
                pytest.exit(
                    f"These tests fail without a mutant: {' '.join(tests)}. Or one takes more than "
                    f"{self._job['patience']} seconds of the processor.",
                    1,
                )
            self._passing.add((how, *tests))

    def _prepare(self, session: pytest.Session, tests: Sequence[str]) -> None:
        """The same, and what the tests need of others is then in memory for every child."""
        if ("exchange", *tests) in self._passing:
            return
        items = _items(session, tests)
        self._rehearse(items)
        with tempfile.TemporaryFile("w+") as modules:

            def run_and_tell() -> int:
                noticing = _first_failing(items)
                modules.write("\n".join(sys.modules))
                modules.flush()
                return 1 if noticing or not items else 0

            self._check("exchange", tests, run_and_tell)
            modules.seek(0)
            self._import(modules.read().splitlines())
        gc.freeze()

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
        self._prepare(session, mutant["tests"])
        items = _items(session, mutant["tests"])

        def exchange_and_run(first: Sequence[str], answer: IO[str]) -> int:
            code = _code_of(mutant["source"], mutant["body_of"])
            for target in targets:
                target.__code__ = code
            noticing = _first_failing(_with_first(items, first))
            answer.write(noticing)
            answer.flush()
            return 1 if noticing else 0

        return self._noticed(mutant, exchange_and_run)

    def _imported(self, mutant: Mapping[str, Any]) -> bool:
        tests = mutant["tests"]
        self._check("import", tests, lambda: self._import_and_run(tests, None, (), None))
        importer = Importer(mutant["module"], mutant["source"])

        def import_and_run(first: Sequence[str], answer: IO[str]) -> int:
            return self._import_and_run(tests, importer, first, answer)

        return self._noticed(mutant, import_and_run)

    def _noticed(
        self, mutant: Mapping[str, Any], run: Callable[[Sequence[str], IO[str]], int]
    ) -> bool:
        """Whether `run` fails, which is told the tests to begin with, and writes which noticed."""
        # Whoever noticed another change of this function probably notices this one too.
        known = self._noticing[mutant["module"], mutant["body_of"]]
        with tempfile.TemporaryFile("w+") as answer:
            status = self._in_child(lambda: run(known, answer), longest=self._job["longest"])
            answer.seek(0)
            noticing = answer.readline().strip()
        if noticing:
            known[:] = [noticing, *(nodeid for nodeid in known if nodeid != noticing)]
        return bool(status)

    def _import_and_run(
        self,
        tests: Sequence[str],
        importer: Importer | None,
        first: Sequence[str],
        answer: IO[str] | None,
    ) -> int:
        for name in [name for name in sys.modules if self._is_own(name)]:
            del sys.modules[name]
        if importer:
            sys.meta_path.insert(0, importer)
        run = _Run(first, answer, self._job["patience"])
        return int(pytest.main([*self._job["arguments"], "-x", *tests], plugins=[run]))

    def _in_child(self, action: Callable[[], int], *, longest: float) -> int:
        """What `action` returns in a child of its own; not 0 either if it doesn't come to an end.

        Processor time is what counts: it doesn't depend on what else the machine does. The clock
        only ends what waits for ever, and uses none.
        """
        # Removed here, as the child may end at any moment; `tmp_path` follows the variable.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            child = os.fork()
            if child == 0:
                os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
                _be_a_child(action, self._job["patience"])
            return _status_of(child, time.monotonic() + longest)


class _Run:
    """A pytest plugin for a run of its own: what comes first in it, what fails, and its end.

    It ends the process with the tests' status, before anything is tidied up: what there is to tidy
    up belongs to the process that this one was forked from.
    """

    def __init__(self, first: Sequence[str], answer: IO[str] | None, patience: float) -> None:
        self._first = first
        self._answer = answer
        self._patience = patience

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Begin with the tests that are to come first."""
        items[:] = _with_first(items, self._first)

    def pytest_runtest_logstart(self) -> None:
        """Give the test that begins its time anew."""
        _limit_processor_time(self._patience)

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


def _status_of(child: int, deadline: float) -> int:
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(_LOOK_SECONDS)


def _be_a_child(action: Callable[[], int], patience: float) -> NoReturn:
    status = 1
    try:
        _limit_processor_time(patience)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        status = action()
    finally:
        os._exit(status)


def _limit_processor_time(seconds: float) -> None:
    """End this process by a signal if it uses more than that from now on."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


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
