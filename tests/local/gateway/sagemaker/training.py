"""Training jobs of the tests: a bucket with data, a key, and a role that may train with them."""

from __future__ import annotations

from typing import Any

from tests.local.gateway.aws import DATA, EAST, Aws, allow, trust, wait_until

_ROWS = b"".join(b"%d,%d,%d\n" % (number % 2, number % 2 * 10, number) for number in range(100))
_ENDED = {"Completed", "Failed", "Stopped"}


class Training:
    """A bucket with data, a key, and a role that may train with them."""

    def __init__(self, aws: Aws) -> None:
        self.aws, self.bucket, self.key = aws, aws.bucket(), aws.key()
        aws.encrypt(self.bucket, self.key)
        self.s3 = aws.client("s3")
        for channel in ("train", "validation"):
            self.put(f"{channel}/part-00000.csv", _ROWS)
        self.role = aws.role(
            "sagemaker",
            *self.permissions(),
            trusted=trust(
                {"Service": "sagemaker.amazonaws.com"},
                StringEquals={"aws:SourceAccount": DATA},
                ArnLike={"aws:SourceArn": f"arn:aws:sagemaker:{EAST}:{DATA}:training-job/*"},
            ),
        )
        self.sagemaker = aws.client("sagemaker")

    def permissions(self, *leave_out: str) -> list[dict[str, Any]]:
        start = f"arn:aws:s3:::{self.bucket}"
        groups = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        named = {
            "s3:ListBucket": start,
            "s3:GetObject": f"{start}/*",
            "s3:PutObject": f"{start}/models/*",
            "kms:Decrypt": self.key,
            "kms:GenerateDataKey": self.key,
            "kms:CreateGrant": self.key,
        }
        mine = [allow(action, named[action]) for action in named if action not in leave_out]
        return [*mine, allow(groups, "*")]

    def put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=f"transformed/{key}", Body=body)

    def request(self, **changes: Any) -> dict[str, Any]:
        channels = [
            {
                "ChannelName": name,
                "ContentType": "text/csv",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3DataDistributionType": "FullyReplicated",
                        "S3Uri": f"s3://{self.bucket}/transformed/{name}/",
                    }
                },
            }
            for name in ("train", "validation")
        ]
        return {
            "TrainingJobName": self.aws.unique("job"),
            "AlgorithmSpecification": {
                "TrainingImage": "1.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5",
                "TrainingInputMode": "File",
            },
            "RoleArn": self.role,
            "HyperParameters": {"objective": "binary:logistic", "num_round": "5"},
            "InputDataConfig": channels,
            "OutputDataConfig": {
                "S3OutputPath": f"s3://{self.bucket}/models/run=r/",
                "KmsKeyId": self.key,
            },
            "ResourceConfig": {
                "InstanceType": "ml.m5.xlarge",
                "InstanceCount": 1,
                "VolumeSizeInGB": 10,
                "VolumeKmsKeyId": self.key,
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
            "EnableNetworkIsolation": True,
            **changes,
        }

    def start(self, **changes: Any) -> str:
        request = self.request(**changes)
        self.sagemaker.create_training_job(**request)
        return str(request["TrainingJobName"])

    def look(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.sagemaker.describe_training_job(TrainingJobName=name)
        return found

    def ended(self, name: str) -> dict[str, Any]:
        return wait_until(lambda: self.look(name), lambda job: job["TrainingJobStatus"] in _ENDED)

    def failure(self, **changes: Any) -> str:
        job = self.ended(self.start(**changes))
        assert job["TrainingJobStatus"] == "Failed"
        return str(job["FailureReason"])
