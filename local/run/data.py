"""The raw data that the pipelines work on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dags.cross_account.raw_key import raw_key_at
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


def upload(
    file: Path, chosen: DataFiles, pipeline: DataPipeline, accounts: Accounts, moment: datetime
) -> None:
    """Put `file` where it starts a run, or else where a run of `moment` expects its raw data.

    What its script reads besides is put to its place before. As the pipeline's own account.
    """
    s3 = accounts.client("s3", pipeline.account_region.account_id, pipeline.account_region.region)
    named = pipeline.named_inputs.items()
    inputs = [(key, chosen.by_pipeline[name]) for name, key in named]
    for key, path in [*inputs, (_key(pipeline, moment, file), file)]:
        with path.open("rb") as content:
            s3.put_object(Bucket=pipeline.bucket, Key=key, Body=content)


def _key(pipeline: DataPipeline, moment: datetime, file: Path) -> str:
    if pipeline.on_upload is None:
        key = raw_key_at(moment, pipeline.raw_key, pipeline.timezone)
        return f"{key}{file.name}" if key.endswith("/") else key
    return pipeline.on_upload.replace("*", pipeline.name)
