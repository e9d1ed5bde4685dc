"""The names of the input's columns: a label and features, each once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from workloads.glue.arguments import Job
from workloads.glue.errors import InputError, some
from workloads.glue.kinds import Pinned, check_pinned

COLUMNS_SHOWN = 20
CLOSE = 0.75
"""How alike two names are, of 1, for the one to be a typing error of the other."""


def check_names(job: Job, names: Sequence[str], pins: Mapping[str, Pinned]) -> None:
    """Fail on columns that can't be trained on, or that lack one that the topology names."""
    check_columns(job.source, job.label, names)
    check_pinned(job.source, names, pins)
    if job.split.column not in (None, *names):
        raise InputError(
            f"{job.source} lacks {job.split.column!r}, and the topology splits by it: add the "
            "column, or change `split`."
        )


def check_columns(source: str, label: str, columns: Sequence[str]) -> None:
    """Fail on a header that doesn't name a label and features, each once."""
    if not any(columns):
        raise InputError(f"{source} has no header: its first row must name the columns.")
    if label not in columns:
        raise InputError(missing_label(source, label, columns))
    unnamed = [str(number) for number, name in enumerate(columns, 1) if not name]
    if unnamed == ["1"]:
        raise InputError(
            f"The first column of {source} has no name, as where pandas or R numbers the rows: "
            "save the file without it (index=False in pandas, row.names=FALSE in R), or name it if "
            "it is a feature."
        )
    if unnamed:
        raise InputError(f"Column {', '.join(unnamed)} of {source} has no name: name every column.")
    if repeated := sorted({name for name in columns if columns.count(name) > 1}):
        raise InputError(
            f"{source} has more than one column of the name {', '.join(map(repr, repeated))}: "
            "name every column differently."
        )
    if len(columns) == 1:
        raise InputError(f"{source} has the label alone: training needs at least one feature.")


def missing_label(source: str, label: str, columns: Sequence[str]) -> str:
    """The sentence for a missing label column: which columns there are, and the most similar."""
    folded = {name.casefold(): name for name in columns}
    close = difflib.get_close_matches(label.casefold(), folded, n=1, cutoff=CLOSE)
    hint = f"; the closest is {folded[close[0]]!r}" if close else ""
    if len(columns) == 1 and re.search(r"[;\t|]", columns[0]):
        hint = "; set input.delimiter to what separates the cells"
    shown = some(list(map(repr, columns)), COLUMNS_SHOWN)
    return f"{source} has no label column {label!r}: its columns are {shown}{hint}."
