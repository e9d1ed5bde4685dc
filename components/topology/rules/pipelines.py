"""Pipelines among each other: their names and sources."""

from __future__ import annotations

from collections.abc import Iterator

from components.aws.naming import HUB_OWNER, OWNER_PATTERN
from components.topology.codes import Code
from components.topology.model import DataPipeline, MlPipeline, Topology
from components.topology.problems import Problem, choice, closest, refused
from components.topology.rules.basics import matching


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the pipelines as a set."""
    yield from _names(topology)
    yield from _sources(topology)


def _names(topology: Topology) -> Iterator[Problem]:
    for path, _ in named_pipelines(topology):
        _, name = path
        yield from matching(
            path,
            name,
            OWNER_PATTERN,
            what="a pipeline name",
            form="a lower-case letter, then up to 11 lower-case letters or digits",
            advice="Rename the pipeline",
        )
        if name == HUB_OWNER:
            yield from refused(
                path,
                Code.RESERVED_NAME,
                name,
                "is the name of the hub",
                advice="Rename the pipeline",
            )
    for name in sorted(topology.data_pipelines.keys() & topology.ml_pipelines.keys()):
        yield from refused(
            ("ml_pipelines", name),
            Code.DUPLICATE_PIPELINE_NAME,
            name,
            "is also a data pipeline",
            expected="a name of its own, because a connection is named after each pipeline",
            advice="Rename one of the two",
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
        if pipeline.source not in known:
            yield from refused(
                ("ml_pipelines", name, "source"),
                Code.UNKNOWN_SOURCE,
                pipeline.source,
                "is not a data pipeline",
                expected=choice(known),
                advice=closest(pipeline.source, known, otherwise="Add it to `data_pipelines`"),
                relies_on=(("data_pipelines", pipeline.source),),
            )
