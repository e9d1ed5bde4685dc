"""Which changes are made, and by what each is known."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from mutation.mutating import Mutant, mutants_of

SOURCE = '''
"""A module."""

from __future__ import annotations

LIMIT = 3


class Box:
    """A class."""

    sides: int = 6

    @property
    def open(self) -> bool:
        return self.sides < LIMIT


def start() -> int:
    return 1


FIRST = start()
'''


@pytest.fixture
def mutants(tmp_path: Path) -> list[Mutant]:
    (tmp_path / "box.py").write_text(SOURCE, encoding="utf-8")
    return mutants_of(tmp_path, "box.py")


def changes(mutants: list[Mutant], function: str) -> set[tuple[str, str]]:
    return {(each.before, each.after) for each in mutants if each.function == function}


def test_constants_are_changed_too(mutants: list[Mutant]) -> None:
    assert changes(mutants, "module") == {
        ("LIMIT = 3", "LIMIT = 4"),
        ("LIMIT = 3", "LIMIT = None"),
        ("FIRST = start()", "FIRST = None"),
    }


def test_defaults_of_fields_are_changed_and_types_are_not(mutants: list[Mutant]) -> None:
    assert changes(mutants, "Box") == {
        ("sides: int = 6", "sides: int = 7"),
        ("sides: int = 6", "sides: int = None"),
    }


def test_decorated_functions_are_changed_too(mutants: list[Mutant]) -> None:
    (mutant,) = [each for each in mutants if each.function == "Box.open"]
    assert mutant.before == "return self.sides < LIMIT"
    assert mutant.after == "return self.sides <= LIMIT"
    assert mutant.body_of == "Box.open"


def test_a_function_that_the_module_calls_itself_takes_part_at_import(
    mutants: list[Mutant],
) -> None:
    (mutant,) = [each for each in mutants if each.function == "start"]
    assert mutant.body_of == ""


def test_a_mutant_is_the_whole_module_with_one_line_changed(mutants: list[Mutant]) -> None:
    for mutant in mutants:
        compile(mutant.source, mutant.path, "exec")
        changed = SOURCE.replace(mutant.before, mutant.after, 1)
        assert mutant.source == changed


def test_a_removed_line_leaves_nothing(tmp_path: Path) -> None:
    call = """
    def both():
        return max(
            first,
            second,
        )
    """
    (tmp_path / "call.py").write_text(textwrap.dedent(call), encoding="utf-8")
    assert ("first,", "") in changes(mutants_of(tmp_path, "call.py"), "both")


def test_a_text_gets_other_ends_and_a_pattern_other_letters_too(tmp_path: Path) -> None:
    (tmp_path / "texts.py").write_text('WORD = "Word"\nPATTERN = r"[A-Za-z]"\n', encoding="utf-8")
    assert changes(mutants_of(tmp_path, "texts.py"), "module") == {
        ('WORD = "Word"', 'WORD = "XXWordXX"'),
        ('WORD = "Word"', "WORD = None"),
        ('PATTERN = r"[A-Za-z]"', 'PATTERN = r"XX[A-Za-z]XX"'),
        ('PATTERN = r"[A-Za-z]"', 'PATTERN = r"[a-za-z]"'),
        ('PATTERN = r"[A-Za-z]"', 'PATTERN = r"[A-ZA-Z]"'),
        ('PATTERN = r"[A-Za-z]"', "PATTERN = None"),
    }


def test_what_only_the_type_checker_reads_is_left_alone(tmp_path: Path) -> None:
    text = 'def held(it):\n    return cast("Box", it)\n'
    (tmp_path / "types.py").write_text(text, encoding="utf-8")
    assert mutants_of(tmp_path, "types.py") == []
