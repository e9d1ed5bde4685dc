"""The command line: `main`, `spark`, `airflow VERSION...`, in any order, or `lock`."""

from __future__ import annotations

import signal
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import FrameType

from local.setup.environments import AirflowEnvironment, MainEnvironment
from local.setup.interpreters import NoInterpreter
from local.setup.jars import SparkJars
from local.setup.problem import SetupProblem
from local.setup.processes import exclusive, stop_all

USAGE = """\
python3 local/bootstrap.py [main] [spark] [airflow VERSION...] [--if-possible airflow VERSION...]
python3 local/bootstrap.py lock [--upgrade]

main      .venv: the Pulumi program, the embedded AWS, tests and checks
spark     the jars that Spark needs to reach S3 (and .venv)
airflow   one environment per version (and .venv)

After --if-possible, a version that no Python on this machine runs is named and left out.
"""
_INTERRUPTED = 130


@dataclass
class Request:
    """What the command line asks for."""

    spark: bool = False
    airflow: list[str] = field(default_factory=list)
    if_possible: list[str] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Make what is asked for and not there yet; the exit status."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if arguments[:1] == ["lock"]:
            _lock(arguments[1:])
        else:
            Setup(parse(arguments)).run()
    except SetupProblem as problem:
        print(f"setup: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: interrupted; the next call makes anew what is unfinished", file=sys.stderr)
        return _INTERRUPTED
    return 0


def parse(arguments: list[str]) -> Request:
    """Read the command line; whatever isn't known is refused with the usage."""
    request = Request()
    versions: list[str] | None = None
    names = request.airflow
    for word in arguments:
        if word == "--if-possible":
            names, versions = request.if_possible, None
        elif word == "airflow":
            versions = names
        elif word in {"main", "spark"}:
            request.spark |= word == "spark"
            versions = None
        elif versions is not None and word[:1].isdigit():
            versions.append(word)
        else:
            raise SetupProblem(f"`{word}` is not understood. Usage:\n\n{USAGE}")
    if not arguments:
        raise SetupProblem(f"Say what to make. Usage:\n\n{USAGE}")
    return request


class Setup:
    """One set-up: whatever of the request isn't ready, as much of it at a time as can be."""

    def __init__(self, request: Request) -> None:
        self._main = MainEnvironment()
        self._jars = SparkJars() if request.spark else None
        self._airflows = [AirflowEnvironment(version) for version in request.airflow]
        self._optional = [AirflowEnvironment(version) for version in request.if_possible]

    def run(self) -> None:
        """Do nothing, fast, if all is ready; else take the lock, look again, and work."""
        if not self._pending():
            return
        with exclusive():
            if self._pending():
                self._make()

    def _pending(self) -> bool:
        parts = [self._main, *self._airflows, *self._optional]
        return not all(part.ready() for part in parts) or bool(
            self._jars and not self._jars.ready()
        )

    def _make(self) -> None:
        """`.venv` holds the installer, so it comes first; then each environment on a thread."""
        refresh = not self._main.ready()
        if refresh:
            self._main.prepare()
        with ThreadPoolExecutor() as pool:
            tasks = [pool.submit(self._main_and_jars, refresh=refresh)]
            tasks += [pool.submit(_airflow, airflow) for airflow in self._airflows]
            tasks += [pool.submit(_airflow_if_possible, airflow) for airflow in self._optional]
            try:
                problems = [problem for task in tasks if (problem := _problem_of(task))]
            except KeyboardInterrupt:
                stop_all()
                raise
        if problems:
            raise SetupProblem("\nsetup: ".join(str(problem) for problem in problems))

    def _main_and_jars(self, *, refresh: bool) -> None:
        """Ivy, which fetches the jars, comes with Spark, which comes into `.venv`."""
        if refresh:
            self._main.install()
        if self._jars and not self._jars.ready():
            self._jars.install()


def _problem_of(task: Future[None]) -> SetupProblem | None:
    """What kept the task from its end; anything but a problem of the set-up is raised."""
    try:
        task.result()
    except SetupProblem as problem:
        return problem
    return None


def _airflow(airflow: AirflowEnvironment) -> None:
    if not airflow.ready():
        airflow.prepare()
        airflow.install()


def _airflow_if_possible(airflow: AirflowEnvironment) -> None:
    try:
        _airflow(airflow)
    except NoInterpreter as problem:
        print(f"setup: left out: {problem}", flush=True)


def _lock(options: list[str]) -> None:
    from local.setup.lock import write_locks

    if options not in ([], ["--upgrade"]):
        raise SetupProblem(f"`{' '.join(options)}` is not understood. Usage:\n\n{USAGE}")
    Setup(Request()).run()
    with exclusive():
        write_locks(upgrade=bool(options))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
