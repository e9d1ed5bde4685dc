"""A Glue job's own script, with its files, wheels and further inputs, as the project has them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from components.topology.codes import Code
from components.topology.model import DataPipeline, Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import is_raw_key

TAKEN_MODULES = frozenset({"awsglue", "boto3", "botocore", "py4j", "pyspark", "workloads"})
"""Modules of Glue and of the job itself, besides Python's own."""

PYTHON_FILE = r"[A-Za-z_][A-Za-z0-9_]*\.py"
WHEEL = r"[A-Za-z0-9_.]+(-[A-Za-z0-9_.+!]+){1,2}-[a-z0-9_.]+-[a-z0-9_]+-[a-z0-9_.]+\.whl"

_NEED_SCRIPT = ("arguments", "inputs", "files", "python_modules")


def problems(topology: Topology, root: Path) -> Iterator[Problem]:
    """What is wrong with each data pipeline's script; its files are under `root`."""
    for name, pipeline in topology.data_pipelines.items():
        path = ("data_pipelines", name)
        if pipeline.glue.script is None:
            yield from _without_script((*path, "glue"), pipeline)
            continue
        yield from _inputs((*path, "glue", "inputs"), pipeline)
        yield from _code((*path, "glue"), pipeline, root)


def _without_script(path: KeyPath, pipeline: DataPipeline) -> Iterator[Problem]:
    for key in _NEED_SCRIPT:
        if getattr(pipeline.glue, key):
            yield from refused(
                (*path, key),
                Code.CONFLICTING_KEYS,
                key,
                "is for a script of your own",
                expected="glue.script beside it",
                advice="Name the script, or remove it",
                relies_on=((*path, "script"),),
            )


def _inputs(path: KeyPath, pipeline: DataPipeline) -> Iterator[Problem]:
    for name, key in pipeline.glue.inputs.items():
        if not is_raw_key(key) or key.endswith("/"):
            yield from refused(
                (*path, name),
                Code.MALFORMED,
                key,
                "is not the key of an object under raw/",
                expected="raw/ and a path, without a wildcard or a placeholder, such as "
                "raw/customers.csv",
            )


def _code(path: KeyPath, pipeline: DataPipeline, root: Path) -> Iterator[Problem]:
    glue = pipeline.glue
    seen: set[str] = set()
    named = [
        ("script", glue.script or "", PYTHON_FILE),
        *(("files", name, PYTHON_FILE) for name in glue.files),
        *(("python_modules", name, WHEEL) for name in glue.python_modules),
    ]
    for key, name, pattern in named:
        yield from _file((*path, key), name, pattern, root)
        if (last := Path(name).name) in seen:
            yield from refused(
                (*path, key),
                Code.CONFLICTING_KEYS,
                name,
                "has the name of another file of the script, and Python finds one alone",
                expected="a name of its own",
            )
        seen.add(last)


def _file(path: KeyPath, name: str, pattern: str, root: Path) -> Iterator[Problem]:
    is_wheel = pattern == WHEEL
    kind = "a wheel" if is_wheel else "a Python file"
    file = root / name
    module = file.name.removesuffix(".py")
    if not re.fullmatch(pattern, file.name) or not name.isprintable() or not file.is_file():
        yield from refused(
            path,
            Code.NO_SUCH_FILE,
            name,
            f"is not {kind}",
            expected=f"the path of {kind}, relative to the project's directory"
            + ("" if is_wheel else ", whose name Python can import"),
            advice="Create the file, or correct the path",
        )
    elif not file.resolve().is_relative_to(root.resolve()):
        yield from refused(
            path,
            Code.OUTSIDE_PROJECT,
            name,
            "is no file within the project",
            expected=f"the path of {kind}, relative to the project's directory",
            advice="Move the file into the project",
        )
    elif not is_wheel and (module in sys.stdlib_module_names or module in TAKEN_MODULES):
        yield from refused(
            path,
            Code.RESERVED_NAME,
            name,
            "has the name of a module of Python, of Glue or of the job",
            expected="another name",
            advice="Rename the file",
        )
