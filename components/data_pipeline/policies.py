"""What the roles of a data pipeline may do, statement by statement, each with AWS's reason.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.aws.arns import log_group_arn, log_stream_arns
from components.aws.customer_key_policy import use_through_s3
from components.aws.policy_document import Statement, service_trust, statement
from components.pipeline.object_keys import (
    MANIFESTS,
    RAW,
    REJECTED,
    RUN_FILES,
    SCRIPTS,
    STAGING,
    TRANSFORMED,
    VERIFICATION,
    objects,
)


def hub_in_data_pipeline(
    *,
    bucket_arn: str,
    key_arn: str,
    job_arn: str,
    raw_keys: str,
    uploads: Sequence[str],
    region: str,
    is_replicated: bool = False,
) -> list[Statement]:
    """What the hub may do there: check that the raw file exists, run the job, read manifests.

    `raw_keys` is the raw file's key, with a wildcard for what changes from run to run; `uploads`
    are patterns of the keys whose uploads start runs, each on a version. `is_replicated` is for a
    pipeline on whose output ML pipelines train.
    """
    raw_file = f"{bucket_arn}/{raw_keys}"
    # S3 tells an object's replication status to HeadObject, which has no narrower action.
    status = statement("ReadReplicationStatus", "s3:GetObject", f"{bucket_arn}/{RUN_FILES}")
    return [
        # Without it S3 answers 403 instead of 404 for a file that isn't there yet, which ends the
        # sensor. No condition on a prefix: the sensor's HeadObject sends none.
        statement("FindRawFile", "s3:ListBucket", bucket_arn),
        statement(
            "ReadRawFileAndManifests",
            "s3:GetObject",
            [raw_file, f"{bucket_arn}/{MANIFESTS}"],
        ),
        *([status] if is_replicated else []),
        # Of the version that a run was started for, which may not be the current one any more.
        statement(
            "FindRawFileVersion",
            "s3:GetObjectVersion",
            [raw_file, *(f"{bucket_arn}/{keys}" for keys in (f"{VERIFICATION}*", *uploads))],
        ),
        use_through_s3("DecryptObjects", key_arn, region),
        # The operator reattaches to a run of the job or starts one, and follows it. It can't stop
        # one: a task that is retried reattaches to it.
        statement("RunJob", ["glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"], job_arn),
    ]


def glue_trust() -> str:
    """The trust of the job's role.

    Without a condition on the source: AWS documents none for Glue, and a condition key that isn't
    sent would keep the job from starting.
    """
    return service_trust("glue.amazonaws.com")


def glue_job(
    *, bucket_arn: str, key_arn: str, region: str, account_id: str, log_groups: str
) -> list[Statement]:
    """What the job may do: read raw files, publish training data, write logs and metrics."""
    return [
        *_glue_data(bucket_arn),
        use_through_s3("UseKey", key_arn, region, ["kms:Decrypt", "kms:GenerateDataKey"]),
        *_glue_logs(region, account_id, log_groups),
        # Glue reports the job's own metrics in the role's name. CloudWatch knows no resource for
        # this action; the namespace is the narrowest there is.
        statement(
            "ReportMetrics",
            "cloudwatch:PutMetricData",
            "*",
            {"StringEquals": {"cloudwatch:namespace": "Glue"}},
        ),
        # AWS's own narrow policy for a job's role has it; a security configuration has no ARN.
        statement("ReadSecurityConfiguration", "glue:GetSecurityConfiguration", "*"),
    ]


def folder_markers(bucket_arn: str) -> Statement:
    """What EMRFS, the S3 client of Glue before version 5.1, needs in order to write to `staging/`.

    It marks a folder with an object beside it that has the folder's name and `_$folder$` (Amazon
    EMR release guide, "Migration Guide: EMRFS to S3A Filesystem"). What is below `staging/` the job
    may write already.
    """
    marker = f"{bucket_arn}/{STAGING.removesuffix('/')}_$folder$"
    return statement("MarkStaging", ["s3:GetObject", "s3:PutObject"], marker)


def _glue_data(bucket_arn: str) -> list[Statement]:
    return [
        # Spark lists folders, and S3 needs it to answer 404 for a manifest that isn't there yet.
        statement("ListBucket", "s3:ListBucket", bucket_arn),
        statement(
            "ReadScriptAndData",
            "s3:GetObject",
            objects(bucket_arn, SCRIPTS, RAW, STAGING, TRANSFORMED),
        ),
        # The job copies one version of the raw file, and reads the copy.
        statement("CopyRawFileVersion", "s3:GetObjectVersion", objects(bucket_arn, RAW)),
        # Large parts go up in pieces, and an upload that failed is aborted.
        statement(
            "WriteData",
            ["s3:AbortMultipartUpload", "s3:PutObject"],
            objects(bucket_arn, STAGING, TRANSFORMED, REJECTED),
        ),
        # Spark's committer moves what it wrote; it does so in staging/ alone.
        statement("ClearStaging", "s3:DeleteObject", objects(bucket_arn, STAGING)),
    ]


def _glue_logs(region: str, account_id: str, log_groups: str) -> list[Statement]:
    return [
        # Both log groups exist already, yet Glue asks for these two before it writes to an
        # encrypted group; without them it silently logs nothing.
        statement(
            "PrepareLogGroups",
            ["logs:AssociateKmsKey", "logs:CreateLogGroup"],
            log_group_arn(region, account_id, log_groups),
        ),
        statement(
            "WriteLogs",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            log_stream_arns(region, account_id, log_groups),
        ),
    ]
