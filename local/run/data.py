"""The raw data that the pipelines work on."""

from __future__ import annotations

from pathlib import Path

from local.run.accounts import Accounts
from local.run.data_files import DataFiles
from local.run.plan import DataPipeline
from workloads.sample_data.generate import write_sample


def raw_file(chosen: DataFiles, pipeline: DataPipeline, directory: Path) -> Path:
    """The file that was asked for, else a sample with the pipeline's label column."""
    file = chosen.of(pipeline.name)
    if file is not None:
        return file
    sample = directory / f"sample-{pipeline.name}.csv"
    write_sample(sample, label=pipeline.label_column)
    return sample


def upload(file: Path, pipeline: DataPipeline, accounts: Accounts) -> None:
    """Put `file` where the pipeline expects its raw data, as the pipeline's own account."""
    s3 = accounts.client("s3", pipeline.account_region.account_id, pipeline.account_region.region)
    with file.open("rb") as content:
        s3.put_object(Bucket=pipeline.bucket, Key=pipeline.raw_key, Body=content)
