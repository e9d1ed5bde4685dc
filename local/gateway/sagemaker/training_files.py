"""The files of a training job: the container's /opt/ml, filled from S3 and uploaded to it."""

from __future__ import annotations

import json
import tarfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from clients.s3_uri import bucket_and_key


def create(folder: Path, request: Mapping[str, Any]) -> None:
    """Create the layout of /opt/ml in `folder`, with SageMaker's configuration files."""
    for part in ("input/config", "input/data", "model", "output"):
        (folder / part).mkdir(parents=True)
    configuration = {
        "hyperparameters.json": request.get("HyperParameters", {}),
        "inputdataconfig.json": {
            channel["ChannelName"]: _described(channel)
            for channel in request.get("InputDataConfig", [])
        },
        "resourceconfig.json": {
            "current_host": "algo-1",
            "current_instance_type": request["ResourceConfig"].get("InstanceType"),
            "hosts": ["algo-1"],
            "network_interface_name": "eth0",
        },
    }
    for name, content in configuration.items():
        (folder / "input/config" / name).write_text(json.dumps(content), encoding="utf-8")


def _described(channel: Mapping[str, Any]) -> dict[str, str]:
    source = channel["DataSource"]["S3DataSource"]
    return {
        "ContentType": channel.get("ContentType", ""),
        "RecordWrapperType": "None",
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "TrainingInputMode": channel.get("InputMode", "File"),
    }


def download(s3: Any, uri: str, folder: Path) -> Iterator[str]:
    """Download every object whose key starts with the prefix, as S3Prefix means; yield each key.

    Keys that end in a slash are the consoles' empty folders: they are yielded, and not downloaded.
    """
    bucket, prefix = bucket_and_key(uri)
    base = prefix.rpartition("/")[0]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for key in [row["Key"] for page in pages for row in page.get("Contents", [])]:
        if not key.endswith("/"):
            path = folder / key.removeprefix(base).lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(bucket, key, str(path))
        yield key


def upload_model(s3: Any, folder: Path, uri: str, key_id: str | None) -> None:
    """Upload the model as model.tar.gz, encrypted with the job's output key if it has one."""
    archive = folder / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for path in sorted((folder / "model").iterdir()):
            tar.add(path, arcname=path.name)
    bucket, key = bucket_and_key(uri)
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_id} if key_id else {}
    with archive.open("rb") as body:
        s3.put_object(Bucket=bucket, Key=key, Body=body, **encryption)


def download_checkpoints(s3: Any, folder: Path, request: Mapping[str, Any]) -> None:
    """Bring back what an earlier job left under the same checkpoints' prefix, if there are any."""
    if "CheckpointConfig" in request:
        (folder / "checkpoints").mkdir()
        list(download(s3, request["CheckpointConfig"]["S3Uri"], folder / "checkpoints"))


def upload_checkpoints(s3: Any, folder: Path, request: Mapping[str, Any]) -> None:
    """Keep the checkpoints, however the training ended; on AWS they go up while it runs."""
    if "CheckpointConfig" in request:
        bucket, prefix = bucket_and_key(request["CheckpointConfig"]["S3Uri"])
        checkpoints = folder / "checkpoints"
        for path in sorted(each for each in checkpoints.rglob("*") if each.is_file()):
            key = f"{prefix.rstrip('/')}/{path.relative_to(checkpoints).as_posix()}"
            s3.upload_file(str(path), bucket, key)


def metrics(folder: Path) -> list[dict[str, Any]]:
    """The job's FinalMetricDataList."""
    values = json.loads((folder / "output/metrics.json").read_text(encoding="utf-8"))
    now = time.time()
    return [
        {"MetricName": name, "Value": value, "Timestamp": now} for name, value in values.items()
    ]
