"""AWS KMS: keys and aliases."""

from __future__ import annotations

from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import Mocked, Outputs, named
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule


def create_key(resource: Resource) -> Created:
    """A key, with rotation where it is asked for."""
    kms = resource.client
    tags = resource.tag_list("TagKey", "TagValue")
    key = kms.create_key(**resource.call, Tags=tags)["KeyMetadata"]
    if resource.inputs.get("enableKeyRotation"):
        kms.enable_key_rotation(KeyId=key["KeyId"])
    return Created(key["KeyId"], {"arn": key["Arn"], "keyId": key["KeyId"], "isEnabled": True})


def mock_key(mocked: Mocked) -> Outputs:
    """A key whose id looks like a UUID."""
    digits = mocked.generated(32)
    key_id = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return {"id": key_id, "keyId": key_id, "arn": mocked.at.arn("kms", f"key/{key_id}")}


KEY = ResourceType(
    token="aws:kms/key:Key",
    service="kms",
    properties={
        "deletionWindowInDays": Rule.HANDLED,
        "description": "Description",
        "enableKeyRotation": Rule.HANDLED,
        "multiRegion": "MultiRegion",
        "policy": "Policy",
    },
    create=create_key,
    remove=call("schedule_key_deletion", KeyId=ID, PendingWindowInDays="deletionWindowInDays"),
    mock_outputs=mock_key,
    takes_tags=True,
    document_limits={
        "policy": DocumentLimit(
            most=32_768, source="KMS developer guide, Resource quotas: key policy document"
        )
    },
    deploy_actions=(
        "kms:CreateKey",
        "kms:DescribeKey",
        "kms:EnableKeyRotation",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListResourceTags",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
    ),
)


def create_alias(resource: Resource) -> Created:
    """An alias, `alias/...`, of a key."""
    kms, name = resource.client, resource.physical_name()
    kms.create_alias(**resource.call)
    key_arn = kms.describe_key(KeyId=resource.inputs["targetKeyId"])["KeyMetadata"]["Arn"]
    return Created(name, {"arn": f"{key_arn.rpartition(':')[0]}:{name}", "targetKeyArn": key_arn})


ALIAS = ResourceType(
    token="aws:kms/alias:Alias",
    service="kms",
    properties={"name": "AliasName", "targetKeyId": "TargetKeyId"},
    create=create_alias,
    remove=call("delete_alias", AliasName=ID),
    mock_outputs=named("kms", ""),
    name_limit=NameLimit(
        key="name",
        most=256,
        pattern=r"alias/(?!aws/)[a-zA-Z0-9/_-]+",
        unique_in="the Region",
        source="KMS API reference, CreateAlias: AliasName",
    ),
    deploy_actions=(
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:ListAliases",
        "kms:UpdateAlias",
    ),
)
