"""What this machine itself must have; everything else, Java included, comes from PyPI."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from local.setup.problem import SetupProblem

SYSTEMS = ("linux", "darwin")

# Debian's Python or one built by hand may lack these; each with what fails without it.
_NEEDED = {
    "ensurepip": "no environment can be made (on Debian and Ubuntu: apt install python3-venv)",
    "sqlite3": "Airflow has no database (a self-built Python needs SQLite's headers)",
    "ssl": "nothing can be downloaded (a self-built Python needs OpenSSL's headers)",
}


def check_prerequisites() -> None:
    """Refuse a machine that can't work, before anything is downloaded."""
    if sys.platform not in SYSTEMS:
        raise SetupProblem(f"this is {sys.platform}; the local run needs Linux or macOS.")
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        said = "; ".join(f"without {name}, {_NEEDED[name]}" for name in missing)
        raise SetupProblem(f"{sys.executable} lacks {', '.join(missing)}: {said}.")
