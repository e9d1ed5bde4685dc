"""The mutants of a module: mutmut's operators, also where mutmut itself doesn't go.

mutmut tries its mutants through trampolines, so it leaves out what runs at import (constants,
patterns, defaults of a model's fields) and every decorated function (properties, Airflow's tasks).
Here each mutant is a whole text of its module, so these take part.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import libcst as cst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators, operator_string
from mutmut.mutation.pragma_handling import IgnoredCode


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change of one module."""

    path: str
    """The module's file, from the project's directory."""

    function: str
    """Where it is: `function`, `Class.method`, `Class`, or "module" for what runs at import."""

    body_of: str
    """The function or method in whose body it is; empty for what takes part at import, also
    because the module itself calls the function."""

    before: str
    """The changed lines as they are, without indentation."""

    after: str
    """The same lines changed; empty where they were removed."""

    source: str
    """The module's whole text with the change."""


def mutants_of(root: Path, path: str) -> list[Mutant]:
    """Every mutant of the module in `path`, in the order of its text."""
    text = (root / path).read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = _Visitor(_OPERATORS, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    places = dict(_places(wrapper.module))
    called = set(_called_at_import(places))
    statements = _Statements(wrapper.module)
    mutants: dict[str, Mutant] = {}
    for mutation in visitor.mutations:
        place = places[mutation.original_node]
        changed = statements.changed(place.statement, mutation)
        source = statements.source(place.statement, changed)
        if source in mutants or not _compiles(source):
            continue
        before, after = _lines(statements.texts[place.statement], changed)
        mutants[source] = Mutant(
            path=path,
            function=".".join(place.names) or "module",
            body_of="" if called & {*place.body_of} else ".".join(place.body_of),
            before=before,
            after=after,
            source=source,
        )
    return list(mutants.values())


def _changed_text(node: cst.BaseString) -> Iterable[cst.BaseString]:
    """A text with something at both ends, and a pattern, which is a raw one, in other letters too.

    mutmut puts every text in small and in capital letters as well. Whoever doesn't notice the ends
    looks for a word in the text; whoever does notice them notices the letters, unless these belong
    to a pattern: a fifth of all mutants would ask what is answered already.
    """
    changes = list(operator_string(node))
    is_pattern = isinstance(node, cst.SimpleString) and "r" in node.prefix.lower()
    yield from changes if is_pattern else changes[:1]


_OPERATORS = [
    (kind, _changed_text if operator is operator_string else operator)
    for kind, operator in mutation_operators
]


_UNCHANGED_CALLS = frozenset({"cast", "TypeVar"})
"""Their arguments are for the type checker alone."""


class _Visitor(MutationVisitor):
    """mutmut's, less its rule against decorated functions, which is for its trampolines."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return False
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
            return node.func.value in _UNCHANGED_CALLS or super()._skip_node_and_children(node)
        return super()._skip_node_and_children(node)


class _Statements:
    """A module as the texts of its top-level statements, so that a change costs only one."""

    def __init__(self, module: cst.Module) -> None:
        self._module = module
        self.texts = [module.code_for_node(statement) for statement in module.body]
        self._start = "".join(module.code_for_node(line) for line in module.header)
        self._end = "".join(module.code_for_node(line) for line in module.footer)

    def changed(self, index: int, mutation: Mutation) -> str:
        """The text of statement number `index` with `mutation` in it."""
        statement = deep_replace(
            self._module.body[index], mutation.original_node, mutation.mutated_node
        )
        return self._module.code_for_node(cast("cst.CSTNode", statement))

    def source(self, index: int, changed: str) -> str:
        """The module's text with `changed` for statement number `index`."""
        texts = [*self.texts]
        texts[index] = changed
        return self._start + "".join(texts) + self._end


@dataclass(frozen=True)
class _Place:
    statement: int
    """The number of the top-level statement."""

    names: tuple[str, ...] = ()
    """Of the classes and functions around it, from the outermost."""

    body_of: tuple[str, ...] = ()
    """The same down to the outermost function, once inside its body."""


def _places(module: cst.Module) -> Iterator[tuple[cst.CSTNode, _Place]]:
    """Every node and where it is."""
    open_: list[tuple[cst.CSTNode, _Place]] = [
        (statement, _Place(index)) for index, statement in enumerate(module.body)
    ]
    while open_:
        node, place = open_.pop()
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            place = replace(place, names=(*place.names, node.name.value))
        yield node, place
        inside = place
        if isinstance(node, cst.FunctionDef) and not place.body_of:
            inside = replace(place, body_of=place.names)
        for child in node.children:
            is_body = isinstance(node, cst.FunctionDef) and child is node.body
            open_.append((child, inside if is_body else place))


def _called_at_import(places: Mapping[cst.CSTNode, _Place]) -> Iterator[str]:
    """The names of the functions that the module calls while it is imported."""
    for node, place in places.items():
        if not place.body_of and isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
            yield node.func.value


def _compiles(source: str) -> bool:
    """Whether it is Python at all: a mutant that isn't would be no test of the tests."""
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _lines(text: str, changed: str) -> tuple[str, str]:
    """The lines that differ, before and after, each as one line."""
    before, after = text.splitlines(), changed.splitlines()
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    return _joined(lines, "-"), _joined(lines, "+")


def _joined(lines: list[str], sign: str) -> str:
    return " ".join(line[1:].strip() for line in lines if line.startswith(sign))
