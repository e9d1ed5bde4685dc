"""The run as pages of docs/proof."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mutation.explanations import Explanation
from mutation.outcome import Outcome
from mutation.report import noticed_percent
from tests.proof import Table

_TEXT = """
A test that can't fail proves nothing. So `make mutants` makes thousands of small changes to the
topology and its rules, to names and IAM documents, to the DAGs' operators, hooks, tasks and other
helpers, and to how the Glue job publishes a run and writes its manifest: another number, text,
comparison or operator, an argument less, `None` for a value. After each it runs the tests that are
about the module, and one must fail. The command fails if a tenth of an area's changes goes
unnoticed, or a single one that [surviving-mutants.md](surviving-mutants.md) doesn't explain.

The changes are mutmut's, also where mutmut itself makes none: in constants, patterns and defaults,
and in decorated functions. A text is changed at both ends, a pattern also in its letters. What
mutmut leaves alone stays alone: type annotations, imports, decorators, docstrings, the text parts
of f-strings, and what `len` and `isinstance` are asked; so does what only the type checker reads.
"""

_SURVIVORS_TEXT = """
The changes of [mutants.md](mutants.md) that no test notices, and why each is no hole in the tests.
"""


def mutants(outcomes: Collection[Outcome]) -> Table:
    """Each module, and how many of its mutants the tests notice."""
    return Table(
        name="mutants",
        title="The tests can fail",
        text=_TEXT,
        columns=("module", "tests", "noticed, of 100 changes at least", "unnoticed, explained"),
        rows=[row for outcome in outcomes for row in _rows(outcome)],
    )


def surviving_mutants(explanations: Collection[Explanation]) -> Table:
    """Each change that no test notices, and why; a run fails if one isn't here."""
    return Table(
        name="surviving-mutants",
        title="What the tests don't notice, and why",
        text=_SURVIVORS_TEXT,
        columns=("module", "function", "as it is", "unnoticed change", "why"),
        rows=[
            (
                e.module,
                e.function,
                f"`{e.before}`",
                f"`{e.after}`" if e.after else "removed",
                e.reason,
            )
            for e in explanations
        ],
    )


def _rows(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for path, tests in outcome.area.tests.items():
        results = outcome.of(path)
        yield (
            path,
            ", ".join(test.removeprefix("tests/") for test in tests),
            noticed_percent(results),
            str(len(outcome.survivors(path))),
        )
    yield (
        f"**{outcome.area.name}**",
        "",
        noticed_percent(outcome.results),
        str(len(outcome.survivors())),
    )
