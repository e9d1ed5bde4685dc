"""A run's files as SageMaker's XGBoost container reads them."""

from __future__ import annotations

import csv
from pathlib import Path

import xgboost

from tests.workloads.glue_job import GlueJob, Published


def download(job: GlueJob, outcome: Published, channel: str, folder: Path) -> Path:
    """A channel's folder, laid out as training finds it."""
    (folder / channel).mkdir()
    prefix = outcome.manifest["channels"][channel]
    for key in job.pipeline.keys(prefix):
        (folder / channel / key.removeprefix(prefix)).write_bytes(job.pipeline.get(key))
    return folder / channel


def read(folder: Path) -> xgboost.DMatrix:
    """The channel, with the delimiter that the first line of each of its files shows."""
    delimiters = set()
    for path in folder.iterdir():
        with path.open() as file:
            delimiters.add(csv.Sniffer().sniff(file.readline()).delimiter)
    (delimiter,) = delimiters
    return xgboost.DMatrix(f"{folder}?format=csv&label_column=0&delimiter={delimiter}")
