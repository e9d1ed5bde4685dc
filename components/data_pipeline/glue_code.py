"""The code of a data pipeline's Glue job: its script, and the package that the script imports."""

from __future__ import annotations

from pathlib import Path

import pulumi

WORKLOADS = Path(__file__).parents[2] / "workloads"

SCRIPT = WORKLOADS / "glue" / "mwaa_glue_raw_to_transform.py"


def package() -> pulumi.AssetArchive:
    """The package as an archive, whose hash follows from the names and contents of its modules.

    Python imports no folder of a ZIP file that has no `__init__.py`.
    """
    modules = [WORKLOADS / "__init__.py", *sorted(SCRIPT.parent.glob("*.py"))]
    return pulumi.AssetArchive(
        {
            path.relative_to(WORKLOADS.parent).as_posix(): pulumi.FileAsset(str(path))
            for path in modules
            if path != SCRIPT
        }
    )
