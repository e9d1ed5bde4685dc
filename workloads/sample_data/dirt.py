"""The errors of real files, which a clean row may get on its way into a CSV file.

Shares are of all rows. Together, `STRAY_TEXT`, `MISSING_LABEL` and `WRONG_LENGTH` make about 4 %
of the rows unusable, well below the 10 % that a data pipeline allows by default.
"""

from __future__ import annotations

from random import Random

MISSING_CELL = 0.03
STRAY_TEXT = 0.02
MISSING_LABEL = 0.01
WRONG_LENGTH = 0.01
WHITE_SPACE = 0.02
DUPLICATE = 0.02

STRAY_TEXTS = ("n/a", "NaN", "unknown", "1,204.5", "12 kg", "inf", "-", "1e400", 'so-called "low"')


def soil(cells: list[str], label: int, random: Random) -> list[str]:
    """`cells` with at most one error; `label` is the label's index, whose value may be removed."""
    features = [index for index in range(len(cells)) if index != label]
    chance = random.random()
    for share, change in (
        (MISSING_CELL, _empty),
        (STRAY_TEXT, _stray),
        (WHITE_SPACE, _pad),
    ):
        if chance < share:
            return change(cells, random.choice(features), random)
        chance -= share
    if chance < MISSING_LABEL:
        return _empty(cells, label, random)
    if chance - MISSING_LABEL < WRONG_LENGTH:
        return [*cells, "0"] if random.random() < 0.5 else cells[:-1]  # noqa: PLR2004 - a coin
    return cells


def _replaced(cells: list[str], index: int, text: str) -> list[str]:
    return [*cells[:index], text, *cells[index + 1 :]]


def _empty(cells: list[str], index: int, _: Random) -> list[str]:
    return _replaced(cells, index, "")


def _stray(cells: list[str], index: int, random: Random) -> list[str]:
    return _replaced(cells, index, random.choice(STRAY_TEXTS))


def _pad(cells: list[str], index: int, _: Random) -> list[str]:
    return _replaced(cells, index, f"  {cells[index]} ")
