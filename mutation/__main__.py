"""`python -m mutation [area...]`: whether the tests notice small changes; 0 if they do."""

from __future__ import annotations

import sys

from mutation.explanations import read_explanations
from mutation.outcome import Outcome, outcomes_of
from mutation.report import problems_of
from mutation.running import WorkerError
from mutation.scope import AREAS


def main(names: list[str]) -> int:
    """Try the mutants of the areas called `names`, or of all."""
    known = {area.name: area for area in AREAS}
    if unknown := set(names) - known.keys():
        sys.stderr.write(f"No area {', '.join(sorted(unknown))}; there are {', '.join(known)}.\n")
        return 2
    try:
        outcomes = outcomes_of([known[name] for name in names or known], progress=_say)
    except WorkerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    problems = list(problems_of(outcomes, read_explanations()))
    for problem in problems:
        _say(problem)
    for outcome in outcomes:
        _say(_summary(outcome))
    return 1 if problems else 0


def _summary(outcome: Outcome) -> str:
    survived, tried = len(outcome.survivors()), len(outcome.results)
    return f"{outcome.area.name}: {survived} of {tried} mutants survived ({survived / tried:.1%})"


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
