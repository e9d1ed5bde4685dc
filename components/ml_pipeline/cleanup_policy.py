"""What the clean-up function may do, statement by statement, each with AWS's reason.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from components.aws.customer_key_policy import use_through_s3
from components.aws.policy_document import Condition, Statement, statement
from components.pipeline.object_keys import (
    MANIFESTS,
    RUN_PREFIXES,
    RUNS,
    TRAINED_TAG,
    TRANSFORMED,
    objects,
)


def cleanup(*, bucket_arn: str, key_arn: str, region: str, keeps_rows: bool) -> list[Statement]:
    """What the function may do to runs: delete or mark their parts, write summaries.

    It marks them where S3's lifecycle rule clears them (`keeps_rows`), and may delete nothing then.
    """
    return [
        *(_marking(bucket_arn) if keeps_rows else _deletion(bucket_arn)),
        *_summaries(bucket_arn),
        use_through_s3("UseKey", key_arn, region, ["kms:Decrypt", "kms:GenerateDataKey"]),
    ]


def _deletion(bucket_arn: str) -> list[Statement]:
    return [
        statement(
            "ListRunVersions",
            "s3:ListBucketVersions",
            bucket_arn,
            {"StringLike": {"s3:prefix": RUN_PREFIXES}},
        ),
        # Deleting without a version would only hide the data behind a marker, and keep it.
        statement("DeleteRunVersions", "s3:DeleteObjectVersion", objects(bucket_arn, TRANSFORMED)),
    ]


def _marking(bucket_arn: str) -> list[Statement]:
    key, value = TRAINED_TAG
    # The one tag that the lifecycle rule looks for: others could mean something to someone.
    condition: Condition = {
        "ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": [key]},
        "StringEquals": {f"s3:RequestObjectTag/{key}": value},
    }
    rows = objects(bucket_arn, TRANSFORMED)
    return [statement("MarkTrainedRows", "s3:PutObjectTagging", rows, condition)]


def _summaries(bucket_arn: str) -> list[Statement]:
    return [
        # Without it S3 answers 403 instead of 404 for a summary that isn't written yet. It is also
        # what lists the rows that are marked.
        statement("FindSummary", "s3:ListBucket", bucket_arn),
        statement(
            "ReadManifestsAndSummaries",
            "s3:GetObject",
            [f"{bucket_arn}/{MANIFESTS}", *objects(bucket_arn, RUNS)],
        ),
        statement("WriteSummary", "s3:PutObject", objects(bucket_arn, RUNS)),
    ]
