"""The raw data that the pipelines work on."""

from __future__ import annotations

from pathlib import Path

from local.deployment.stopping import Stop
from local.run.accounts import Accounts
from local.run.plan import Plan
from workloads.sample_data.generate import write_sample


def raw_file(chosen: Path | None, directory: Path) -> Path:
    """The file that was asked for, else a sample written into `directory`."""
    if chosen is not None:
        return chosen
    sample = directory / "sample.csv"
    write_sample(sample)
    return sample


def upload(file: Path, plan: Plan, accounts: Accounts, stop: Stop) -> None:
    """Put `file` where each data pipeline expects its raw data, as the pipeline's own account."""
    for pipeline in plan.data_pipelines:
        s3 = accounts.client(
            "s3", pipeline.account_region.account_id, pipeline.account_region.region
        )
        with file.open("rb") as content:
            s3.put_object(Bucket=pipeline.bucket, Key=pipeline.raw_key, Body=content)
        stop.check()
