"""Write a sample: the same rows for the same seed, generated one at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

from workloads.sample_data import dirt
from workloads.sample_data.tasks import TASKS, Task

DEFAULT_ROWS = 5000
DEFAULT_SEED = 7


def write_sample(
    path: Path,
    rows: int = DEFAULT_ROWS,
    seed: int = DEFAULT_SEED,
    *,
    task: str = "binary",
    label: str | None = None,
) -> None:
    """Write a CSV file with a header and `rows` rows, duplicates and unusable ones among them.

    Lines end in CRLF, as spreadsheets write them. `task` is a key of `TASKS`; `label` is another
    name for its label column, and a feature of that name gets the label's.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        chosen = TASKS[task]
        swapped = {chosen.label: label, label: chosen.label} if label else {}
        writer.writerow([swapped.get(name, name) for name in chosen.columns])
        writer.writerows(sample_rows(chosen, rows, seed))


def sample_rows(task: Task, rows: int, seed: int) -> Iterator[list[str]]:
    """The cells of each row."""
    random = Random(seed)
    label = task.columns.index(task.label)
    earlier: list[str] | None = None
    for _ in range(rows):
        if earlier and random.random() < dirt.DUPLICATE:
            yield earlier
            continue
        clean = task.draw(random)
        cells = dirt.soil([f"{clean[name]}" for name in task.columns], label, random)
        yield cells
        # A copy of any recent row, not always of the last one.
        earlier = cells if earlier is None or random.random() < 0.3 else earlier  # noqa: PLR2004
