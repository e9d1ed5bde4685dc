"""AWS Secrets Manager: secrets and their versions."""

from __future__ import annotations

from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs, hexadecimal
from local.deployment.removal_calls import no_call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule

_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


def create_secret(resource: Resource) -> Created:
    """A secret without a value."""
    name = resource.physical_name()
    arn = resource.client.create_secret(**resource.call, Tags=resource.tag_list())["ARN"]
    return Created(arn, {"arn": arn, "name": name})


def delete_secret(resource: Resource, id_: str) -> None:
    """The secret, at once where it has no days to be recovered in."""
    days = resource.inputs.get("recoveryWindowInDays")
    how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": days == 0}
    resource.client.delete_secret(SecretId=id_, **how)


def mock_secret(mocked: Mocked) -> Outputs:
    """A secret, with the six characters that AWS appends to its ARN."""
    suffix = hexadecimal(mocked.name, 6)
    arn = mocked.at.arn("secretsmanager", f"secret:{mocked.physical_name}-{suffix}")
    return {"id": arn, "arn": arn}


SECRET = ResourceType(
    token="aws:secretsmanager/secret:Secret",
    service="secretsmanager",
    properties={
        "description": "Description",
        "kmsKeyId": "KmsKeyId",
        "name": "Name",
        "recoveryWindowInDays": Rule.HANDLED,
    },
    create=create_secret,
    remove=delete_secret,
    mock_outputs=mock_secret,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=512,
        # A hyphen and six characters at the end would be taken for the end of a secret's ARN.
        pattern=r"[A-Za-z0-9/_+=.@-]+(?<!-[A-Za-z0-9]{6})",
        unique_in="the Region",
        source="Secrets Manager API reference, CreateSecret: Name",
    ),
    deploy_actions=(
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret",
        *_KEY_ACTIONS,
    ),
)


def create_secret_version(resource: Resource) -> Created:
    """A secret's value."""
    version = resource.client.put_secret_value(**resource.call)
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


SECRET_VERSION = ResourceType(
    token="aws:secretsmanager/secretVersion:SecretVersion",
    service="secretsmanager",
    properties={
        "secretId": "SecretId",
        "secretString": "SecretString",
        "versionStages": "VersionStages",
    },
    create=create_secret_version,
    remove=no_call,
    deploy_actions=(
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
        *_KEY_ACTIONS,
    ),
)
