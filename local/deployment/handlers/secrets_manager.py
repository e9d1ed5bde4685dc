"""AWS Secrets Manager: secrets and their versions."""

from __future__ import annotations

from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule


@creates(
    "aws:secretsmanager/secret:Secret",
    {
        "description": "Description",
        "forceOverwriteReplicaSecret": "ForceOverwriteReplicaSecret",
        "kmsKeyId": "KmsKeyId",
        "name": "Name",
        "policy": Rule.HANDLED,
        "recoveryWindowInDays": Rule.UNUSED_AT_CREATION,
    },
    tagged=True,
)
def create_secret(resource: Resource) -> Created:
    """A secret without a value, and its resource policy where there is one."""
    manager = resource.client("secretsmanager")
    name = resource.physical_name()
    arn = manager.create_secret(**resource.call, Tags=resource.tag_list())["ARN"]
    if policy := resource.inputs.get("policy"):
        manager.put_resource_policy(SecretId=arn, ResourcePolicy=policy)
    return Created(arn, {"arn": arn, "name": name})


@creates(
    "aws:secretsmanager/secretVersion:SecretVersion",
    {
        "secretId": "SecretId",
        "secretString": "SecretString",
        "versionStages": "VersionStages",
    },
)
def create_secret_version(resource: Resource) -> Created:
    """A secret's value."""
    version = resource.client("secretsmanager").put_secret_value(**resource.call)
    arn, version_id = version["ARN"], version["VersionId"]
    return Created(
        f"{arn}|{version_id}",
        {
            "arn": arn,
            "secretArn": arn,
            "versionId": version_id,
            "versionStages": version["VersionStages"],
        },
    )
