"""What is wrong with a topology: one sentence per problem, all of them in one error.

A sentence says what was found, what was expected and, where that isn't plain, what to do.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from components.topology.codes import Code

KeyPath = tuple[str, ...]
"""The mapping keys that lead to a value."""

_SHOWN_CHARACTERS = 80
_SHOWN_LOOK_ALIKES = 3
_CLOSE = 0.8
_CLOSE_WORD = 0.7
"""How alike two names, or two words of them, are, of 1, for one to be the other's typing error."""


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, its kind, the value found, and the sentence that explains it.

    `relies_on` names other values that the problem follows from: where one of those couldn't be
    read, the problem isn't reported.
    """

    path: KeyPath
    code: Code
    value: object
    sentence: str
    relies_on: tuple[KeyPath, ...] = ()

    def __str__(self) -> str:
        """The line that the user reads."""
        return f"{dotted(self.path)}: {self.sentence}"


class TopologyError(ValueError):
    """Everything that is wrong with a stack's topology."""

    def __init__(self, problems: Collection[Problem]) -> None:
        """Sort the problems by path, so that the same topology always reads the same."""
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.path, str(problem))))
        count = "1 error" if len(self.problems) == 1 else f"{len(self.problems)} errors"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"The topology has {count}; nothing was deployed.\n{lines}")


def refused(
    path: KeyPath,
    code: Code,
    value: object,
    wrong: str,
    *,
    expected: str = "",
    advice: str = "",
    relies_on: tuple[KeyPath, ...] = (),
) -> Iterator[Problem]:
    """The problem that `value` is `wrong` at `path`."""
    sentence = f"{shown(value)} {wrong}"
    if expected:
        sentence += f"; expected {expected}"
    if advice:
        sentence += f". {advice}"
    yield Problem(path, code, value, sentence, relies_on)


def out_of_range(
    path: KeyPath,
    value: object,
    expected: str,
    *,
    advice: str = "",
    relies_on: tuple[KeyPath, ...] = (),
) -> Iterator[Problem]:
    """The problem that `value` is too small or too large at `path`."""
    yield from refused(
        path,
        Code.OUT_OF_RANGE,
        value,
        "is out of range",
        expected=expected,
        advice=advice,
        relies_on=relies_on,
    )


def missing(
    path: KeyPath, reason: str, advice: str, *, relies_on: tuple[KeyPath, ...] = ()
) -> Iterator[Problem]:
    """The problem that there is no value at `path`."""
    yield Problem(path, Code.MISSING, None, f"missing; {reason}. {advice}", relies_on)


def dotted(path: KeyPath) -> str:
    """`path` as it is written in an error; a key that holds dots or spaces is quoted."""
    text = ""
    for key in path:
        if re.fullmatch(r"[\w-]+", key):
            text += f".{key}" if text else key
        else:
            text += f"[{json.dumps(key, ensure_ascii=False)}]"
    return text or "topology"


def shown(value: object) -> str:
    """`value` as JSON writes it, shortened where it is long, with its invisible characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    unseen = look_alikes(value) if isinstance(value, str) else ""
    if len(text) > _SHOWN_CHARACTERS:
        text = f"{text[:_SHOWN_CHARACTERS]}... ({len(text)} characters)"
    return text + unseen


def look_alikes(text: str) -> str:
    """The characters of `text` that could be taken for ASCII or for nothing, by their names."""
    other = sorted({character for character in text if not character.isascii()})
    named = [f"U+{ord(each):04X} {unicodedata.name(each, '')}".strip() for each in other]
    return f" (with {', '.join(named[:_SHOWN_LOOK_ALIKES])})" if named else ""


def closest(name: str, known: Collection[str], *, otherwise: str = "") -> str:
    """The question whether the known name that is close to `name` was meant, if there is one."""
    written = name.strip().lower()
    by_lower_case = {each.lower(): each for each in sorted(known)}
    similar = [each for each in by_lower_case if _is_typing_error(written, each)]
    matches = get_close_matches(written, similar, n=1, cutoff=_CLOSE_WORD)
    return f"Did you mean {by_lower_case[matches[0]]}?" if matches else otherwise


def _is_typing_error(written: str, meant: str) -> bool:
    """Whether the words fit, too: us-central-1 isn't eu-central-1, nor eu-west-4 eu-west-3."""
    if re.findall(r"[0-9]+", written) != re.findall(r"[0-9]+", meant):
        return False
    words, others = (re.findall(r"[a-z]+", each) for each in (written, meant))
    if len(words) != len(others):
        return _alike(written, meant, _CLOSE)
    return all(_alike(*pair, _CLOSE_WORD) for pair in zip(words, others, strict=True))


def _alike(one: str, other: str, least: float) -> bool:
    return one[:1] == other[:1] and SequenceMatcher(None, one, other).ratio() >= least


def choice(known: Collection[str]) -> str:
    """What is expected where `known` are all the names that there are."""
    names = ", ".join(sorted(known))
    return f"one of {names}" if len(known) > 1 else names
