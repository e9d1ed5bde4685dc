"""The code of a data pipeline's Glue job: its script, and the package that the script imports."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pulumi

from components.pipeline.object_keys import hash_of

WORKLOADS = Path(__file__).parents[2] / "workloads"

SCRIPT = WORKLOADS / "glue" / "mwaa_glue_raw_to_transform.py"


def package() -> pulumi.AssetArchive:
    """The package as an archive, whose hash follows from the names and contents of its modules."""
    return pulumi.AssetArchive(
        {_name(path): pulumi.FileAsset(str(path)) for path in _modules() if path != SCRIPT}
    )


@cache
def program() -> Mapping[str, str]:
    """What a run's manifest says of the program: its version, and a hash of the job's code."""
    project = tomllib.loads((WORKLOADS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    code = b"".join(_name(path).encode() + path.read_bytes() for path in _modules())
    return {"version": project["project"]["version"], "job_code": hash_of(code)}


def _modules() -> Sequence[Path]:
    """The script and the package's modules.

    Python imports no folder of a ZIP file that has no `__init__.py`.
    """
    return [WORKLOADS / "__init__.py", *sorted(SCRIPT.parent.glob("*.py"))]


def _name(path: Path) -> str:
    return path.relative_to(WORKLOADS.parent).as_posix()
