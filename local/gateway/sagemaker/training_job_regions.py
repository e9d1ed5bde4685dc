"""The buckets and the image of a training job must be in the job's Region."""

from __future__ import annotations

import re
from typing import Any

from clients.s3_uri import bucket_and_key
from local.gateway.stores import buckets

_IMAGE = re.compile(r"\d+\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?/")
"""An image in Amazon ECR, whose name contains its Region."""


def problems(request: dict[str, Any], region: str) -> list[str]:
    """What a job in `region` can't use, one sentence each. A missing bucket isn't a problem yet."""
    channels = request.get("InputDataConfig", [])
    uris = [channel["DataSource"].get("S3DataSource", {}).get("S3Uri", "") for channel in channels]
    uris.append(request["OutputDataConfig"]["S3OutputPath"])
    if "CheckpointConfig" in request:
        uris.append(request["CheckpointConfig"]["S3Uri"])
    found = {uri: _region_of_bucket(uri) for uri in uris}
    image = request["AlgorithmSpecification"].get("TrainingImage", "")
    in_registry = _IMAGE.match(image)
    found[image] = in_registry.group(1) if in_registry else None
    return [
        f"{name} is in {its_region}: expected the Region of the training job, {region}"
        for name, its_region in found.items()
        if its_region not in {None, region}
    ]


def _region_of_bucket(uri: str) -> str | None:
    return buckets.region_of(bucket_and_key(uri)[0])
