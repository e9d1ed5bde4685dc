"""The dirt of real files: what may befall a clean row on its way into a CSV file.

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
    """`cells` after what befell them; `label` is the label's place, whose value stays or goes."""
    features = [place for place in range(len(cells)) if place != label]
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


def _replaced(cells: list[str], place: int, text: str) -> list[str]:
    return [*cells[:place], text, *cells[place + 1 :]]


def _empty(cells: list[str], place: int, _: Random) -> list[str]:
    return _replaced(cells, place, "")


def _stray(cells: list[str], place: int, random: Random) -> list[str]:
    return _replaced(cells, place, random.choice(STRAY_TEXTS))


def _pad(cells: list[str], place: int, _: Random) -> list[str]:
    return _replaced(cells, place, f"  {cells[place]} ")
