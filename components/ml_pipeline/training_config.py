"""`config/training_config.json`: all of a CreateTrainingJob request but what a run decides.

Of a pipeline that tunes, of a CreateHyperParameterTuningJob request.

The DAG replaces `{run}`, `{train}`, `{validation}`, `{schema}` and `{classes}` in the values and
sets the job's name; it computes nothing else. Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.ml_pipeline.hyperparameters import hyperparameters_of
from components.ml_pipeline.script_mode import CODE_CHANNEL, script_hyperparameters
from components.ml_pipeline.spot import on_spot, with_checkpoints
from components.ml_pipeline.training_image import training_image
from components.ml_pipeline.tuning_config import tuning_config
from components.network.interface_policies import InterfacePlace
from components.pipeline.object_keys import MODELS
from components.topology.model import MlPipeline, Training

_CONTENT_TYPES = {"train": "text/csv", "validation": "text/csv", "schema": "application/json"}


def training_config(
    *,
    pipeline: MlPipeline,
    role_arn: str,
    bucket_name: str,
    key_arn: str,
    code_key: str | None = None,
    place: InterfacePlace | None = None,
) -> Mapping[str, Any]:
    """The request; `code_key` is where a script's archive is, `place` the network, if any.

    The output's key is its ARN: left out, SageMaker takes the account's own key.
    """
    training = pipeline.training
    request = _on_demand(pipeline, role_arn, bucket_name, key_arn, code_key)
    if place is not None:
        network = {"SecurityGroupIds": place.group_ids, "Subnets": place.subnet_ids}
        request = {**request, "VpcConfig": network}
    if training.spot:
        request = on_spot(request, training.longest_seconds)
    if training.keeps_checkpoints:
        request = with_checkpoints(request, bucket_name)
    return tuning_config(request, training.tuning, pipeline) if training.tuning else request


def _on_demand(
    pipeline: MlPipeline, role_arn: str, bucket_name: str, key_arn: str, code_key: str | None
) -> Mapping[str, Any]:
    training = pipeline.training
    is_shared = training.instance_count > 1
    encryption = {"EnableInterContainerTrafficEncryption": True} if is_shared else {}
    environment = {"Environment": dict(training.environment)} if training.environment else {}
    return {
        "AlgorithmSpecification": _algorithm(pipeline),
        **encryption,
        "EnableNetworkIsolation": True,
        **environment,
        "HyperParameters": _hyperparameters(pipeline),
        "InputDataConfig": _channels(training, bucket_name, code_key),
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


def _algorithm(pipeline: MlPipeline) -> Mapping[str, Any]:
    metrics = [
        {"Name": name, "Regex": pattern} for name, pattern in pipeline.training.metrics.items()
    ]
    return {
        "TrainingImage": training_image(pipeline),
        "TrainingInputMode": "File",
        **({"MetricDefinitions": metrics} if metrics else {}),
    }


def _hyperparameters(pipeline: MlPipeline) -> Mapping[str, str]:
    """For AWS's XGBoost with the number of classes of the run's data.

    Where an objective needs it and none is given; another algorithm may know no such
    hyperparameter.
    """
    training, given = pipeline.training, dict(hyperparameters_of(pipeline))
    if training.algorithm == "script":
        return script_hyperparameters(
            given, entry_point=training.entry_point, region=pipeline.region
        )
    if training.algorithm == "xgboost" and given["objective"].startswith("multi:"):
        given.setdefault("num_class", "{classes}")
    return given


def _channels(
    training: Training, bucket_name: str, code_key: str | None
) -> Sequence[Mapping[str, Any]]:
    """The channels of the run, whose placeholders stand for their keys, and of a script's code."""
    channels = [
        _channel(
            name,
            f"s3://{bucket_name}/{{{name}}}",
            content_type=channel.content_type or _CONTENT_TYPES[name],
            # Several instances share the rows; given all rows each, all would train the same model
            # at a multiple of the price.
            is_shared=name == "train" and training.instance_count > 1,
            **({} if channel.input_mode == "File" else {"InputMode": channel.input_mode}),
        )
        for name, channel in training.sent_channels.items()
    ]
    if code_key is not None:
        uri = f"s3://{bucket_name}/{code_key}"
        channels.append(_channel(CODE_CHANNEL, uri, content_type="application/gzip"))
    return channels


def _channel(
    name: str, uri: str, *, content_type: str, is_shared: bool = False, **other: str
) -> Mapping[str, Any]:
    return {
        "ChannelName": name,
        "ContentType": content_type,
        "DataSource": {
            "S3DataSource": {
                "S3DataDistributionType": "ShardedByS3Key" if is_shared else "FullyReplicated",
                "S3DataType": "S3Prefix",
                "S3Uri": uri,
            }
        },
        **other,
    }
