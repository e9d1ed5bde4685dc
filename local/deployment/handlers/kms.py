"""AWS KMS: keys and aliases."""

from __future__ import annotations

from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule


@creates(
    "aws:kms/key:Key",
    {
        "deletionWindowInDays": Rule.UNUSED_AT_CREATION,
        "description": "Description",
        "enableKeyRotation": Rule.HANDLED,
        "keyUsage": "KeyUsage",
        "customerMasterKeySpec": "KeySpec",
        "multiRegion": "MultiRegion",
        "policy": "Policy",
        "rotationPeriodInDays": Rule.HANDLED,
    },
    tagged=True,
)
def create_key(resource: Resource) -> Created:
    """A key, with rotation where it is asked for."""
    kms = resource.client("kms")
    tags = resource.tag_list("TagKey", "TagValue")
    key = kms.create_key(**resource.call, Tags=tags)["KeyMetadata"]
    if resource.inputs.get("enableKeyRotation"):
        days = resource.inputs.get("rotationPeriodInDays")
        period = {"RotationPeriodInDays": days} if days else {}
        kms.enable_key_rotation(KeyId=key["KeyId"], **period)
    return Created(key["KeyId"], {"arn": key["Arn"], "keyId": key["KeyId"], "isEnabled": True})


@creates("aws:kms/alias:Alias", {"name": "AliasName", "targetKeyId": "TargetKeyId"})
def create_alias(resource: Resource) -> Created:
    """An alias, `alias/...`, of a key."""
    kms = resource.client("kms")
    name = resource.physical_name()
    kms.create_alias(**resource.call)
    key_arn = kms.describe_key(KeyId=resource.inputs["targetKeyId"])["KeyMetadata"]["Arn"]
    return Created(name, {"arn": f"{key_arn.rpartition(':')[0]}:{name}", "targetKeyArn": key_arn})
