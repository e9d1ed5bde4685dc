"""Takes the README's picture of the Airflow page, from the local run that `make local KEEP=1` left.

It needs Chromium or Google Chrome, which the project doesn't install.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from local.run.leftovers import running_endpoint
from local.run.run_directory import DEFAULT_DIRECTORY, RunDirectory

PICTURE = Path(__file__).with_suffix(".png")
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_OPTIONS = (
    "--headless",
    "--no-sandbox",  # the only page is the local run's, and root can't use the sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,720",
    # The page fills itself by calls to Airflow's API; the picture waits for them.
    "--virtual-time-budget=30000",
)
_TIMEOUT_SECONDS = 120


class PictureError(Exception):
    """There is no picture to take, or nothing to take it with; the message says what to do."""


def browser() -> str:
    """The first browser that this machine has."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found is not None:
            return found
    raise PictureError(
        "found neither Chromium nor Google Chrome; install one, such as `apt install chromium`"
    )


def dags_page(directory: RunDirectory) -> str:
    """The address of the list of DAGs in the kept run."""
    if running_endpoint(directory) is None or not directory.summary.is_file():
        raise PictureError("no finished local run is kept; start one with `make local KEEP=1`")
    outputs = json.loads(directory.summary.read_text(encoding="utf-8"))["outputs"]
    return f"http://{outputs['airflow_webserver_url']}/dags"


def take(address: str, picture: Path) -> None:
    """Load the page in a browser without a window or a history, and write what it shows."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser(), *_OPTIONS, f"--user-data-dir={profile}", f"--screenshot={picture}"]
        # The browser also complains where nothing is wrong: its words only count when it fails.
        try:
            subprocess.run(
                [*command, address], check=True, capture_output=True, timeout=_TIMEOUT_SECONDS
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (error.stderr or b"").decode(errors="replace").strip()
            raise PictureError(f"there is no picture of {address}: {error}\n{said}") from error


def main() -> int:
    """Take the picture; the exit status."""
    try:
        take(dags_page(RunDirectory(DEFAULT_DIRECTORY)), PICTURE)
    except PictureError as error:
        sys.stderr.write(f"screenshot: {error}\n")
        return 1
    print(f"{PICTURE} is new: look at it before you commit it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
