"""Takes the README's pictures from the local run that `make local KEEP=1` left.

It needs Chromium or Google Chrome, which the project doesn't install.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from local.run.leftovers import running_endpoint
from local.run.run_directory import DEFAULT_DIRECTORY, RunDirectory

AIRFLOW_PAGE = Path(__file__).with_name("airflow_page.png")
RUN_PAGE = Path(__file__).with_name("run_page.png")
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_OPTIONS = (
    "--headless",
    "--no-sandbox",  # the only pages are the local run's, and root can't use the sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    # On a busy machine a picture would lack what is not drawn yet.
    "--run-all-compositor-stages-before-draw",
    # Airflow's page fills itself by calls to its API; the picture waits for them.
    "--virtual-time-budget=30000",
)
_TIMEOUT_SECONDS = 120

_COLOURS = 64
"""Of a picture: a page of text and charts takes a third of the bytes, and looks the same."""


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


def run_page(directory: RunDirectory) -> str:
    """The address of the page of the kept run."""
    if not directory.page.is_file():
        raise PictureError(f"there is no {directory.page}; `make local` writes it")
    return directory.page.as_uri()


def take(address: str, picture: Path, size: str) -> None:
    """Load the page in a browser without a window or a history, and write what it shows."""
    with tempfile.TemporaryDirectory() as profile:
        own = (f"--user-data-dir={profile}", f"--screenshot={picture}", f"--window-size={size}")
        command = [browser(), *_OPTIONS, *own]
        # The browser also complains where nothing is wrong: its words only count when it fails.
        try:
            subprocess.run(
                [*command, address], check=True, capture_output=True, timeout=_TIMEOUT_SECONDS
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (error.stderr or b"").decode(errors="replace").strip()
            raise PictureError(f"there is no picture of {address}: {error}\n{said}") from error
    with Image.open(picture) as taken:
        few_colours = taken.convert("RGB").quantize(_COLOURS)
    few_colours.save(picture, optimize=True)


def main() -> int:
    """Take the pictures; the exit status."""
    directory = RunDirectory(DEFAULT_DIRECTORY)
    try:
        take(dags_page(directory), AIRFLOW_PAGE, "1280,720")
        take(run_page(directory), RUN_PAGE, "1040,1700")
    except PictureError as error:
        sys.stderr.write(f"screenshot: {error}\n")
        return 1
    print(f"{AIRFLOW_PAGE} and {RUN_PAGE} are new: look at them before you commit them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
