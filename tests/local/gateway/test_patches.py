"""What the gateway changes of MiniStack's: all of it in one table that fits the pinned version."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from local.gateway import patches, patching
from local.gateway.patching import Patch, PatchError, add, replace, wrap
from local.gateway.processes import Children
from local.gateway.settings import Settings

_GATEWAY = Path(patches.__file__).parent


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module with a function and a dictionary, as MiniStack's have."""
    made: Any = ModuleType("emulator")
    made.handle = lambda: ["original"]
    made.HANDLERS = {"known": "original"}
    monkeypatch.setitem(sys.modules, "emulator", made)
    return made


def _noting(word: str) -> Any:
    return lambda original: lambda: [word, *original()]


def test_a_lower_row_wraps_an_upper_one(module: Any) -> None:
    rows = [wrap("emulator.handle", _noting(word), "a reason") for word in ("inner", "outer")]
    patching.apply(rows)
    assert module.handle() == ["outer", "inner", "original"]


def test_entries_of_a_dictionary(module: Any) -> None:
    patching.apply(
        [
            wrap("emulator.HANDLERS", lambda original: (original,), "a reason", item="known"),
            add("emulator.HANDLERS", "added", "a reason", item="new"),
        ]
    )
    assert module.HANDLERS == {"known": ("original",), "new": "added"}


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (replace("emulator.gone", 1, "the reason"), "emulator.gone"),
        (replace("emulator.gone", 1, "the reason", item="known"), "emulator.gone"),
        (replace("emulator_gone.handle", 1, "the reason"), "emulator_gone.handle"),
        (replace("emulator.HANDLERS", 1, "the reason", item="x"), "emulator.HANDLERS['x']"),
        (add("emulator.gone", 1, "the reason", item="x"), "emulator.gone"),
    ],
)
def test_a_missing_attribute_is_named_and_nothing_is_changed(
    module: Any, row: Patch, path: str
) -> None:
    original = module.handle
    with pytest.raises(PatchError) as raised:
        patching.apply([replace("emulator.handle", 1, "a reason"), row])
    assert f"has no {path}," in str(raised.value)
    assert "(the reason)" in str(raised.value)
    assert module.handle is original


def test_an_entry_that_ministack_has_by_now_is_not_overwritten(module: Any) -> None:
    with pytest.raises(PatchError, match=r"has emulator.HANDLERS\['known'\], which"):
        patching.apply([add("emulator.HANDLERS", "added", "a reason", item="known")])
    assert module.HANDLERS == {"known": "original"}


@pytest.fixture
def table(tmp_path: Path) -> tuple[Patch, ...]:
    return patches.table(
        Settings(port=1, directory=tmp_path), Children(tmp_path / "processes.json")
    )


def test_every_row_fits_the_installed_ministack(table: tuple[Patch, ...]) -> None:
    assert [row.problem() for row in table if row.problem()] == []


def test_the_rows_of_an_attribute_stand_together(table: tuple[Patch, ...]) -> None:
    paths = [row.path for row in table]
    again = {path for path in paths if paths.count(path) > 1}
    assert again == {"ministack.core.iam_actions.access_denied_response"}
    first = paths.index("ministack.core.iam_actions.access_denied_response")
    assert paths[first] == paths[first + 1]


def _assigned(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.Delete):
            yield from node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            yield node.target
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr":
            yield ast.Attribute(node.args[0], "", ast.Store())


def _modules_of_ministack(tree: ast.AST) -> set[str]:
    imports = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack")
    ]
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    return names | {"ministack"}


def _root(target: ast.expr) -> str | None:
    """The name that an assignment to an attribute, or to an entry of a constant, begins with.

    Entries of stores may be written: `glue._jobs[name] = job` is what a handler does.
    """
    if isinstance(target, ast.Subscript):
        target = target.value
        if not isinstance(target, ast.Attribute) or not target.attr.isupper():
            return None
    if not isinstance(target, ast.Attribute):
        return None
    value: ast.expr = target
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else None


@pytest.mark.parametrize("path", sorted(_GATEWAY.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_assigns_to_ministacks(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {_root(target) for target in _assigned(tree)} & _modules_of_ministack(tree)
    assert found == set()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("s3._put = 1", "s3"),
        ("ministack.app.HANDLERS['s3'] = 1", "ministack"),
        ("ec2._ACTION_MAP[call] = 1", "ec2"),
        ("setattr(s3, '_put', 1)", "s3"),
        ("glue._jobs[name]['x'] = 1", None),
        ("s3 = 1", None),
    ],
)
def test_what_counts_as_an_assignment(line: str, found: str | None) -> None:
    assert [_root(target) for target in _assigned(ast.parse(line))] == [found]
