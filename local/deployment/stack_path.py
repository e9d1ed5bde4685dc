"""Where a stack's file is; the set-up asks it too, before any package is installed."""

from __future__ import annotations

from pathlib import Path

from local.deployment.errors import DeploymentError

FOLDER = "stacks"
"""As Pulumi.yaml says in `stackConfigDir`."""


def stack_path(checkout: Path, stack: str) -> Path:
    """The file of `stack`: the name of a stack of the checkout, or the path of any stack file.

    Raises DeploymentError where there is none.
    """
    if stack.endswith((".yaml", ".yml")):
        path = Path(stack).expanduser()
        if not path.is_file():
            raise DeploymentError(f"there is no stack file {path}")
        return path
    folder = checkout / FOLDER
    path = folder / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        known = sorted(file.stem.removeprefix("Pulumi.") for file in folder.glob("Pulumi.*.yaml"))
        raise DeploymentError(
            f"there is no stack {stack}: there are {', '.join(known) or 'none'} in {folder.name}/;"
            f" the path of a stack file, ending in .yaml, works too"
        )
    return path
