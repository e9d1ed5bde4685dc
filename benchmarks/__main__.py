"""`python -m benchmarks`: one table, one line per figure, its target beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from benchmarks import evaluate_program, glue_job, hub, import_dags, local_run, set_up, unit_tests
from benchmarks.figure import Figure, NotMeasuredError

_GROUPS: tuple[Callable[[], Iterable[Figure]], ...] = (
    evaluate_program.figures,
    import_dags.figures,
    set_up.figures,
    unit_tests.figures,
    local_run.figures,
    glue_job.figures,
    hub.figures,
)


def main() -> int:
    """Print each figure as soon as it is known; 1 if one could not be measured."""
    status = 0
    print(f"{'figure':<58} {'measured':>10}  {'target':>10}")
    for figures in _GROUPS:
        try:
            for figure in figures():
                print(line(figure), flush=True)
        except NotMeasuredError as error:
            print(f"not measured: {error}", file=sys.stderr, flush=True)
            status = 1
    return status


def line(figure: Figure) -> str:
    """A figure as a line of the table."""
    target = "" if figure.target is None else f"< {figure.target:g} {figure.unit}"
    return f"{figure.what:<58} {f'{figure.value:.2f} {figure.unit}':>10}  {target:>10}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
