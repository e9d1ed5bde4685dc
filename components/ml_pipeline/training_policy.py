"""What SageMaker may do while it trains, statement by statement, each with AWS's reason.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from components.aws.arns import log_group_arn, log_stream_arns, service_arn
from components.aws.customer_key_policy import use_through_s3
from components.aws.policy_document import Statement, service_trust, statement
from components.network.interface_policies import InterfacePlace, training_interfaces
from components.pipeline.object_keys import CHECKPOINTS, MODELS, TRAINING_CODE, TRANSFORMED, objects

TRAINING_LOG_GROUP = "/aws/sagemaker/TrainingJobs"
"""The one group of all training jobs of an account and Region: SageMaker makes and shares it."""


def training_trust(*, region: str, account_id: str, tunes: bool = False) -> str:
    """The trust of the training role: SageMaker, for training jobs of this account and Region.

    With `tunes` for tuning jobs, too.
    """
    kinds = ("training-job", "hyper-parameter-tuning-job") if tunes else ("training-job",)
    jobs = [service_arn("sagemaker", region, account_id, f"{kind}/*") for kind in kinds]
    return service_trust(
        "sagemaker.amazonaws.com",
        condition={
            "ArnLike": {"aws:SourceArn": jobs if tunes else jobs[0]},
            "StringEquals": {"aws:SourceAccount": account_id},
        },
    )


def training(
    *,
    bucket_arn: str,
    key_arn: str,
    region: str,
    account_id: str,
    image_repository_arn: str,
    reads_code: bool = False,
    keeps_checkpoints: bool = False,
    place: InterfacePlace | None = None,
) -> list[Statement]:
    """What a training job may do: read its channels, write its model, fetch its image, log.

    `reads_code` is for a script, whose code is a channel, too; `keeps_checkpoints` for spot
    instances; `place` is the network, if it has one.
    """
    return [
        # SageMaker lists the channels' folders to find their files.
        statement("ListChannels", "s3:ListBucket", bucket_arn),
        statement("ReadChannels", "s3:GetObject", objects(bucket_arn, TRANSFORMED)),
        *([_read_code(bucket_arn)] if reads_code else []),
        *([_keep_checkpoints(bucket_arn)] if keeps_checkpoints else []),
        # The model goes up in pieces, and an upload that failed is aborted.
        statement(
            "WriteModel",
            ["s3:AbortMultipartUpload", "s3:PutObject"],
            objects(bucket_arn, MODELS),
        ),
        *_key_use(key_arn, region),
        *_image(image_repository_arn),
        *_logs(region, account_id),
        # The algorithm's metrics, in the role's name. CloudWatch knows no resource for this
        # action; the namespace is the narrowest there is.
        statement(
            "ReportMetrics",
            "cloudwatch:PutMetricData",
            "*",
            {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
        ),
        *(training_interfaces(place) if place else []),
    ]


def _read_code(bucket_arn: str) -> Statement:
    return statement("ReadCode", "s3:GetObject", objects(bucket_arn, TRAINING_CODE))


def _keep_checkpoints(bucket_arn: str) -> Statement:
    # They go up while the training runs, and come back when it goes on.
    return statement(
        "KeepCheckpoints",
        ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        objects(bucket_arn, CHECKPOINTS),
    )


def _key_use(key_arn: str, region: str) -> list[Statement]:
    return [
        use_through_s3("UseKey", key_arn, region, ["kms:Decrypt", "kms:GenerateDataKey"]),
        # SageMaker checks the output's key itself, before S3 is asked for anything.
        statement("CheckOutputKey", "kms:Encrypt", key_arn),
        # The training volume is encrypted by EBS, to which SageMaker gives a grant.
        statement(
            "GrantVolumeKey",
            "kms:CreateGrant",
            key_arn,
            {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]


def _image(repository_arn: str) -> list[Statement]:
    return [
        # A token is for the whole registry: ECR knows no resource for this action.
        statement("LogInToRegistry", "ecr:GetAuthorizationToken", "*"),
        statement(
            "FetchImage",
            [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            repository_arn,
        ),
    ]


def _logs(region: str, account_id: str) -> list[Statement]:
    return [
        # Whichever training job of the account comes first makes the group that all share.
        statement(
            "PrepareLogGroup",
            ["logs:CreateLogGroup", "logs:DescribeLogStreams"],
            [
                log_group_arn(region, account_id, TRAINING_LOG_GROUP),
                log_group_arn(region, account_id, f"{TRAINING_LOG_GROUP}:*"),
            ],
        ),
        statement(
            "WriteLogs",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            log_stream_arns(region, account_id, TRAINING_LOG_GROUP),
        ),
    ]
