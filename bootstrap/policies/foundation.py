"""What a deploy role needs in every account: buckets, keys, roles, log groups and a budget."""

from __future__ import annotations

from bootstrap.policies.scope import Scope
from components.aws.policy_document import EVERYTHING, Condition, Statement, statement

_PASSED_TO = ("airflow", "events", "glue", "lambda", "s3", "vpc-flow-logs")


def foundation(scope: Scope) -> list[Statement]:
    """The statements for every account."""
    return [
        *_buckets(scope),
        *_keys(scope),
        *_roles(scope),
        *_log_groups(scope),
        statement(
            "Budget",
            [
                "budgets:ListTagsForResource",
                "budgets:ModifyBudget",
                "budgets:TagResource",
                "budgets:UntagResource",
                "budgets:ViewBudget",
            ],
            scope.arn("budgets", f"budget/{scope.prefix}-*", region=""),
        ),
    ]


def _buckets(scope: Scope) -> list[Statement]:
    buckets = scope.bucket_arn(f"{scope.prefix}-*")
    return [
        statement(
            "Buckets",
            [
                "s3:CreateBucket",
                "s3:DeleteBucket",
                "s3:DeleteBucketPolicy",
                "s3:GetAccelerateConfiguration",
                "s3:GetBucketAcl",
                "s3:GetBucketCORS",
                "s3:GetBucketLocation",
                "s3:GetBucketLogging",
                "s3:GetBucketNotification",
                "s3:GetBucketObjectLockConfiguration",
                "s3:GetBucketOwnershipControls",
                "s3:GetBucketPolicy",
                "s3:GetBucketPublicAccessBlock",
                "s3:GetBucketRequestPayment",
                "s3:GetBucketTagging",
                "s3:GetBucketVersioning",
                "s3:GetBucketWebsite",
                "s3:GetEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:GetReplicationConfiguration",
                "s3:ListBucket",
                "s3:ListBucketVersions",
                "s3:ListTagsForResource",
                "s3:PutBucketLogging",
                "s3:PutBucketNotification",
                "s3:PutBucketOwnershipControls",
                "s3:PutBucketPolicy",
                "s3:PutBucketPublicAccessBlock",
                "s3:PutBucketTagging",
                "s3:PutBucketVersioning",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
                "s3:PutReplicationConfiguration",
                "s3:TagResource",
                "s3:UntagResource",
            ],
            buckets,
        ),
        # A bucket is emptied before it is deleted: by the versions that a listing names, unread.
        statement("EmptyBuckets", "s3:DeleteObjectVersion", f"{buckets}/*"),
    ]


def _keys(scope: Scope) -> list[Statement]:
    """How a key is made; what a key's own policy allows the deploy role is written there."""
    ours = scope.tags
    return [
        statement(
            "NewKeys",
            ["kms:CreateKey", "kms:TagResource"],
            EVERYTHING,
            {"StringEquals": scope.request_tags()},
        ),
        *(
            statement(
                sid,
                "kms:TagResource",
                EVERYTHING,
                {
                    "Null": {f"aws:ResourceTag/{tag}": "false"},
                    "StringNotEquals": {f"aws:ResourceTag/{tag}": ours[tag]},
                },
                effect="Deny",
            )
            for sid, tag in (("NoKeyOfAnotherStack", "stack"), ("NoKeyOfAnotherProject", "project"))
        ),
        statement(
            "NoKeyOfAnotherName",
            "kms:TagResource",
            EVERYTHING,
            {
                "StringNotEquals": {"aws:ResourceTag/stack": ours["stack"]},
                "ForAnyValue:StringNotLike": {"kms:ResourceAliases": f"alias/{scope.prefix}-*"},
            },
            effect="Deny",
        ),
        statement(
            "KeyAliases",
            ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"],
            scope.arn("kms", f"alias/{scope.prefix}-*"),
        ),
        statement("ListAliases", "kms:ListAliases", EVERYTHING),
    ]


def _roles(scope: Scope) -> list[Statement]:
    roles = scope.iam_arn(f"role/{scope.prefix}-*")
    return [
        # All that gives a role permissions, and only within the boundary.
        statement(
            "NewRoles",
            ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            roles,
            _within_a_boundary(scope),
        ),
        statement(
            "Roles",
            [
                "iam:DeleteRole",
                "iam:DeleteRolePolicy",
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListInstanceProfilesForRole",
                "iam:ListRolePolicies",
                "iam:ListRoleTags",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
                "iam:UpdateRoleDescription",
            ],
            roles,
        ),
        statement(
            "PassRoles",
            "iam:PassRole",
            roles,
            {
                "StringEquals": {
                    "iam:PassedToService": [f"{service}.amazonaws.com" for service in _PASSED_TO]
                }
            },
        ),
    ]


def _within_a_boundary(scope: Scope) -> Condition:
    """The condition that the role has one of the account's boundaries, or gets it now.

    A role within an access's boundary can do no more than that access.
    """
    arns = [scope.boundary_arn, *map(scope.access_boundary_arn, scope.access_policies)]
    return {"StringEquals": {"iam:PermissionsBoundary": arns}}


def within_boundary(scope: Scope) -> dict[str, dict[str, str]]:
    """The condition that the role has the stack's boundary."""
    return {"StringEquals": {"iam:PermissionsBoundary": scope.boundary_arn}}


def _log_groups(scope: Scope) -> list[Statement]:
    return [
        statement(
            "LogGroups",
            [
                "logs:AssociateKmsKey",
                "logs:CreateLogGroup",
                "logs:DeleteLogGroup",
                "logs:ListTagsForResource",
                "logs:PutRetentionPolicy",
                "logs:TagResource",
                "logs:UntagResource",
            ],
            scope.log_groups(),
        ),
        statement("FindLogGroups", "logs:DescribeLogGroups", EVERYTHING),
    ]
