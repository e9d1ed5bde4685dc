"""`columns`: the kinds of a file's columns, to pin them in the topology."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import ValidationError

from components.topology.model.input import Input
from operate.errors import UsageError
from operate.found_columns import found_columns
from operate.output import console, line
from workloads.glue.dialect import input_of

InputOption = Annotated[
    str, typer.Option("--input", help="The pipeline's `input`, such as '{delimiter: \";\"}'.")
]
LabelOption = Annotated[str, typer.Option("--label", help="The label's column.")]


def columns(
    file: Annotated[Path, typer.Argument(help="A raw file, CSV or JSON Lines.")],
    *,
    input_: InputOption = "{}",
    label: LabelOption = "label",
) -> None:
    """Print the `columns` to paste into the topology, by the rule of the Glue job."""
    if not file.is_file():
        raise UsageError(f"{file} isn't a file: name the file to look at")
    try:
        given = Input.model_validate(yaml.safe_load(input_) or {})
    except (ValidationError, yaml.YAMLError) as error:
        raise UsageError(f"--input isn't an `input` as in the topology: {error}") from error
    found = found_columns(file, input_of({"input": given.settings()}), label)
    text = yaml.safe_dump({"columns": found}, sort_keys=False, allow_unicode=True)
    for each in text.splitlines():
        line(console(), each)
