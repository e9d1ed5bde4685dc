"""A team's own script, with the Python files and wheels that it imports, as objects of the bucket.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.pipeline.object_keys import GLUE_CODE, hash_of
from components.topology.model import DataPipeline


@dataclass(frozen=True, kw_only=True)
class CodeFile:
    """A file of the project, and its key: under its hash, so that none is overwritten."""

    path: Path
    key: str


@dataclass(frozen=True, kw_only=True)
class TeamCode:
    """All files of a team's own script; none without a script."""

    python_files: Sequence[CodeFile] = ()
    """The script first."""

    wheels: Sequence[CodeFile] = ()

    @property
    def files(self) -> Sequence[CodeFile]:
        """Everything to upload."""
        return [*self.python_files, *self.wheels]


def team_code(pipeline: DataPipeline, root: Path) -> TeamCode:
    """The files that the pipeline's job names, which are relative to `root`."""
    glue = pipeline.glue
    if glue.script is None:
        return TeamCode()
    return TeamCode(
        python_files=[_code_file(root / name) for name in (glue.script, *glue.files)],
        wheels=[_code_file(root / name) for name in glue.python_modules],
    )


def _code_file(path: Path) -> CodeFile:
    return CodeFile(path=path, key=f"{GLUE_CODE}{hash_of(path.read_bytes())}/{path.name}")


def script_settings(pipeline: DataPipeline, code: TeamCode) -> Mapping[str, Any]:
    """What the job has to know of the script, if there is one."""
    if not code.python_files:
        return {}
    glue = pipeline.glue
    script = {
        "file": glue.script,
        "key": code.python_files[0].key,
        "arguments": dict(glue.arguments),
        "inputs": dict(glue.inputs),
    }
    return {"script": script}
