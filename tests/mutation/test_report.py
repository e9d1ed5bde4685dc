"""When the run fails, and what it says then."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutation.explanations import Explanation, read_explanations
from mutation.mutating import Mutant
from mutation.outcome import Outcome
from mutation.report import noticed_percent, problems_of
from mutation.running import Result
from mutation.scope import MAIN, Area
from mutation.tables import mutants, surviving_mutants

AREA = Area(name="shop", environment=MAIN, folder="", tests={"shop.py": ("tests/test_shop.py",)})


def outcome(*, noticed: int, survived: int) -> Outcome:
    results = [
        Result(mutant=mutant(number), noticed=number >= survived)
        for number in range(noticed + survived)
    ]
    return Outcome(area=AREA, results=results)


def mutant(number: int) -> Mutant:
    return Mutant(
        path="shop.py",
        function="price",
        body_of="price",
        before="return 1",
        after=f"return {number + 2}",
        source="",
    )


def explanation(number: int, *, function: str = "price") -> Explanation:
    return Explanation(
        module="shop.py",
        function=function,
        before="return 1",
        after=f"return {number + 2}",
        reason="free of charge",
    )


def test_a_tenth_is_too_much_even_explained() -> None:
    explained = [explanation(0)]
    assert list(problems_of([outcome(noticed=10, survived=1)], explained)) == []
    (problem,) = problems_of([outcome(noticed=9, survived=1)], explained)
    assert problem.startswith("shop: 10.0% of the mutants survive")


@pytest.mark.parametrize("function", ["price", "cost"])
def test_a_survivor_is_explained_in_its_own_place_alone(function: str) -> None:
    problems = list(
        problems_of([outcome(noticed=99, survived=1)], [explanation(0, function=function)])
    )
    if function == "price":
        assert problems == []
    else:
        assert len(problems) == 2
        assert problems[0].startswith("shop.py, price: no test notices\n    - return 1\n")
        assert problems[1].startswith("shop.py, cost: this explained mutant is gone")


def test_an_explanation_without_a_survivor_has_to_go() -> None:
    (problem,) = problems_of([outcome(noticed=99, survived=0)], [explanation(0)])
    assert problem.endswith("Remove it from mutation/explained.yaml.")


def test_explanations_of_areas_that_were_not_tried_are_left_alone() -> None:
    other = Explanation(module="a.py", function="f", before="1", after="2", reason="none")
    assert list(problems_of([outcome(noticed=99, survived=0)], [other])) == []


def test_the_share_is_rounded_down() -> None:
    assert noticed_percent(outcome(noticed=199, survived=1).results) == "99"
    assert noticed_percent(outcome(noticed=200, survived=0).results) == "100"


def test_the_pages() -> None:
    page = mutants([outcome(noticed=99, survived=1)]).markdown()
    assert "| shop.py | test_shop.py | 99 | 1 |" in page
    assert "| **shop** |  | 99 | 1 |" in page
    page = surviving_mutants([explanation(0)]).markdown()
    assert "| shop.py | price | `return 1` | `return 2` | free of charge |" in page


def test_the_file_of_explanations(tmp_path: Path) -> None:
    file = tmp_path / "explained.yaml"
    file.write_text(
        "shop.py:\n"
        "  price:\n"
        "    - reason: free of charge\n"
        "      changes:\n"
        "        - {before: return 1, after: return 2}\n"
        "        - {before: return 1}\n",
        encoding="utf-8",
    )
    first, second = read_explanations(file)
    assert first == explanation(0)
    assert second.after == ""


def test_every_explanation_says_something() -> None:
    for each in read_explanations():
        assert len(each.reason.split()) > 3, each
        assert each.before != each.after
