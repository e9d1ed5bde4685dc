"""How long `make local` takes to the trained model, and the memory of all its processes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figure import ROOT, Figure, NotMeasuredError
from benchmarks.memory import ProcessFamily
from local.run.run_directory import RunDirectory

_SAMPLE_SECONDS = 0.5


def figures() -> Iterator[Figure]:
    """One run of the stack `local` in a folder of its own, as its summary has it."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        family = _run(Path(folder))
        took = time.monotonic() - start
        summary: dict[str, Any] = json.loads(RunDirectory(Path(folder)).summary.read_text())
    yield Figure(
        what="make local, from its start until everything has ended", value=took, target=90
    )
    for phase, value in summary["seconds"].items():
        if value is not None:
            yield Figure(what=f"  {phase}", value=value)
    yield Figure(
        what="make local, peak memory of all its processes",
        value=family.peak,
        unit="GiB",
        target=4,
    )


def _run(folder: Path) -> ProcessFamily:
    output = folder / "output.txt"
    command: list[str | Path] = [sys.executable, "-m", "local", "run", "--stack", "local"]
    command += ["--directory", folder]
    with output.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
    family = ProcessFamily(process.pid)
    try:
        while process.poll() is None:
            family.sample()
            time.sleep(_SAMPLE_SECONDS)
    finally:
        process.terminate()
        process.wait()
    if process.returncode:
        said = output.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise NotMeasuredError(f"the local run ended with {process.returncode}:\n{said}")
    return family
