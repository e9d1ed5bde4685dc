"""The state's bucket and key in the template."""

from __future__ import annotations

from typing import Any

from bootstrap.cloudformation.parts import ACCOUNT, document
from bootstrap.policies.scope import Scope
from components.aws.arns import bucket_arn
from components.aws.customer_key_policy import account_delegation
from components.aws.organization import no_outsiders
from components.aws.policy_document import policy_document
from components.aws.secure_bucket_policy import encryption_denies, tls_only

_NOTHING_PUBLIC = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)


def state(scope: Scope) -> dict[str, Any]:
    """The state's bucket and key, which stay when the CloudFormation stack goes."""
    name = scope.names.state
    bucket = f"{name}-{ACCOUNT}-{scope.hub_region}"
    kept = {"Condition": "IsHub", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    key_policy = policy_document([account_delegation(ACCOUNT, scope.hub_region)])
    arn = bucket_arn(scope.hub_region, bucket)
    bucket_policy = policy_document(
        [
            tls_only(arn),
            *encryption_denies(arn, "${StateKey.Arn}"),
            *no_outsiders(arn, ACCOUNT, scope.organization_id),
        ]
    )
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["StateKey", "Arn"]}}
    return {
        "StateKey": {
            "Type": "AWS::KMS::Key",
            **kept,
            "Properties": {"EnableKeyRotation": True, "KeyPolicy": document(key_policy)},
        },
        "StateKeyAlias": {
            "Type": "AWS::KMS::Alias",
            "Condition": "IsHub",
            "Properties": {"AliasName": f"alias/{name}", "TargetKeyId": {"Ref": "StateKey"}},
        },
        "StateBucket": {
            "Type": "AWS::S3::Bucket",
            **kept,
            "Properties": {
                "BucketName": {"Fn::Sub": bucket},
                "VersioningConfiguration": {"Status": "Enabled"},
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "PublicAccessBlockConfiguration": dict.fromkeys(_NOTHING_PUBLIC, True),
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {"BucketKeyEnabled": True, "ServerSideEncryptionByDefault": encryption}
                    ]
                },
            },
        },
        "StateBucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Condition": "IsHub",
            "Properties": {
                "Bucket": {"Ref": "StateBucket"},
                "PolicyDocument": document(bucket_policy),
            },
        },
    }
