"""Pipelines among each other: their names and sources."""

from __future__ import annotations

from collections.abc import Iterator

from components.aws.naming import HUB_OWNER, OWNER_PATTERN
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import DataPipeline, MlPipeline, Topology
from components.topology.problems import KeyPath, Problem, choice, closest, missing, refused
from components.topology.rules.basics import matching


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the pipelines as a set."""
    yield from _names(topology)
    yield from _sources(topology)


def _names(topology: Topology) -> Iterator[Problem]:
    for path, _ in named_pipelines(topology):
        yield from name_problems(path, "a pipeline")
    for name in sorted(topology.data_pipelines.keys() & topology.ml_pipelines.keys()):
        yield from refused(
            ("ml_pipelines", name),
            Code.DUPLICATE_PIPELINE_NAME,
            name,
            "is also a data pipeline",
            expected="a name of its own, because a connection is named after each pipeline",
            advice="Rename one of the two",
        )


def name_problems(path: tuple[str, str], kind: str) -> Iterator[Problem]:
    """What is wrong with the name that `path` ends in, of `kind` such as a pipeline."""
    _, name = path
    noun = kind.split()[1]
    yield from matching(
        path,
        name,
        OWNER_PATTERN,
        what=f"{kind} name",
        form="a lower-case letter, then up to 11 lower-case letters or digits",
        advice=f"Rename the {noun}",
    )
    if name == HUB_OWNER:
        yield from refused(
            path,
            Code.RESERVED_NAME,
            name,
            "is the name of the hub",
            advice=f"Rename the {noun}",
        )


def named_pipelines(
    topology: Topology,
) -> Iterator[tuple[tuple[str, str], DataPipeline | MlPipeline]]:
    """Every pipeline, with the path that it stands at."""
    for name, data_pipeline in topology.data_pipelines.items():
        yield ("data_pipelines", name), data_pipeline
    for name, ml_pipeline in topology.ml_pipelines.items():
        yield ("ml_pipelines", name), ml_pipeline


def _sources(topology: Topology) -> Iterator[Problem]:
    known = topology.data_pipelines
    for name, pipeline in topology.ml_pipelines.items():
        path: KeyPath = ("ml_pipelines", name)
        yield from _one_way_to_name_them(path, pipeline)
        for source in pipeline.data_pipelines():
            if source not in known:
                yield from refused(
                    (*path, pipeline.source_key),
                    Code.UNKNOWN_SOURCE,
                    source,
                    "is not a data pipeline",
                    expected=choice(known),
                    advice=closest(source, known, otherwise="Add it to `data_pipelines`"),
                    relies_on=(("data_pipelines", source),),
                )


def _one_way_to_name_them(path: KeyPath, pipeline: MlPipeline) -> Iterator[Problem]:
    """A pipeline has `source`, or `sources` with `trains_when`."""
    source, sources = (*path, "source"), (*path, "sources")
    if pipeline.source is not None and "sources" in pipeline.model_fields_set:
        yield from refused(
            sources,
            Code.CONFLICTING_KEYS,
            pipeline.sources,
            "is beside `source`",
            expected="one of the two",
            advice="Keep `source` for one data pipeline, `sources` for several",
            relies_on=(source,),
        )
    elif pipeline.source is None and "sources" not in pipeline.model_fields_set:
        yield from missing(
            source,
            "an ML pipeline trains on a data pipeline's output",
            "Name one, or several with `sources`",
            relies_on=(sources,),
        )
    elif pipeline.source is None:
        yield from _several(sources, pipeline.sources)
    if pipeline.source is not None and "trains_when" in pipeline.model_fields_set:
        yield from refused(
            (*path, "trains_when"),
            Code.CONFLICTING_KEYS,
            pipeline.trains_when,
            "is beside `source`",
            expected="`sources`",
            advice="Remove it: with one data pipeline, each new run is trained on",
            relies_on=(source,),
        )


def _several(path: KeyPath, sources: tuple[str, ...]) -> Iterator[Problem]:
    fewest, most = limits.SOURCES
    if not fewest <= len(sources) <= most or len(set(sources)) < len(sources):
        yield from refused(
            path,
            Code.WRONG_NUMBER,
            sources,
            "has the wrong number of data pipelines",
            expected=f"{fewest} to {most} different ones",
            advice="Use `source` for one",
        )
