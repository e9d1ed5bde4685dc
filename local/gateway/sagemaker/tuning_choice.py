"""The values of a tuning's hyperparameters: a random search, the same each time for one tuning job.

SageMaker itself learns from the jobs before where a tuning's strategy is Bayesian.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

_TRIES = 100
"""How often other values are looked for where a job before had the same."""


def choose(ranges: Mapping[str, Any], seed: str, earlier: list[dict[str, str]]) -> dict[str, str]:
    """Values that none of `earlier` has, as far as there are others; `seed` decides them."""
    generator = random.Random(seed)
    found: dict[str, str] = {}
    for _ in range(_TRIES):
        found = _values(ranges, generator)
        if found not in earlier:
            break
    return found


def _values(ranges: Mapping[str, Any], generator: random.Random) -> dict[str, str]:
    listed = ranges.get("CategoricalParameterRanges", [])
    return {
        **{each["Name"]: generator.choice(each["Values"]) for each in listed},
        **{
            each["Name"]: repr(_between(each, generator))
            for each in ranges.get("ContinuousParameterRanges", [])
        },
        **{
            each["Name"]: str(_integer(each, generator))
            for each in ranges.get("IntegerParameterRanges", [])
        },
    }


def _between(each: Mapping[str, str], generator: random.Random) -> float:
    low, high, share = float(each["MinValue"]), float(each["MaxValue"]), generator.random()
    match each.get("ScalingType"):
        case "Logarithmic":
            return _clamped(math.exp(_mixed(math.log(low), math.log(high), share)), low, high)
        case "ReverseLogarithmic":
            mixed = _mixed(math.log(1 - low), math.log(1 - high), share)
            return _clamped(1 - math.exp(mixed), low, high)
    return _clamped(_mixed(low, high, share), low, high)


def _mixed(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def _clamped(value: float, low: float, high: float) -> float:
    """`value`, which rounding may have moved over an end."""
    return min(max(value, low), high)


def _integer(each: Mapping[str, str], generator: random.Random) -> int:
    if each.get("ScalingType") == "Logarithmic":
        return round(_between(each, generator))
    return generator.randint(int(each["MinValue"]), int(each["MaxValue"]))
