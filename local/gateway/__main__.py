"""`python -m local.gateway --port P --directory D`: serve until a signal, then end all children."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from local.gateway import environment_variables
from local.gateway.settings import Settings


def _arguments() -> Settings:
    parser = argparse.ArgumentParser(prog="python -m local.gateway", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="the port to serve on")
    parser.add_argument("--directory", type=Path, required=True, help="the working directory")
    given = parser.parse_args()
    return Settings(port=given.port, directory=given.directory.resolve())


def main() -> None:
    """Replace the environment variables by the gateway's own, then serve."""
    settings = _arguments()
    # Files below its directory contain credentials: only the user may read them.
    os.umask(0o077)
    own = environment_variables.of_gateway(os.environ, settings)
    os.environ.clear()
    os.environ.update(own)
    tempfile.tempdir = own["TMPDIR"]
    # MiniStack reads its settings when it is imported, so the server is imported here.
    from local.gateway.server import run

    run(settings)


if __name__ == "__main__":
    main()
