"""What the backups of Airflow's metadata take: to make one, and to restore it."""

from __future__ import annotations

from bootstrap.policies.scope import Scope
from components.aws.policy_document import Statement, statement
from components.backup.names import BACKUPS, function_name_of


def operator_on_backups(scope: Scope, region: str) -> list[Statement]:
    """The statements for an operator, who restores with their permissions in Airflow."""
    # A pattern, as of the pipelines' buckets: a template doesn't know the account's id yet, and a
    # long name is cut by its length. No other bucket has the prefix.
    bucket = scope.bucket_arn(f"{scope.prefix}-*-{scope.account_id}-{region}")
    return [
        statement("MakeBackup", "lambda:InvokeFunction", _function(scope)),
        statement(
            "FindBackups", "s3:ListBucket", bucket, {"StringLike": {"s3:prefix": f"{BACKUPS}*"}}
        ),
        statement("ReadBackups", "s3:GetObject", f"{bucket}/{BACKUPS}*"),
        statement(
            "DecryptBackups",
            "kms:Decrypt",
            scope.arn("kms", "key/*", region=region),
            {
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/{BACKUPS}*"],
                    "kms:ViaService": "s3.*",
                }
            },
        ),
    ]


def _function(scope: Scope) -> str:
    name = function_name_of(scope.names)
    return scope.arn("lambda", f"function:{name}", region=scope.hub_region)
