"""`python -m mutation [--write] [area...]`: whether the tests notice small changes; 0 if they do.

Without an area's name it also holds the run's pages of docs/proof; `--write` writes them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator

from mutation.explanations import Explanation, read_explanations
from mutation.outcome import Outcome, outcomes_of
from mutation.report import problems_of
from mutation.running import WorkerError
from mutation.scope import AREAS
from mutation.tables import mutants, surviving_mutants


def main(arguments: list[str]) -> int:
    """Try the mutants of the areas that are named, or of `AREAS`."""
    known = {area.name: area for area in AREAS}
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the pages in docs/proof")
    parser.add_argument("areas", nargs="*", metavar="area", help=f"of {', '.join(known)}")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.areas) - known.keys():
        parser.error(f"no area {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    try:
        areas = [known[name] for name in chosen.areas] or AREAS
        outcomes = outcomes_of(areas, progress=_say)
    except WorkerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    explanations = read_explanations()
    problems = list(problems_of(outcomes, explanations))
    if not problems and not chosen.areas:
        problems += _differing_pages(outcomes, explanations, write=chosen.write)
    for problem in problems:
        _say(problem)
    for outcome in outcomes:
        _say(_summary(outcome))
    return 1 if problems else 0


def _differing_pages(
    outcomes: Collection[Outcome], explanations: Collection[Explanation], *, write: bool
) -> Iterator[str]:
    for page in (mutants(outcomes), surviving_mutants(explanations)):
        try:
            page.hold(write=write)
        except AssertionError as error:
            yield str(error)


def _summary(outcome: Outcome) -> str:
    survived, tried = len(outcome.survivors()), len(outcome.results)
    return f"{outcome.area.name}: {survived} of {tried} mutants survived ({survived / tried:.1%})"


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
