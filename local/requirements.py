"""`make requirements STACK=prod`: whether pip will find the packages that a stack requires.

They are resolved as Amazon MWAA's pip does: under the constraints that the file names, for the
Python, the platform and the Airflow of the environment. Nothing is installed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from components.aws.naming import Names
from components.hub.settings import CONSTRAINTS_FOLDER, shipped_constraints
from components.hub.wheels import GLIBC, PYTHON
from components.topology.loading import load_topology, parsed
from components.topology.model import Environment
from components.topology.problems import Problem, TopologyError
from components.topology.shape import read_shape
from local.deployment.errors import DeploymentError
from local.deployment.stack_file import read_stack
from local.setup.paths import ROOT
from local.setup.problem import SetupProblem
from local.setup.processes import run_until_signalled, uv

_FAILED = 1
_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.requirements")
    parser.add_argument("stack", help="its name, such as prod, or the path of a stack file")
    try:
        environment = environment_of(parser.parse_args(arguments).stack)
        run_until_signalled(_check(environment))
    except (DeploymentError, SetupProblem, TopologyError) as error:
        print(f"requirements: {error}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0


def environment_of(
    name: str, *, besides: Callable[[Problem], bool] = lambda _: False
) -> Environment:
    """The environment of a stack in which nothing is wrong, `besides` what that tells of."""
    stack = read_stack(ROOT, name)
    value = parsed(stack.config.get(f"{stack.project}:topology"))
    names = Names(project=stack.project, stack=stack.name)
    try:
        return load_topology(value, names=names, root=ROOT).hub.environment
    except TopologyError as error:
        others = [problem for problem in error.problems if not besides(problem)]
        topology = read_shape(value).topology
        if others or topology is None:
            raise TopologyError(others) from None
        return topology.hub.environment


async def resolve(
    requirements: str, version: str, lock: Path, *, wheels: Path | None = None
) -> None:
    """Write the versions of all packages, with hashes, as they hold on that version of Airflow.

    With `wheels`, a folder of them, nothing is taken that would have to be built.
    """
    source, airflow = lock.with_name("requirements.in"), lock.with_name("airflow.txt")
    shipped = shipped_constraints(requirements)
    lines = [line for line in requirements.splitlines() if shipped is None or shipped not in line]
    source.write_text("\n".join(lines), encoding="utf-8")
    # Airflow's own constraints name every package but Airflow.
    airflow.write_text(f"apache-airflow=={version}\n", encoding="utf-8")
    options: list[str | Path] = ["--quiet", "--generate-hashes", "--no-annotate", "--no-header"]
    if wheels is not None:
        options += ["--only-binary", ":all:", "--find-links", wheels]
    options += ["--output-file", lock, "--no-emit-index-url", "--no-emit-find-links"]
    options += ["--constraints", airflow, "--python-version", ".".join(map(str, PYTHON))]
    options += ["--python-platform", f"x86_64-manylinux_{GLIBC[0]}_{GLIBC[1]}"]
    if shipped is not None:
        options += ["--constraints", ROOT / CONSTRAINTS_FOLDER / shipped]
    await uv(["pip", "compile", *options, source], what="Resolving the requirements")


async def _check(environment: Environment) -> None:
    file = environment.requirements_file
    if file is None:
        raise SetupProblem("the stack names no requirements_file under hub.environment")
    wheels = None if environment.wheels is None else ROOT / environment.wheels
    with TemporaryDirectory() as scratch:
        lock = Path(scratch, "requirements.lock")
        text = (ROOT / file).read_text(encoding="utf-8")
        await resolve(text, environment.airflow_version, lock, wheels=wheels)
        found = _packages(lock)
    print(
        f"requirements: {file} resolves on Airflow {environment.airflow_version},"
        f" packages with their dependencies: {found}"
    )


def _packages(lock: Path) -> int:
    return sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
