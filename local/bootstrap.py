"""Makes this checkout's environments: `python3 local/bootstrap.py install --spark --airflow 3.3.1`.

Needs nothing but a Python of 3.11 or later. Older ones must still be able to read this file, so
that they can say what is missing: the rest is in `local/setup_command.py`.
"""

import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)


def main():  # type: () -> int
    """Refuse an old Python with a sentence, else call `local.setup_command`."""
    if sys.version_info < OLDEST_PYTHON:
        sys.stderr.write(
            f"setup: {sys.executable} is Python {sys.version.split()[0]}, and this project needs "
            "3.11 or later. Install one, or name an installed one: make PYTHON=python3.12 ...\n"
        )
        return 1
    # This file's own folder leads the path when it runs as a script; its modules would hide the
    # standard library's.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from local.setup_command import main as setup

    return setup(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
