"""AWS Glue: security configurations and jobs."""

from __future__ import annotations

from typing import Any

from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Inner

_ENCRYPTION = Inner(
    "EncryptionConfiguration",
    {
        "cloudwatchEncryption": Inner(
            "CloudWatchEncryption",
            {"cloudwatchEncryptionMode": "CloudWatchEncryptionMode", "kmsKeyArn": "KmsKeyArn"},
        ),
        "jobBookmarksEncryption": Inner(
            "JobBookmarksEncryption",
            {"jobBookmarksEncryptionMode": "JobBookmarksEncryptionMode", "kmsKeyArn": "KmsKeyArn"},
        ),
        "s3Encryption": Inner(
            "S3Encryption", {"s3EncryptionMode": "S3EncryptionMode", "kmsKeyArn": "KmsKeyArn"}
        ),
    },
)


@creates(
    "aws:glue/securityConfiguration:SecurityConfiguration",
    {"name": "Name", "encryptionConfiguration": _ENCRYPTION},
)
def create_security_configuration(resource: Resource) -> Created:
    """How a job's data, logs and bookmarks are encrypted."""
    call: dict[str, Any] = {**resource.call}
    encryption = dict(call["EncryptionConfiguration"])
    # The API takes a list of the one that the provider knows.
    if "S3Encryption" in encryption:
        encryption["S3Encryption"] = [encryption["S3Encryption"]]
    resource.client("glue").create_security_configuration(
        **{**call, "EncryptionConfiguration": encryption}
    )
    return Created(resource.physical_name())


@creates(
    "aws:glue/job:Job",
    {
        "command": Inner(
            "Command",
            {
                "name": "Name",
                "pythonVersion": "PythonVersion",
                "scriptLocation": "ScriptLocation",
            },
        ),
        "defaultArguments": "DefaultArguments",
        "description": "Description",
        "executionClass": "ExecutionClass",
        "executionProperty": Inner("ExecutionProperty", {"maxConcurrentRuns": "MaxConcurrentRuns"}),
        "glueVersion": "GlueVersion",
        "jobMode": "JobMode",
        "jobRunQueuingEnabled": "JobRunQueuingEnabled",
        "maxRetries": "MaxRetries",
        "name": "Name",
        "nonOverridableArguments": "NonOverridableArguments",
        "numberOfWorkers": "NumberOfWorkers",
        "roleArn": "Role",
        "securityConfiguration": "SecurityConfiguration",
        "timeout": "Timeout",
        "workerType": "WorkerType",
    },
    tagged=True,
)
def create_job(resource: Resource) -> Created:
    """A job; its API has no ARN, so it is composed as the real provider does."""
    name = resource.physical_name()
    resource.client("glue").create_job(**resource.call, Tags=resource.tags)
    role_arn = resource.inputs["roleArn"].split(":")
    partition, account = role_arn[1], role_arn[4]
    arn = f"arn:{partition}:glue:{resource.provider.region}:{account}:job/{name}"
    return Created(name, {"arn": arn})
