"""The start-up script: run by bash as MWAA runs it, its exported variables taken."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

_LIMIT_SECONDS = 300
"""MWAA ends a script that takes longer than five minutes."""

_OF_BASH = frozenset({"_", "SHLVL", "PWD", "OLDPWD"})


class StartupScriptError(Exception):
    """The script failed; its message holds the end of what it printed."""


def exported(script: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that `script` exports, new or changed, given `variables`."""
    before = {**variables, "MWAA_AIRFLOW_COMPONENT": "worker"}
    exports = script.with_name("startup.exports")
    try:
        done = subprocess.run(
            ["bash", "-c", 'source "$1" && env -0 > "$2"', "startup", script, exports],  # noqa: S607
            env=before,
            cwd=script.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"The startup script took more than {_LIMIT_SECONDS} seconds."
        raise StartupScriptError(message) from error
    if done.returncode:
        output = done.stdout.decode(errors="replace").strip()[-500:]
        message = f"The startup script ended with exit status {done.returncode}: {output}"
        raise StartupScriptError(message)
    rows = exports.read_text(encoding="utf-8", errors="replace").rstrip("\0").split("\0")
    after = dict(row.split("=", 1) for row in rows)
    return {
        name: value
        for name, value in after.items()
        if name not in _OF_BASH and before.get(name) != value
    }
