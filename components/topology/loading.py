"""Reads a stack's topology and refuses it with everything that is wrong, all at once.

Runs before the first resource is registered. Calls nothing: it needs no AWS account and no
Pulumi engine.
"""

from __future__ import annotations

import json
from pathlib import Path

from components.aws.naming import Names
from components.topology.checks import problems_of
from components.topology.model import Topology
from components.topology.problems import Problem, TopologyError, missing
from components.topology.shape import Shape, read_shape


def parsed(text: str | None) -> object:
    """The value that Pulumi hands over as JSON; what isn't JSON stays a string, to be refused."""
    if text is None:
        return None
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value


def load_topology(value: object, *, names: Names, root: Path) -> Topology:
    """The topology that `value` describes: the stack's configuration, as YAML or JSON gives it.

    `root` is the project's directory: the topology's file names are relative to it.

    Raises:
        TopologyError: with every problem of shape, and every broken rule among the parts whose
            shape is right.
    """
    if value is None:
        reason = f"stack {names.stack} has no `unified-pipelines:topology` in its configuration"
        raise TopologyError(list(missing((), reason, "Add it, as in stacks/Pulumi.dev.yaml")))
    shape = read_shape(value)
    problems = [*shape.problems, *_broken_rules(shape, names, root)]
    if problems or shape.topology is None:
        raise TopologyError(problems)
    return shape.topology


def _broken_rules(shape: Shape, names: Names, root: Path) -> list[Problem]:
    if shape.topology is None:
        return []
    return [
        problem
        for problem in problems_of(shape.topology, names=names, root=root)
        if all(shape.could_read(path) for path in (problem.path, *problem.relies_on))
    ]
