"""AWS Secrets Manager: secrets, their versions and their rotation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs, hexadecimal, only_an_id
from local.deployment.provider_function import ProviderFunction
from local.deployment.removal_calls import ID, call, no_call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Inner, Rule

if TYPE_CHECKING:
    from local.deployment.providers import AwsProvider

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


def create_rotation(resource: Resource) -> Created:
    """A secret's schedule and function."""
    arn = resource.client.rotate_secret(**resource.call)["ARN"]
    return Created(arn, {"rotationEnabled": True})


ROTATION = ResourceType(
    token="aws:secretsmanager/secretRotation:SecretRotation",
    service="secretsmanager",
    properties={
        "rotateImmediately": "RotateImmediately",
        "rotationLambdaArn": "RotationLambdaARN",
        "rotationRules": Inner(
            "RotationRules", {"automaticallyAfterDays": "AutomaticallyAfterDays"}
        ),
        "secretId": "SecretId",
    },
    create=create_rotation,
    remove=call("cancel_rotate_secret", SecretId=ID),
    mock_outputs=only_an_id,
    deploy_actions=(
        "lambda:InvokeFunction",
        "secretsmanager:CancelRotateSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:RotateSecret",
    ),
)


def secret_versions(arguments: Mapping[str, Any], provider: AwsProvider) -> dict[str, Any]:
    """`aws.secretsmanager.get_secret_versions`: those with a staging label."""
    found = provider.client("secretsmanager").list_secret_version_ids(
        SecretId=arguments["secretId"]
    )
    versions = [
        {
            "createdTime": each["CreatedDate"].isoformat(),
            "lastAccessedDate": "",
            "versionId": each["VersionId"],
            "versionStages": each["VersionStages"],
        }
        for each in found.get("Versions", [])
    ]
    return {"id": arguments["secretId"], "secretId": arguments["secretId"], "versions": versions}


VERSIONS = ProviderFunction(
    token="aws:secretsmanager/getSecretVersions:getSecretVersions",
    call=secret_versions,
    deploy_actions=("secretsmanager:ListSecretVersionIds",),
)
