"""`python -m workloads.sample_data --rows 5000 --seed 7 --output ml_train_data.csv`."""

from __future__ import annotations

import argparse
from pathlib import Path

from workloads.sample_data.generate import DEFAULT_ROWS, DEFAULT_SEED, write_sample
from workloads.sample_data.tasks import TASKS


def main() -> None:
    """Write the sample that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write made-up training data.")
    parser.add_argument("--rows", type=int, default=DEFAULT_ROWS)
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--task", choices=sorted(TASKS), default="binary")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    write_sample(arguments.output, arguments.rows, arguments.seed, task=arguments.task)


if __name__ == "__main__":
    main()
