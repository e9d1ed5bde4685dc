"""Why a mutant that no test notices is no hole in the tests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from mutation.mutating import Mutant

FILE = Path(__file__).with_name("explained.yaml")


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One change, known by its place and its text: line numbers move with every edit."""

    module: str
    function: str
    before: str
    after: str
    reason: str

    def explains(self, mutant: Mutant) -> bool:
        """Whether `mutant` is this change."""
        return (self.module, self.function, self.before, self.after) == (
            mutant.path,
            mutant.function,
            mutant.before,
            mutant.after,
        )


def read_explanations(file: Path = FILE) -> tuple[Explanation, ...]:
    """The explanations in `file`: by module and function, each reason with its changes."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return tuple(
        Explanation(
            module=module,
            function=function,
            before=change["before"],
            after=change.get("after", ""),
            reason=entry["reason"],
        )
        for module, functions in content.items()
        for function, entries in functions.items()
        for entry in entries
        for change in entry["changes"]
    )


def unexplained(survivors: Iterable[Mutant], explanations: Collection[Explanation]) -> list[Mutant]:
    """The survivors that nothing explains."""
    return [mutant for mutant in survivors if not any(e.explains(mutant) for e in explanations)]


def idle(survivors: Collection[Mutant], explanations: Iterable[Explanation]) -> list[Explanation]:
    """The explanations that no survivor needs any more."""
    return [e for e in explanations if not any(e.explains(mutant) for mutant in survivors)]
