"""The startup script: bash runs it, as in MWAA, and Airflow gets the variables it exports."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.gateway.processes import Children

_LIMIT_SECONDS = 300
"""MWAA ends a script that takes longer than five minutes."""

_OF_BASH = frozenset({"_", "SHLVL", "PWD", "OLDPWD"})


class StartupScriptError(Exception):
    """The script failed; the message contains the end of its output."""


def exported(script: Path, variables: Mapping[str, str], children: Children) -> dict[str, str]:
    """The variables that `script` adds or changes when it is run with `variables`."""
    before = {**variables, "MWAA_AIRFLOW_COMPONENT": "worker"}
    exports = script.with_name("startup.exports")
    try:
        _run(script, exports, before, children)
        rows = exports.read_text(encoding="utf-8", errors="replace").rstrip("\0").split("\0")
    finally:
        # It contains the credentials of the execution role.
        exports.unlink(missing_ok=True)
    after = dict(row.split("=", 1) for row in rows)
    return {
        name: value
        for name, value in after.items()
        if name not in _OF_BASH and before.get(name) != value
    }


def _run(script: Path, exports: Path, variables: Mapping[str, str], children: Children) -> None:
    log = script.with_name("startup.log")
    try:
        status = children.run(
            f"{script.parent.parent.name}/startup",
            ["bash", "-c", 'source "$1" && env -0 > "$2"', "startup", script, exports],
            environment=variables,
            folder=script.parent,
            log=log,
            limit_seconds=_LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        message = f"The startup script took more than {_LIMIT_SECONDS} seconds."
        raise StartupScriptError(message) from error
    if status:
        output = log.read_text(encoding="utf-8", errors="replace").strip()[-500:]
        message = f"The startup script ended with exit status {status}: {output}"
        raise StartupScriptError(message)
