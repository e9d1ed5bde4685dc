"""Each kind of sample: its columns, and how its label depends on its features."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Row = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Task:
    """A kind of sample.

    `columns` are in the file's order, `label` among them. `draw` makes one clean row: all columns
    as numbers; a model can predict the label from the others, but not without error.
    """

    label: str
    columns: tuple[str, ...]
    draw: Callable[[Random], Row]


def _customer(random: Random) -> Row:
    """A customer of a telephone company; `label` is 1 for one who leaves."""
    tenure = random.randint(0, 72)
    monthly = round(random.uniform(18.0, 120.0), 2)
    calls = min(int(random.expovariate(0.8)), 12)
    contract = random.choice((1, 1, 12, 24))
    age = random.randint(18, 90)
    row: Row = {
        "age": age,
        "tenure_months": tenure,
        "monthly_charge": monthly,
        "total_charge": round(tenure * monthly * random.uniform(0.95, 1.05), 2),
        "support_calls": calls,
        "contract_months": contract,
        "data_usage_gb": round(random.lognormvariate(2.0, 0.8), 3),
        "late_payments": min(int(random.expovariate(1.5)), 8),
        "paperless": random.randint(0, 1),
        "distance_km": round(random.uniform(0.1, 60.0), 1),
        "signal_strength": round(random.gauss(-75.0, 12.0), 1),
    }
    leaning = 1.1 * calls + 0.04 * (monthly - 65) - 0.06 * tenure - 0.09 * contract
    leaning += 0.9 * row["late_payments"] - 0.03 * (row["signal_strength"] + 75)
    chance = 1 / (1 + math.exp(-leaning))
    return {**row, "label": 1 if random.random() < chance else 0}


def _house(random: Random) -> Row:
    """A house; `price` is what it sold for, in thousands."""
    area = round(random.uniform(35.0, 320.0), 1)
    rooms = max(1, round(area / 28 + random.gauss(0, 0.8)))
    year = random.randint(1900, 2025)
    distance = round(random.expovariate(0.12), 2)
    price = 2.4 * area + 14 * rooms + 0.9 * (year - 1900) - 4.5 * min(distance, 30)
    return {
        "area_m2": area,
        "rooms": rooms,
        "year_built": year,
        "distance_to_centre_km": distance,
        "garden": random.randint(0, 1),
        "price": round(max(price + random.gauss(0, 25), 20.0), 1),
    }


_FLOWER_SIZES = ((5.0, 3.4, 1.5, 0.2), (5.9, 2.8, 4.3, 1.3), (6.6, 3.0, 5.6, 2.0))
"""Mean lengths and widths of the sepals and petals of each of three species, in centimetres."""


def _flower(random: Random) -> Row:
    """A flower; `species` is 0, 1 or 2."""
    species = random.randrange(len(_FLOWER_SIZES))
    names = ("sepal_length", "sepal_width", "petal_length", "petal_width")
    means = dict(zip(names, _FLOWER_SIZES[species], strict=True))
    sizes = {name: round(max(random.gauss(mean, 0.35), 0.1), 2) for name, mean in means.items()}
    return {**sizes, "species": species}


TASKS = {
    "binary": Task(
        label="label",
        columns=(
            "age",
            "tenure_months",
            "monthly_charge",
            "total_charge",
            "support_calls",
            "contract_months",
            "data_usage_gb",
            "late_payments",
            "paperless",
            "distance_km",
            "signal_strength",
            "label",
        ),
        draw=_customer,
    ),
    "regression": Task(
        label="price",
        columns=("area_m2", "rooms", "price", "year_built", "distance_to_centre_km", "garden"),
        draw=_house,
    ),
    "multiclass": Task(
        label="species",
        columns=("species", "sepal_length", "sepal_width", "petal_length", "petal_width"),
        draw=_flower,
    ),
}
"""The kinds of sample by name; each has its label in another column of the file."""
