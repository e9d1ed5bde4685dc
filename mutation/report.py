"""What is wrong with the tests: too many survivors, or one that nothing explains."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mutation.explanations import Explanation, idle, unexplained
from mutation.outcome import Outcome
from mutation.running import Result

MOST_SURVIVORS = 0.10
"""The share of an area's mutants that may survive at most, even explained."""


def noticed_percent(results: Collection[Result]) -> str:
    """Of 100 mutants, how many the tests notice at least: whole, so that it rarely changes."""
    noticed = sum(result.noticed for result in results)
    return str(100 * noticed // len(results))


def problems_of(
    outcomes: Collection[Outcome], explanations: Collection[Explanation]
) -> Iterator[str]:
    """What is wrong, one sentence each; nothing if the tests can fail."""
    for outcome in outcomes:
        share = len(outcome.survivors()) / len(outcome.results)
        if share >= MOST_SURVIVORS:
            yield (
                f"{outcome.area.name}: {share:.1%} of the mutants survive, and less than "
                f"{MOST_SURVIVORS:.0%} may: write the tests that are missing."
            )
    survivors = [result.mutant for outcome in outcomes for result in outcome.survivors()]
    for mutant in unexplained(survivors, explanations):
        yield (
            f"{mutant.path}, {mutant.function}: no test notices\n"
            f"    - {mutant.before}\n    + {mutant.after}\n"
            "  Write the test, or the reason into mutation/explained.yaml."
        )
    tried = {path for outcome in outcomes for path in outcome.area.tests}
    for explanation in idle(survivors, [e for e in explanations if e.module in tried]):
        yield (
            f"{explanation.module}, {explanation.function}: this explained mutant is gone, or "
            f"noticed by now\n    - {explanation.before}\n    + {explanation.after}\n"
            "  Remove it from mutation/explained.yaml."
        )
