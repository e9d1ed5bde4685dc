"""How a data pipeline's files are written: options that go together, and with the files' names."""

from __future__ import annotations

from collections.abc import Iterator

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import DataPipeline, Topology
from components.topology.model.input import Input
from components.topology.problems import KeyPath, Problem, refused

_OF_CSV_ALONE = ("delimiter", "quote", "decimal", "thousands", "encoding", "header")


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each data pipeline's `input`, and with `raw_key` beside it."""
    for name, pipeline in topology.data_pipelines.items():
        path = ("data_pipelines", name)
        yield from _other_formats((*path, "input"), pipeline.input)
        yield from _marks((*path, "input"), pipeline.input)
        yield from _header((*path, "input", "header"), pipeline)
        yield from _name((*path, "raw_key"), pipeline)


def _other_formats(path: KeyPath, given: Input) -> Iterator[Problem]:
    unused = {"csv": (), "json_lines": _OF_CSV_ALONE, "parquet": (*_OF_CSV_ALONE, "missing")}
    for key in unused[given.format]:
        if key in given.model_fields_set:
            yield from refused(
                (*path, key),
                Code.CONFLICTING_KEYS,
                getattr(given, key),
                f"means nothing to the format {given.format}",
                expected="the format csv" + " or json_lines" * (key == "missing"),
                advice="Remove it",
                relies_on=((*path, "format"),),
            )


def _marks(path: KeyPath, given: Input) -> Iterator[Problem]:
    """A character has one meaning; within quotes, a delimiter has none."""
    if given.thousands == given.decimal:
        yield from refused(
            (*path, "thousands"),
            Code.CONFLICTING_KEYS,
            given.thousands,
            "is the decimal mark, too",
            expected="another mark, or none",
        )
    for key in ("decimal", "thousands"):
        if not given.quote and getattr(given, key) == given.delimiter:
            yield from refused(
                (*path, key),
                Code.CONFLICTING_KEYS,
                given.delimiter,
                "is the delimiter, too, and no cell is quoted",
                expected="another delimiter, or a quote",
                relies_on=((*path, "delimiter"), (*path, "quote")),
            )


def _header(path: KeyPath, pipeline: DataPipeline) -> Iterator[Problem]:
    """A script's data frame has the label, which the files needn't have."""
    names, label = pipeline.input.header, pipeline.label_column
    wanted = () if pipeline.glue.script else (label,)
    if names and (not {*wanted} <= {*names} or len(set(names)) < len(names)):
        yield from refused(
            path,
            Code.CONFLICTING_KEYS,
            list(names),
            "doesn't name the label and features, each once",
            expected="each column's name once"
            + "".join(f", and {name!r} among them" for name in wanted),
            relies_on=((*path[:-2], "label_column"),),
        )


def _name(path: KeyPath, pipeline: DataPipeline) -> Iterator[Problem]:
    key, given = pipeline.raw_key.lower(), pipeline.input.format
    others = tuple(end for end in limits.FORMAT_NAME_ENDS if end not in limits.NAMES_OF[given])
    if key.endswith(others):
        yield from refused(
            path,
            Code.NOT_A_CSV_FILE if given == "csv" else Code.OTHER_FORMAT,
            pipeline.raw_key,
            f"has another format than {given} by its name",
            expected=f"a name without {', '.join(others)} at its end",
            advice="Save the data in the format that input.format names, or change that",
            relies_on=((*path[:-1], "input", "format"),),
        )
