"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StackOption = Annotated[
    str | None,
    typer.Option("--stack", "-s", help="The stack; without it, the one that Pulumi has selected."),
]
OutputsOption = Annotated[
    Path | None,
    typer.Option(
        "--outputs", help="A file with the stack's outputs as JSON, in place of asking Pulumi."
    ),
]
LocalOption = Annotated[
    bool, typer.Option("--local", help="What `make local KEEP=1` left running.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
PipelineOption = Annotated[str, typer.Option("--pipeline", "-p", help="The pipeline's name.")]
RunArgument = Annotated[
    str,
    typer.Argument(metavar="RUN", help="A run, such as 20261122T123336123456, or a DAG run's id."),
]
