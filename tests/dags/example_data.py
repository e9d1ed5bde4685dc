"""A run's data, manifest and training configuration, as the rest of the system writes them."""

from __future__ import annotations

from typing import Any

RUN = "20261122T123336123456"
ATTEMPT = "attempt1"


def folder(run: str = RUN) -> str:
    return f"transformed/run={run}/{ATTEMPT}/"


def files(run: str = RUN) -> dict[str, bytes]:
    """Every data file of a run by its key."""
    return {
        f"{folder(run)}train/part-00000.csv": b"1,0.5\n0,0.25\n",
        f"{folder(run)}train/part-00001.csv": b"1,0.75\n",
        f"{folder(run)}validation/part-00000.csv": b"0,0.125\n",
    }


def manifest(run: str = RUN) -> dict[str, Any]:
    return {
        "version": 1,
        "run": run,
        "attempt": ATTEMPT,
        "source": {
            "bucket": "source",
            "key": "raw/ml_train_data.csv",
            "etag": '"e"',
            "version_id": "v",
        },
        "columns": ["label", "feature"],
        "rows": {"input": 7, "train": 3, "validation": 1, "rejected": 2, "duplicates": 1},
        "channels": {name: f"{folder(run)}{name}/" for name in ("train", "validation")},
        "files": [{"key": key, "size": len(body)} for key, body in files(run).items()],
    }


def training_config(bucket: str) -> dict[str, Any]:
    return {
        "AlgorithmSpecification": {"TrainingImage": "image:1.7-1", "TrainingInputMode": "File"},
        "RoleArn": "arn:aws:iam::222222222222:role/unified-pipelines-dev-west2-sagemaker",
        "HyperParameters": {"objective": "binary:logistic", "num_round": "50"},
        "InputDataConfig": [
            {
                "ChannelName": name,
                "ContentType": "text/csv",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3DataDistributionType": "FullyReplicated",
                        "S3Uri": f"s3://{bucket}/{{{name}}}",
                    }
                },
            }
            for name in ("train", "validation")
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/models/run={{run}}/", "KmsKeyId": "k"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.xlarge",
            "InstanceCount": 1,
            "VolumeSizeInGB": 30,
            "VolumeKmsKeyId": "k",
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "EnableNetworkIsolation": True,
    }


def tuning_config(bucket: str) -> dict[str, Any]:
    definition = training_config(bucket)
    static = definition.pop("HyperParameters")
    return {
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "auc"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 10, "MaxParallelTrainingJobs": 2},
        },
        "TrainingJobDefinition": {"StaticHyperParameters": static, **definition},
    }
