"""`report`: runs as one page, to look at or to pass on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from operate.connection import Connection, connect
from operate.errors import UsageError
from operate.explanation import find_run
from operate.gathering import gathered
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, line
from operate.run_report import report_of


def report(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...", help="Runs, such as 20261122T123336123456, or DAG runs' ids."
        ),
    ],
    *,
    pipeline: Annotated[
        str | None,
        typer.Option("--pipeline", "-p", help="The pipeline; all with such a run, if left out."),
    ] = None,
    file: Annotated[Path, typer.Option(help="The HTML file to write.")] = Path("report.html"),
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a page: when a run did what, where each row went, the models, and the last runs."""
    connection = connect(stack, outputs, local=local)
    found = [each for name in runs for each in _reports(connection, pipeline, name)]
    # matplotlib takes seconds to import, and no other command needs it.
    from operate.page.rendering import page

    file.write_text(page(found), encoding="utf-8")
    if as_json:
        document({"file": str(file.resolve()), "runs": found})
    else:
        line(console(), f"{file.resolve()} shows {len(found)} runs; it holds some rejected rows")


def _reports(connection: Connection, pipeline: str | None, name: str) -> list[dict[str, Any]]:
    if pipeline is not None:
        run = find_run(connection, pipeline, name).run
        return [report_of(connection, gathered(connection, pipeline, run))]
    found = [
        report_of(connection, gathered(connection, each, dag_run.run))
        for each in connection.stack.data_pipelines
        if (dag_run := connection.airflow.find(connection.dag_id(each), name)) is not None
    ]
    if not found:
        raise UsageError(
            f"no data pipeline has a run {name}: {connection.command('status')} shows the last ones"
        )
    return found
