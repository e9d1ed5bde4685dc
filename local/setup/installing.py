"""Installs the parts that aren't ready, side by side where they can be."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from local.setup.environments import AirflowEnvironment, MainEnvironment, NoInterpreter
from local.setup.jars import SparkJars
from local.setup.problem import SetupProblem
from local.setup.processes import exclusive, run_until_signalled


@dataclass(frozen=True, kw_only=True)
class Installation:
    """The parts that are asked for."""

    main: MainEnvironment = field(default_factory=MainEnvironment)
    jars: SparkJars | None = None
    airflows: tuple[AirflowEnvironment, ...] = ()
    optional_airflows: tuple[AirflowEnvironment, ...] = ()
    """Left out where no Python of this machine runs them."""

    def make(self) -> None:
        """Do nothing, fast, if all is ready; else take the lock, look again, and work."""
        if self._ready():
            return
        with exclusive():
            if not self._ready():
                run_until_signalled(self._make())

    def _ready(self) -> bool:
        parts = (self.main, self.jars, *self.airflows, *self.optional_airflows)
        return all(part.ready() for part in parts if part)

    async def _make(self) -> None:
        """`.venv` holds uv, so its interpreter comes first."""
        await self.main.prepare()
        parts = [self._main_and_jars()]
        parts += [_airflow(airflow) for airflow in self.airflows]
        parts += [_airflow_if_possible(airflow) for airflow in self.optional_airflows]
        _raise(await asyncio.gather(*parts, return_exceptions=True))

    async def _main_and_jars(self) -> None:
        """The jars are fetched with what is in `.venv`."""
        if not self.main.ready():
            await self.main.install()
        if self.jars and not self.jars.ready():
            await self.jars.install()


async def _airflow(airflow: AirflowEnvironment) -> None:
    if not airflow.ready():
        await airflow.prepare()
        await airflow.install()


async def _airflow_if_possible(airflow: AirflowEnvironment) -> None:
    try:
        await _airflow(airflow)
    except NoInterpreter as problem:
        print(f"setup: left out: {problem}", flush=True)


def _raise(results: Iterable[BaseException | None]) -> None:
    """Raise an error of another kind as it is, and the set-up's problems as one."""
    problems = [result for result in results if result is not None]
    for problem in problems:
        if not isinstance(problem, SetupProblem):
            raise problem
    if problems:
        raise SetupProblem("\nsetup: ".join(map(str, problems)))
