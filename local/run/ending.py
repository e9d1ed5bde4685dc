"""The end of a run that went well: its stack is changed, then removed, and nothing may be left."""

from __future__ import annotations

import json
from collections.abc import Sequence

from local.deployment.creation import Existing
from local.deployment.program import Deployment, change
from local.deployment.removal import protected, remove
from local.deployment.stopping import Stop
from local.run.changed_stack import with_change
from local.run.errors import RunError
from local.run.operating import operate
from local.run.progress import Phase, Progress
from local.run.run_directory import PROGRAM, RunDirectory

_SHOWN_LEFTOVERS = 10


def change_stack(deployment: Deployment, progress: Progress, stop: Stop) -> Deployment:
    """Deploy again with one setting changed, as the deploy roles.

    Raises DeploymentError for an update that is refused.
    """
    with progress.phase("change") as phase:
        changed = change(PROGRAM, deployment, with_change(deployment.stack), stop)
        kept = {id(each) for each in deployment.existing}
        count = sum(id(each) not in kept for each in changed.existing)
        phase.detail = f"{count} of {len(changed.existing)} resources"
    return changed


def remove_stack(
    existing: Sequence[Existing], run_directory: RunDirectory, progress: Progress, stop: Stop
) -> None:
    """Remove everything as the deploy roles, as `pulumi destroy` does, then take the inventory.

    Nothing is removed where something is protected. Raises DeploymentError for a removal that is
    refused, and RunError where something of the stack is left.
    """
    with progress.phase("removal") as phase:
        if names := protected(existing):
            count = f"{len(names)} resources are protected, such as {names[0]}"
            phase.detail = f"nothing, as by `pulumi destroy`: {count}"
            return
        remove(existing, _Counter(phase).add, stop)
    with progress.phase("inventory") as phase:
        phase.detail = _inventory(run_directory, stop)


def _inventory(run_directory: RunDirectory, stop: Stop) -> str:
    answer = operate("inventory", "--json", run_directory=run_directory, stop=stop)
    if answer.problem is not None:
        raise RunError(f"the inventory can't be taken: {answer.problem}")
    found = json.loads(answer.output)
    left = [each["arn"] for each in found["stack"]]
    if left:
        shown = "".join(f"\n  {arn}" for arn in left[:_SHOWN_LEFTOVERS])
        raise RunError(f"{len(left)} resources of the stack are left after its removal:{shown}")
    return f"nothing of the stack is left, {len(found['kept'])} resources stay without it"


class _Counter:
    """Tells the removal's progress from the resources that are gone."""

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._count = 0

    def add(self) -> None:
        """One resource less."""
        self._count += 1
        self._phase.detail = f"{self._count} resources"
