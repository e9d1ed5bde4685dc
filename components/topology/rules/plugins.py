"""The folders that become plugins.zip: plugins, and wheels in place of PyPI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from components.hub.plugins import plugin_files
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Environment, Topology
from components.topology.problems import KeyPath, Problem, out_of_range, refused
from components.topology.rules import project_paths, wheels

_PLUGINS: KeyPath = ("hub", "environment", "plugins")


def problems(topology: Topology, root: Path) -> Iterator[Problem]:
    """What is wrong with plugins and wheels, whose folders are under `root`."""
    environment = topology.hub.environment
    wrong = [*_plugins(environment, root), *wheels.problems(topology, root)]
    yield from wrong
    if not wrong:
        yield from _size(environment, root)


def _plugins(environment: Environment, root: Path) -> Iterator[Problem]:
    name = environment.plugins
    if name is None:
        return
    wrong = list(project_paths.unusable(_PLUGINS, name, root, "folder"))
    yield from wrong
    if not wrong and not plugin_files(environment, root):
        yield from refused(
            _PLUGINS,
            Code.EMPTY_FILE,
            name,
            "has no files",
            advice="Put the plugins there. An environment keeps its last ones without the key: to "
            "remove them, leave a file such as README.md",
        )


def _size(environment: Environment, root: Path) -> Iterator[Problem]:
    size = sum(path.stat().st_size for path in plugin_files(environment, root).values())
    if size > limits.PLUGINS_BYTES:
        yield from out_of_range(
            wheels.WHEELS if environment.wheels is not None else _PLUGINS,
            f"{size / 1e9:.1f} GB",
            "plugins.zip of 1 GB at most, since an environment installs for ten minutes at most",
            advice="Require less, or do the work in AWS Glue or Amazon SageMaker",
        )
