"""How the mutants are shared out among workers."""

from __future__ import annotations

from mutation.mutating import Mutant
from mutation.running import shares


def of(**modules: int) -> list[Mutant]:
    """As many mutants of each module."""
    return [
        Mutant(path=path, function="", body_of="", before="", after=str(number), source="")
        for path, count in modules.items()
        for number in range(count)
    ]


def test_a_worker_gets_whole_modules_and_about_as_many_mutants_as_another() -> None:
    found = shares(of(a=3, b=1, c=4, d=2), workers=2)
    assert [{mutant.path for mutant in share.values()} for share in found] == [
        {"c", "b"},
        {"a", "d"},
    ]


def test_every_mutant_is_tried_once_under_its_number() -> None:
    mutants = of(a=3, b=1, c=4)
    together = {number: mutant for share in shares(mutants, 3) for number, mutant in share.items()}
    assert sum(map(len, shares(mutants, 3))) == len(mutants)
    assert [together[number] for number in range(len(mutants))] == mutants


def test_no_worker_is_idle() -> None:
    assert len(shares(of(a=1), workers=4)) == 1
