"""`verify`: whether a deployment does what it should, with a dated report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from operate.connection import connect
from operate.errors import UsageError
from operate.gathering import gathered
from operate.options import JsonOption, LocalOption, OutputsOption, PipelineOption, StackOption
from operate.output import console, document, line
from operate.run_report import report_of
from operate.sample_run import run_sample
from operate.verification import verified

_FAILED = 1


def verify(
    *,
    pipeline: PipelineOption,
    folder: Annotated[Path, typer.Option(help="Where the reports are written.")] = Path(),
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run sample data to the models, add the rows up, and try ten calls that must be denied.

    Writes `verification-<run>.md` and the run's page. The exit status is 0 if all of it is well.
    """
    if not folder.is_dir():
        raise UsageError(f"--folder {folder}: there is no such directory")
    connection = connect(stack, outputs, local=local)
    # With --json the document is all that goes to the standard output.
    progress = console(stderr=as_json)
    sample = run_sample(connection, pipeline, progress)
    run = gathered(connection, pipeline, sample.run)
    report = report_of(connection, run)
    found = verified(connection, run, sample)
    # matplotlib takes seconds to import, and few commands need it.
    from operate.page.rendering import page
    from operate.verification_text import markdown

    text = markdown(found, datetime.now(UTC))
    name = folder / f"verification-{sample.run}"
    files = {name.with_suffix(".md"): text, name.with_suffix(".html"): page([report])}
    for file, content in files.items():
        file.write_text(content, encoding="utf-8")
    if as_json:
        document({**found, "files": [str(file.resolve()) for file in files]})
    else:
        line(progress, text)
    raise typer.Exit(0 if found["passed"] else _FAILED)
