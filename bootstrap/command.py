"""Reads the stack that is bootstrapped, and runs what was asked for."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import pulumi
import pydantic
import yaml

from bootstrap.accounts import ROOT
from bootstrap.cloudformation.template import template
from bootstrap.options import Options
from bootstrap.program import bootstrap
from components.aws.naming import Names, StackNameError
from components.topology.loading import load_topology
from components.topology.model import Topology
from components.topology.problems import TopologyError

_WRONG = (OSError, StackNameError, TopologyError, ValueError)
"""What is wrong with a stack file."""


def main(arguments: list[str]) -> None:
    """Bootstrap the stack that Pulumi was started for, or print the template of the one named."""
    if arguments:
        _print_template(arguments)
        return
    try:
        names, topology, options = read_stack(pulumi.get_stack())
    except _WRONG as error:
        # Pulumi prints a RunError as it is, and anything else with a traceback.
        raise pulumi.RunError(str(error)) from None
    bootstrap(topology, names, options, makes_boundary=topology.permissions_boundary is None)


def _print_template(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bootstrap")
    command = parser.add_subparsers(required=True).add_parser(
        "template", help="print the bootstrap of a stack as a CloudFormation template"
    )
    command.add_argument("stack", help="its name, such as prod")
    try:
        names, topology, options = read_stack(parser.parse_args(arguments).stack)
        sys.stdout.write(yaml.safe_dump(template(topology, names, options), sort_keys=False))
    except _WRONG as error:
        raise SystemExit(f"bootstrap: {error}") from None


def read_stack(stack: str) -> tuple[Names, Topology, Options]:
    """The names, topology and options of the project's own stack of that name."""
    project = str(_yaml(ROOT / "Pulumi.yaml")["name"])
    names = Names(project=project, stack=stack)
    path = ROOT / "stacks" / f"Pulumi.{stack.rsplit('/', 1)[-1]}.yaml"
    config = _yaml(path).get("config", {})
    topology = load_topology(config.get(f"{project}:topology"), names=names, root=ROOT)
    return names, topology, read_options(config.get(f"{project}:bootstrap", {}))


def read_options(value: Any) -> Options:
    """The options of a stack file; a ValueError names all that is wrong with them."""
    try:
        return Options.model_validate(value)
    except pydantic.ValidationError as error:
        wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise ValueError(f"unified-pipelines:bootstrap: {'; '.join(wrong)}") from None


def _yaml(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}
