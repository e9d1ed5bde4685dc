"""The environment variables that the Makefile passes on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from components.topology.model import Environment
from local.run.run_directory import CHECKOUT


def outside_of_make() -> dict[str, str]:
    """The environment without what `make test` adds to it for a make inside."""
    own = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}
    return {name: value for name, value in os.environ.items() if name not in own}


def test_another_pythons_modules_stay_out(tmp_path: Path) -> None:
    target = tmp_path / "Makefile"
    target.write_text("show-environment:\n\t@env\n")
    python = {"PYTHONPATH": "/lib/of/another", "PYTHONHOME": "/usr"}

    done = subprocess.run(
        ["make", "-f", CHECKOUT / "Makefile", "-f", target, "show-environment"],
        env={**outside_of_make(), **python, "KEEP": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    names = {line.partition("=")[0] for line in done.stdout.splitlines()}
    assert "KEEP" in names
    assert names.isdisjoint(python)


def test_nothing_is_installed_to_stop_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "-f", CHECKOUT / "Makefile", "stop"],
        cwd=tmp_path,
        env=outside_of_make(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "no local run was left running\n"
    assert list(tmp_path.iterdir()) == []


def test_the_airflow_that_is_installed_is_the_topologys_default() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    assert f"AIRFLOW := {Environment().airflow_version}\n" in makefile
