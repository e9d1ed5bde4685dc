"""All the rules between and about a topology's values, in one list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from components.aws.naming import Names
from components.topology.model import Topology
from components.topology.problems import Problem
from components.topology.rules import (
    access,
    accounts,
    accounts_and_regions,
    airflow_options,
    data_pipelines,
    environment,
    files,
    glue_script,
    hyperparameters,
    inputs,
    monitoring,
    network,
    pipeline_limits,
    pipeline_networks,
    pipelines,
    plugins,
    private_network,
    schedules,
    splits,
    tags,
    training,
    training_options,
    training_script,
    tuned_parameters,
    tuned_xgboost,
    tuning,
    uploads,
)


def problems_of(topology: Topology, *, names: Names, root: Path) -> Iterator[Problem]:
    """Everything that is wrong with a well-shaped topology.

    `root` is the project's directory, to which the topology's file names are relative.
    """
    yield from accounts.problems(topology)
    yield from accounts_and_regions.problems(topology)
    yield from pipelines.problems(topology)
    yield from pipeline_limits.problems(topology, names)
    yield from pipeline_networks.problems(topology)
    yield from access.problems(topology, root)
    yield from environment.problems(topology.hub.environment)
    yield from airflow_options.problems(topology.hub.environment)
    yield from network.problems(topology)
    yield from private_network.problems(topology)
    yield from monitoring.problems(topology)
    yield from files.problems(topology.hub.environment, root)
    yield from plugins.problems(topology, root)
    yield from data_pipelines.problems(topology)
    yield from glue_script.problems(topology, root)
    yield from inputs.problems(topology)
    yield from splits.problems(topology)
    yield from schedules.problems(topology)
    yield from uploads.problems(topology, names)
    yield from training.problems(topology)
    yield from training_options.problems(topology)
    yield from training_script.problems(topology, root)
    yield from hyperparameters.problems(topology)
    yield from tuning.problems(topology)
    yield from tuned_parameters.problems(topology)
    yield from tuned_xgboost.problems(topology)
    yield from tags.problems(topology)
