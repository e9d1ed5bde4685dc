"""What is wrong with a topology: one sentence per problem, all of them in one error.

A problem says where it is, what is wrong, what is allowed and what to do about it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

KeyPath = tuple[str, ...]
"""Where a value stands: the mapping keys down to it."""

_SHOWN_CHARACTERS = 80
_SHOWN_LOOK_ALIKES = 3


@dataclass(frozen=True)
class Problem:
    """One thing to put right.

    `relies_on` names other values the problem was concluded from: where one of those could not
    be read, nothing follows from it, and the problem isn't reported.
    """

    path: KeyPath
    wrong: str
    allowed: str
    remedy: str
    relies_on: tuple[KeyPath, ...] = ()

    def __str__(self) -> str:
        """The line a person reads."""
        return f"{dotted(self.path)}: {self.wrong}: {self.allowed}; {self.remedy}"


class TopologyError(ValueError):
    """Everything that is wrong with a stack's topology."""

    def __init__(self, problems: Collection[Problem]) -> None:
        """Sort the problems by place, so that the same topology always reads the same."""
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.path, str(problem))))
        count = "1 error" if len(self.problems) == 1 else f"{len(self.problems)} errors"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"The topology has {count}; nothing was deployed.\n{lines}")


def dotted(path: KeyPath) -> str:
    """`path` as it is written in an error; a key that holds dots or blanks is quoted."""
    text = ""
    for key in path:
        if re.fullmatch(r"[\w-]+", key):
            text += f".{key}" if text else key
        else:
            text += f"[{json.dumps(key, ensure_ascii=False)}]"
    return text or "topology"


def shown(value: object) -> str:
    """`value` as JSON writes it, shortened where it is long, with what can't be seen in it."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    unseen = look_alikes(value) if isinstance(value, str) else ""
    if len(text) > _SHOWN_CHARACTERS:
        text = f"{text[:_SHOWN_CHARACTERS]}... ({len(text)} characters)"
    return text + unseen


def look_alikes(text: str) -> str:
    """The characters of `text` that could be taken for ASCII or for nothing, by their names."""
    other = sorted({character for character in text if not character.isascii()})
    named = [f"U+{ord(each):04X} {unicodedata.name(each, '')}".strip() for each in other]
    return f" (with {listed(named[:_SHOWN_LOOK_ALIKES])})" if named else ""


def refused(
    path: KeyPath, value: object, allowed: str, remedy: str, *relies_on: KeyPath
) -> Iterator[Problem]:
    """The problem that `value` is not allowed at `path`."""
    yield Problem(path, f"{shown(value)} is not allowed", allowed, remedy, relies_on)


def closest(name: str, known: Collection[str], *, otherwise: str) -> str:
    """What to do about an unknown name: the known one that was probably meant."""
    matches = get_close_matches(name, sorted(known))
    return f"did you mean {matches[0]}?" if matches else otherwise


def listed(names: Collection[str]) -> str:
    """The names in order, for "one of ..."."""
    return ", ".join(sorted(names)) or "none"
