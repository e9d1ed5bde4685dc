"""Writes the lock files from requirements/*.in, with hashes and without any address."""

from __future__ import annotations

import sys
from pathlib import Path

from local.setup.paths import REQUIREMENTS, ROOT, STATE
from local.setup.problem import SetupProblem
from local.setup.processes import step, uv

# The very files that MWAA installs under.
CONSTRAINTS = ROOT / "workloads" / "mwaa"

# One environment: resolved together, then written apart.
_MAIN = {
    "main.in": ROOT / "requirements.txt",
    "local.in": REQUIREMENTS / "local.txt",
    "development.in": REQUIREMENTS / "development.txt",
}

_TABLES = {
    "action": ROOT / "components" / "access" / "actions.json",
    "region": ROOT / "components" / "topology" / "regions.json",
}


async def write_locks(*, upgrade: bool) -> None:
    """Write all lock files; without `upgrade`, locked versions stay where the sources allow it."""
    constraints = _airflow_constraints()
    whole = STATE / "whole.txt"
    if not upgrade:
        whole.write_text("".join(lock.read_text() for lock in _MAIN.values()))
    with step("lock: .venv"):
        await _compile(whole, [REQUIREMENTS / name for name in _MAIN], upgrade=upgrade)
        for name, lock in _MAIN.items():
            await _compile(lock, [REQUIREMENTS / name], constraint=whole, upgrade=True)
    whole.unlink()
    for name in ("actions", "bootstrap", "build", "regions"):
        with step(f"lock: {name}"):
            await _compile(
                REQUIREMENTS / f"{name}.txt", [REQUIREMENTS / f"{name}.in"], upgrade=upgrade
            )
    for what, table in _TABLES.items():
        with step(f"AWS's {what}s"):
            await _write_table(what, table)
    for version, file in constraints.items():
        lock = REQUIREMENTS / f"airflow-{version}.txt"
        with step(f"lock: Airflow {version}"):
            await _compile(lock, [lock.with_suffix(".in")], constraint=file, upgrade=upgrade)


async def _write_table(what: str, table: Path) -> None:
    """Write what the package that has just been locked for it knows of AWS."""
    alone: list[str | Path] = ["run", "--no-project", "--isolated", "--python", sys.executable]
    alone += ["--with-requirements", REQUIREMENTS / f"{what}s.txt"]
    script = ROOT / "local" / "setup" / f"{what}_data.py"
    await uv([*alone, "python", script, table], what=f"Writing {table.name}")


def _airflow_constraints() -> dict[str, Path]:
    """Airflow's own constraint file for each version that has a source file here."""
    sources = sorted(REQUIREMENTS.glob("airflow-*.in"))
    versions = [source.stem.removeprefix("airflow-") for source in sources]
    files = {version: CONSTRAINTS / f"constraints-{version}.txt" for version in versions}
    missing = ", ".join(file.name for file in files.values() if not file.is_file())
    if missing:
        raise SetupProblem(
            f"{CONSTRAINTS.relative_to(ROOT)} has no {missing}. It is Airflow's own "
            f"constraints-3.12.txt of that version, from the branch constraints-<version> of its "
            f"repository: put it there under this name and call make lock again."
        )
    return files


async def _compile(
    target: Path, sources: list[Path], *, constraint: Path | None = None, upgrade: bool
) -> None:
    options: list[str | Path] = ["--quiet", "--generate-hashes", "--no-annotate"]
    options += ["--universal", "--python-version", "3.11"]
    options += ["--no-emit-index-url", "--no-emit-find-links"]
    options += ["--custom-compile-command", "make lock", "--output-file", target]
    if constraint:
        options += ["--constraints", constraint]
    if upgrade:
        options += ["--upgrade"]
    await uv(["pip", "compile", *options, *sources], what=f"Locking {target.name}")
