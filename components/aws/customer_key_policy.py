"""Statements of customer keys' policies, and the conditions under which a role may use a key.

In a key's policy `Resource: "*"` means this key alone: a key's policy applies to nothing else.
Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.aws.arns import account_root, log_group_arn
from components.aws.partitions import dns_suffix_of
from components.aws.policy_document import KEY_DELEGATION_ACTION, Condition, Statement, statement

THIS_KEY = "*"
"""The only resource that a key's policy can name: the key that it belongs to."""

_ADMINISTRATION = (
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


def account_delegation(account_id: str, region: str) -> Statement:
    """Lets IAM policies of the key's account grant its use.

    AWS needs it because a key without such a statement obeys its own policy only: no role could be
    allowed to use it by IAM, and no one could repair a policy that locks every principal out.
    """
    return statement(
        "AccountDelegation",
        KEY_DELEGATION_ACTION,
        THIS_KEY,
        principals={"AWS": account_root(region, account_id)},
    )


def administration(deploy_role_arn: str, region: str) -> list[Statement]:
    """Lets the deploy role change this key, and use it through the services that it deploys to.

    The key's own policy says so, and no IAM policy does: a tag or an alias, which IAM could ask
    for, takes minutes to count on a new key, and can be put on the keys of others.
    """
    principals = {"AWS": deploy_role_arn}
    return [
        statement("Administration", _ADMINISTRATION, THIS_KEY, principals=principals),
        # The action also sets the period of a key that is rotated already.
        statement(
            "Rotation",
            "kms:EnableKeyRotation",
            THIS_KEY,
            {"NumericLessThanEqualsIfExists": {"kms:RotationPeriodInDays": "365"}},
            principals,
        ),
        statement(
            "Deployment",
            ["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            THIS_KEY,
            via_service(region, "lambda", "s3", "secretsmanager"),
            principals,
        ),
    ]


def grants_for_environment(deploy_role_arn: str) -> Statement:
    """Lets the deploy role create an Amazon MWAA environment with this key.

    AWS needs it because Amazon MWAA creates the grants for its services as its caller.
    """
    return statement(
        "GrantsForEnvironment",
        [
            "kms:CreateGrant",
            "kms:Decrypt",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ListGrants",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
            "kms:RevokeGrant",
        ],
        THIS_KEY,
        principals={"AWS": deploy_role_arn},
    )


def log_encryption(account_id: str, region: str, group_names: Sequence[str]) -> Statement:
    """Lets CloudWatch Logs encrypt the log groups that these names or patterns match.

    AWS needs it because CloudWatch Logs acts as itself, not as the principal that writes to the
    group. It sends the group's ARN as the encryption context, which keeps other groups off the key.
    """
    groups = [log_group_arn(region, account_id, name) for name in group_names]
    return statement(
        "LogEncryption",
        [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
        THIS_KEY,
        condition={"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": groups}},
        principals={"Service": _host(region, "logs")},
    )


def via_service(region: str, *services: str) -> Condition:
    """The condition that a key is used through these AWS services of the Region, never directly."""
    return {"StringEquals": {"kms:ViaService": [_host(region, name) for name in services]}}


def use_through_s3(
    sid: str, key_arn: str, region: str, actions: Sequence[str] = ("kms:Decrypt",)
) -> Statement:
    """Lets a role use a bucket's key, though only for what S3 does in the role's name.

    AWS needs it because S3 calls KMS as the caller. Reading takes `kms:Decrypt`; so does a
    multipart upload, on top of `kms:GenerateDataKey`, which every write takes.
    """
    return statement(sid, actions, key_arn, via_service(region, "s3"))


def _host(region: str, service: str) -> str:
    return f"{service}.{region}.{dns_suffix_of(region)}"
