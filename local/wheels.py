"""`make wheels STACK=prod`: the wheels of a stack's requirements, for an environment without PyPI.

The whole tree of dependencies, as Amazon MWAA's own `package-requirements` takes it: what the image
has already, pip leaves alone there.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from components.hub.wheels import PLATFORMS, PYTHON, wheel_files
from components.topology.codes import Code
from components.topology.model import Environment
from components.topology.problems import Problem, TopologyError
from components.topology.rules.wheels import WHEELS
from local.deployment.errors import DeploymentError
from local.requirements import environment_of, resolve
from local.setup.paths import MAIN_ENVIRONMENT, ROOT, python_of
from local.setup.problem import SetupProblem
from local.setup.processes import run, run_until_signalled

LOCK = "requirements.lock"
"""In the folder of wheels: versions that are locked there stay, until the file is removed."""

_MADE_HERE = frozenset({Code.NO_WHEEL, Code.OTHER_CONSTRAINT, Code.OTHER_PLATFORM})
_FAILED = 1
_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.wheels")
    parser.add_argument("stack", help="its name, such as prod, or the path of a stack file")
    try:
        environment = environment_of(parser.parse_args(arguments).stack, besides=_is_made_here)
        run_until_signalled(_download(environment))
    except (DeploymentError, SetupProblem, TopologyError) as error:
        print(f"wheels: {error}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        print("wheels: interrupted; the folder is as it was", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _is_made_here(problem: Problem) -> bool:
    return problem.path == WHEELS and problem.code in _MADE_HERE


async def _download(environment: Environment) -> None:
    if environment.wheels is None or environment.requirements_file is None:
        raise SetupProblem(
            "the stack names no wheels: expected requirements_file and wheels of hub.environment, "
            "the second being the folder that they are downloaded to"
        )
    folder = ROOT / environment.wheels
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        lock, found = Path(scratch, LOCK), Path(scratch, "wheels")
        if (folder / LOCK).is_file():
            shutil.copyfile(folder / LOCK, lock)
        requirements = (ROOT / environment.requirements_file).read_text(encoding="utf-8")
        print(f"wheels: resolving {environment.requirements_file}", flush=True)
        await resolve(requirements, environment.airflow_version, lock, wheels=folder)
        print("wheels: downloading", flush=True)
        await _fetch(lock, folder, found)
        _replace(folder, lock, found)


async def _fetch(lock: Path, own: Path, found: Path) -> None:
    """Download what is locked by pip, since uv keeps no wheels."""
    interpreter = f"cp{PYTHON[0]}{PYTHON[1]}"
    options: list[str | Path] = ["--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    options += ["--requirement", lock, "--find-links", own, "--dest", found]
    options += ["--implementation", "cp", "--python-version", ".".join(map(str, PYTHON))]
    for abi in (interpreter, "abi3", "none"):
        options += ["--abi", abi]
    for platform in PLATFORMS:
        options += ["--platform", platform]
    command = [python_of(MAIN_ENVIRONMENT), "-m", "pip", "download", *options]
    hint = "Behind a mirror of PyPI, set PIP_INDEX_URL."
    await run(command, what="Downloading the wheels", hint=hint)


def _replace(folder: Path, lock: Path, found: Path) -> None:
    """Leave in `folder` the wheels that were found, and no other ones."""
    new = {path.name: path for path in wheel_files(found)}
    for path in wheel_files(folder):
        if path.name not in new:
            print(f"wheels: removed {path.name}, which no requirement needs")
            path.unlink()
    for path in (*new.values(), lock):
        shutil.copyfile(path, folder / path.name)
    size = sum(path.stat().st_size for path in new.values())
    print(f"wheels: {folder.relative_to(ROOT)} has {len(new)} wheels, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
