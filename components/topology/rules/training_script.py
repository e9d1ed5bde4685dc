"""A training script: a folder of the project that can be trained with, and without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from components.topology.codes import Code
from components.topology.model import Topology, Training
from components.topology.problems import KeyPath, Problem, missing, refused
from components.topology.rules import project_paths
from dags.cross_account.algorithms import SCRIPT_MODES_OWN

REQUIREMENTS = "requirements.txt"


def problems(topology: Topology, root: Path) -> Iterator[Problem]:
    """What is wrong with each ML pipeline's script; its folder is under `root`."""
    for name, pipeline in topology.ml_pipelines.items():
        path, training = ("ml_pipelines", name, "training"), pipeline.training
        if training.algorithm == "script":
            yield from _reserved((*path, "hyperparameters"), training)
            yield from _folder(path, training, root)


def _reserved(path: KeyPath, training: Training) -> Iterator[Problem]:
    for name in training.hyperparameters:
        if name.startswith(SCRIPT_MODES_OWN):
            yield from refused(
                (*path, name),
                Code.RESERVED_NAME,
                name,
                "is a name of SageMaker's script mode",
                expected=f"a name that doesn't begin with {SCRIPT_MODES_OWN}",
                relies_on=((*path[:-1], "algorithm"),),
            )


def _folder(training_path: KeyPath, training: Training, root: Path) -> Iterator[Problem]:
    path, name = (*training_path, "source_dir"), training.source_dir
    if name is None:
        yield from missing(
            path,
            "algorithm script trains with a script of your own",
            "Name the folder with the script, relative to the project's directory",
            relies_on=((*training_path, "algorithm"),),
        )
        return
    wrong = list(project_paths.unusable(path, name, root, "folder"))
    yield from wrong
    if not wrong:
        folder = root / name
        yield from _entry_point((*training_path, "entry_point"), training.entry_point, folder)
        yield from _requirements(path, folder)


def _entry_point(path: KeyPath, name: str, folder: Path) -> Iterator[Problem]:
    if not re.fullmatch(r"[\w-]+\.py", name, re.ASCII) or not (folder / name).is_file():
        yield from refused(
            path,
            Code.NO_SUCH_FILE,
            name,
            "is no Python file directly in source_dir",
            expected="a name of letters, digits, underscores and hyphens that ends in .py",
            advice="Create the file, or correct the name",
            relies_on=((*path[:-1], "source_dir"),),
        )


def _requirements(path: KeyPath, folder: Path) -> Iterator[Problem]:
    file = folder / REQUIREMENTS
    if not file.is_file():
        return
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    if "--no-index" not in (line.strip() for line in lines):
        yield from refused(
            path,
            Code.NEEDS_NETWORK,
            f"{folder.name}/{REQUIREMENTS}",
            "has no line --no-index, and a training job has no network to download packages",
            expected="--no-index, and --find-links with a folder of wheels beside it",
            advice="Download the wheels there by `pip download`, and add both lines",
        )
