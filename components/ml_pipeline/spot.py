"""Spot training: what a request says of it, and where its checkpoints are (ADR 111).

Nothing here imports Pulumi.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from components.pipeline.object_keys import CHECKPOINTS, hash_of

CHECKPOINT_DAYS = 7
"""Days in which a run that is tried again finds its checkpoints."""

CHECKPOINT_FOLDER = "/opt/ml/checkpoints"
"""Where SageMaker keeps the checkpoints in the container, unless a request says otherwise."""

CHECKPOINT_VARIABLE = "CHECKPOINT_DIR"
"""Of our own: script mode has no variable for that folder."""


def on_spot(request: Mapping[str, Any], max_wait_seconds: int) -> dict[str, Any]:
    """`request` on spot instances."""
    return {
        **request,
        "EnableManagedSpotTraining": True,
        "StoppingCondition": {
            **request["StoppingCondition"],
            "MaxWaitTimeInSeconds": max_wait_seconds,
        },
    }


def with_checkpoints(request: Mapping[str, Any], bucket_name: str) -> dict[str, Any]:
    """`request` with the checkpoints of the run below its own prefix."""
    trained = [request["AlgorithmSpecification"], request["HyperParameters"]]
    code = [channel for channel in request["InputDataConfig"] if channel["ChannelName"] == "code"]
    # A checkpoint of other hyperparameters, or another script, would be another model's.
    text = json.dumps([*trained, code], sort_keys=True)
    return {
        **request,
        "CheckpointConfig": {
            "LocalPath": CHECKPOINT_FOLDER,
            "S3Uri": f"s3://{bucket_name}/{CHECKPOINTS}run={{run}}/{hash_of(text.encode())}/",
        },
        "Environment": {
            **request.get("Environment", {}),
            CHECKPOINT_VARIABLE: CHECKPOINT_FOLDER,
        },
    }
