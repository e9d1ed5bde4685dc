"""Trying mutants with several workers, and collecting what they say."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, cast

from mutation.mutating import Mutant, mutants_of
from mutation.scope import ROOT, Area

LONGEST_SECONDS = 300
"""Of the clock, that all tests of a mutant may take: what waits for ever ends then."""


class WorkerError(Exception):
    """A worker ended before it had tried its mutants; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a mutant."""

    mutant: Mutant
    noticed: bool
    """Whether a test failed, or didn't end."""


def results_of(
    area: Area, paths: Collection[str], *, workers: int, progress: Callable[[str], None]
) -> list[Result]:
    """Try every mutant of the area's modules in `paths`; raises `WorkerError`."""
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(partial(mutants_of, ROOT), paths))
    mutants = [
        mutant for of_module in found for mutant in of_module if area.includes(mutant.function)
    ]
    progress(f"{area.name}: {len(mutants)} mutants of {len(paths)} modules")
    noticed: dict[int, bool] = {}
    survivors = 0
    jobs = [_job(area, share) for share in shares(mutants, workers)]
    for answer in _answers(area, jobs):
        noticed[answer["number"]] = bool(answer["noticed"])
        survivors += not answer["noticed"]
        if len(noticed) % 100 == 0:
            progress(f"{area.name}: {len(noticed)} of {len(mutants)}, {survivors} survived")
    return [Result(mutant=mutant, noticed=noticed[number]) for number, mutant in enumerate(mutants)]


def shares(mutants: Sequence[Mutant], workers: int) -> list[Mapping[int, Mutant]]:
    """The mutants by number, for each worker whole modules, about as many mutants as another.

    A worker begins with seeing a module's tests pass, which for some takes longer than a mutant.
    """
    modules: dict[str, dict[int, Mutant]] = defaultdict(dict)
    for number, mutant in enumerate(mutants):
        modules[mutant.path][number] = mutant
    found: list[dict[int, Mutant]] = [{} for _ in range(workers)]
    for module in sorted(modules.values(), key=len, reverse=True):
        min(found, key=len).update(module)
    return [share for share in found if share]


def _job(area: Area, mutants: Mapping[int, Mutant]) -> str:
    return json.dumps(
        {
            "arguments": area.environment.arguments,
            "own": area.environment.own,
            "patience": area.environment.patience_seconds,
            "longest": LONGEST_SECONDS,
            "rehearsed": area.environment.rehearsed,
            "mutants": [
                {
                    "number": number,
                    "module": area.module(mutant.path),
                    "body_of": mutant.body_of,
                    "source": mutant.source,
                    "tests": area.tests[mutant.path],
                }
                for number, mutant in mutants.items()
            ],
        }
    )


def _answers(area: Area, jobs: Sequence[str]) -> Iterator[Mapping[str, int]]:
    """What all workers say, as they say it."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        logs = [Path(folder) / f"{number}.log" for number in range(len(jobs))]
        with _started(area, logs) as processes:
            for process, job in zip(processes, jobs, strict=True):
                threading.Thread(target=_talk, args=(process, job, lines), daemon=True).start()
            for _ in processes:
                while (line := lines.get()) is not None:
                    yield json.loads(line)
            for process, log in zip(processes, logs, strict=True):
                if process.wait():
                    raise WorkerError(f"{area.name}: a worker ended early.\n{log.read_text()}")


def _talk(process: subprocess.Popen[str], job: str, lines: queue.SimpleQueue[str | None]) -> None:
    with suppress(BrokenPipeError), cast("IO[str]", process.stdin) as stdin:
        stdin.write(job + "\n")
    for line in cast("IO[str]", process.stdout):
        lines.put(line)
    lines.put(None)


@contextmanager
def _started(area: Area, logs: Sequence[Path]) -> Iterator[list[subprocess.Popen[str]]]:
    """A worker for each log, ended with all its children whatever happens."""
    processes: list[subprocess.Popen[str]] = []
    try:
        for log in logs:
            with log.open("w") as file:
                processes.append(_start(area, file))
        yield processes
    finally:
        for process in processes:
            _end(process)


def _start(area: Area, log: IO[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [area.environment.python, "-m", "mutation.worker"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        env={
            **os.environ,
            # Whatever the tests leave goes with the log.
            "TMPDIR": str(Path(log.name).parent),
            # A set has the same order in every run, so a mutant meets the same end.
            "PYTHONHASHSEED": "0",
        },
        # A group of its own: whatever a mutant started ends with it.
        start_new_session=True,
    )


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, 9)
    process.wait()
