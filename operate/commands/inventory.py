"""`inventory`: what there is of a stack, and after its removal what is left."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from operate.connection import connect
from operate.inventoried import inventoried
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, line, table

_LEFTOVERS = 1


def inventory(
    *,
    fail_on_leftovers: Annotated[
        bool,
        typer.Option(
            "--fail-on-leftovers", help="End with status 1 if anything of the stack is there."
        ),
    ] = False,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """List what carries the stack's tags in all its accounts and Regions, and what stays.

    After `pulumi destroy` a stack has no outputs: save them before, and name the file.
    """
    found = inventoried(connect(stack, outputs, local=local))
    leftovers = [each for each in found if each.kept is None]
    kept = [each for each in found if each.kept is not None]
    if as_json:
        document({"stack": [asdict(each) for each in leftovers], "kept": [*map(asdict, kept)]})
    else:
        to = console()
        rows = [[each.account_id, each.region, each.arn, each.kept or ""] for each in found]
        table(to, ["account", "Region", "resource", "stays"], rows)
        line(to, f"{len(leftovers)} of the stack, {len(kept)} that stay")
    if fail_on_leftovers and leftovers:
        raise typer.Exit(_LEFTOVERS)
