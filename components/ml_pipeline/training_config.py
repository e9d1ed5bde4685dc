"""`config/training_config.json`: all of a CreateTrainingJob request but what a run decides.

The DAG replaces `{run}`, `{train}`, `{validation}` and `{classes}` in the values and sets the job's
name; it computes nothing else. Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.ml_pipeline.hyperparameters import hyperparameters_of
from components.ml_pipeline.training_image import training_image, trains_with_xgboost
from components.pipeline.object_keys import MODELS
from components.topology.model import MlPipeline


def training_config(
    *, pipeline: MlPipeline, role_arn: str, bucket_name: str, key_arn: str
) -> Mapping[str, Any]:
    """The request. The output's key is its ARN: left out, SageMaker takes the account's own key."""
    training, image = pipeline.training, training_image(pipeline)
    # Several instances share the rows; given all rows each, all would train the same model at a
    # multiple of the price.
    is_shared = training.instance_count > 1
    return {
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "EnableNetworkIsolation": True,
        "HyperParameters": _hyperparameters(pipeline),
        "InputDataConfig": [
            _channel("train", bucket_name, "ShardedByS3Key" if is_shared else "FullyReplicated"),
            _channel("validation", bucket_name, "FullyReplicated"),
        ],
        "OutputDataConfig": {
            "KmsKeyId": key_arn,
            "S3OutputPath": f"s3://{bucket_name}/{MODELS}run={{run}}/",
        },
        "ResourceConfig": {
            "InstanceCount": training.instance_count,
            "InstanceType": training.instance_type,
            "VolumeKmsKeyId": key_arn,
            "VolumeSizeInGB": training.volume_size_gb,
        },
        "RoleArn": role_arn,
        "StoppingCondition": {"MaxRuntimeInSeconds": training.max_runtime_seconds},
    }


def _hyperparameters(pipeline: MlPipeline) -> Mapping[str, str]:
    """With the number of classes of the run's data, where an objective needs it and none is given.

    Another image may know no such hyperparameter.
    """
    given = dict(hyperparameters_of(pipeline))
    needs_classes = given.get("objective", "").startswith("multi:")
    if needs_classes and trains_with_xgboost(pipeline):
        given.setdefault("num_class", "{classes}")
    return given


def _channel(name: str, bucket_name: str, distribution: str) -> Mapping[str, Any]:
    """One of the algorithm's channels; its placeholder stands for its folder in the bucket."""
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "DataSource": {
            "S3DataSource": {
                "S3DataDistributionType": distribution,
                "S3DataType": "S3Prefix",
                "S3Uri": f"s3://{bucket_name}/{{{name}}}",
            }
        },
    }
