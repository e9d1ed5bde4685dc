"""How a data pipeline's rows are split: what each way of splitting needs, and beside a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.topology.codes import Code
from components.topology.model import DataPipeline, Topology
from components.topology.model.data_pipeline import Split
from components.topology.problems import KeyPath, Problem, missing, refused
from components.topology.rules.basics import column_name
from workloads.glue.split import moment

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "time": ("column", "validation_from"),
    "group": ("column",),
}

_REASONS = {
    "column": "a split by {} needs the column that decides",
    "validation_from": "a split by time needs the first moment of validation",
}


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each data pipeline's `split`."""
    for name, pipeline in topology.data_pipelines.items():
        path = ("data_pipelines", name, "split")
        yield from _keys(path, pipeline.split)
        yield from _column((*path, "column"), pipeline)
        yield from _moment((*path, "validation_from"), pipeline.split)
        yield from _beside_script((*path, "by"), pipeline)


def _keys(path: KeyPath, split: Split) -> Iterator[Problem]:
    needed, by = _NEEDED.get(split.by, ()), ((*path, "by"),)
    for key, reason in _REASONS.items():
        value = getattr(split, key)
        if value is None and key in needed:
            yield from missing((*path, key), reason.format(split.by), "Add it", relies_on=by)
        elif value is not None and key not in needed:
            others = " or ".join(other for other, keys in _NEEDED.items() if key in keys)
            yield from refused(
                (*path, key),
                Code.CONFLICTING_KEYS,
                value,
                f"means nothing to a split by {split.by}",
                expected=f"by: {others} beside it",
                advice="Remove it, or split by that",
                relies_on=by,
            )


def _column(path: KeyPath, pipeline: DataPipeline) -> Iterator[Problem]:
    column = pipeline.split.column
    if column is None:
        return
    unfit = list(column_name(path, column))
    yield from unfit
    if not unfit and column == pipeline.label_column:
        yield from refused(
            path,
            Code.CONFLICTING_KEYS,
            column,
            "is the label, which would differ between training and validation",
            expected="another column",
            relies_on=((*path[:-2], "label_column"),),
        )


def _moment(path: KeyPath, split: Split) -> Iterator[Problem]:
    if split.validation_from is not None and moment(split.validation_from) is None:
        yield from refused(
            path,
            Code.MALFORMED,
            split.validation_from,
            "is not a moment",
            expected="a date or time in ISO 8601, such as 2026-11-01 or 2026-11-01T05:00+02:00, "
            "or seconds since 1970",
        )


def _beside_script(path: KeyPath, pipeline: DataPipeline) -> Iterator[Problem]:
    split = pipeline.split
    if pipeline.glue.script and "by" in split.model_fields_set and split.by == "record":
        yield from refused(
            path,
            Code.CONFLICTING_KEYS,
            split.by,
            "needs the rows of a file, and those of a script's data frame have no numbers",
            expected="content, time or group",
            advice="Remove it: rows of a script are split by content",
        )
