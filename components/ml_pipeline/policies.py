"""What the hub may do in an ML pipeline, statement by statement, each with AWS's reason.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from components.aws.customer_key_policy import use_through_s3
from components.aws.policy_document import Statement, statement
from components.network.interface_policies import InterfacePlace
from components.pipeline.object_keys import (
    CHOSEN_RUNS,
    COMBINED_FILES,
    CONFIG,
    MANIFESTS,
    RUNS,
    TRANSFORMED,
    objects,
)


def hub_in_ml_pipeline(
    *,
    bucket_arn: str,
    key_arn: str,
    region: str,
    training_jobs_arn: str,
    training_role_arn: str,
    function_arn: str,
    instance_type: str,
    max_runtime_seconds: int,
    instance_count: int,
    combines_runs: bool = False,
    tuning_jobs_arn: str | None = None,
    place: InterfacePlace | None = None,
) -> list[Statement]:
    """What the hub may do there: wait for a run's files, train on them, have them cleaned up.

    `training_jobs_arn` is the pattern of the pipeline's own training jobs. `combines_runs` is for
    a pipeline with several sources. `tuning_jobs_arn` is for one that tunes, which starts no
    training job itself: SageMaker starts those of a tuning job. `place` is the network in which
    it has to train, if there is one.
    """
    combining = [_combine(bucket_arn)] if combines_runs else []
    key_use = ["kms:Decrypt", "kms:GenerateDataKey"] if combines_runs else ["kms:Decrypt"]
    return [
        # Without it S3 answers 403 instead of 404 for a replica that isn't there yet, which ends
        # the sensor. No condition on a prefix: the sensor's HeadObject sends none.
        statement("FindReplicas", "s3:ListBucket", bucket_arn),
        statement(
            "ReadDataConfigAndSummaries",
            "s3:GetObject",
            objects(bucket_arn, TRANSFORMED, CONFIG, RUNS),
        ),
        *combining,
        use_through_s3("UseKey" if combining else "DecryptObjects", key_arn, region, key_use),
        _train(
            training_jobs_arn,
            tuning_jobs_arn,
            key_arn,
            instance_type=instance_type,
            max_runtime_seconds=max_runtime_seconds,
            instance_count=instance_count,
            place=place,
        ),
        # It can't stop a job: a task that waits for one is deferred, so no worker could stop it.
        statement("FollowTraining", "sagemaker:DescribeTrainingJob", training_jobs_arn),
        *([_follow_tuning(tuning_jobs_arn)] if tuning_jobs_arn else []),
        # The call that starts the jobs hands this role to SageMaker in the caller's name.
        statement(
            "HandOverTrainingRole",
            "iam:PassRole",
            training_role_arn,
            {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
        statement("CleanUp", "lambda:InvokeFunction", function_arn),
    ]


def _combine(bucket_arn: str) -> Statement:
    # The hub notes which runs a training takes, and copies their files into one run's folder: large
    # ones in parts, which it gives up where one fails.
    return statement(
        "CombineRuns",
        ["s3:AbortMultipartUpload", "s3:PutObject"],
        [f"{bucket_arn}/{key}" for key in (COMBINED_FILES, MANIFESTS, CHOSEN_RUNS)],
    )


def _follow_tuning(tuning_jobs_arn: str) -> Statement:
    # A tuning job only says that its training jobs have failed; the list says which, and why.
    return statement(
        "FollowTuning",
        [
            "sagemaker:DescribeHyperParameterTuningJob",
            "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
        ],
        tuning_jobs_arn,
    )


def _train(
    training_jobs_arn: str,
    tuning_jobs_arn: str | None,
    key_arn: str,
    *,
    instance_type: str,
    max_runtime_seconds: int,
    instance_count: int,
    place: InterfacePlace | None,
) -> Statement:
    """Lets the hub train as the configuration says: no dearer, no longer, encrypted, in its place.

    A comparison of a set is also true for an empty one, hence the `Null` beside it. AWS has no
    condition key for the number of instances, nor for spot (ADR 111), nor for that of the jobs of
    a tuning (ADR 122).
    """
    several = {"sagemaker:InterContainerTrafficEncryption": "true"} if instance_count > 1 else {}
    sid, action, jobs_arn = "Train", "CreateTrainingJob", training_jobs_arn
    if tuning_jobs_arn:
        sid, action, jobs_arn = "Tune", "CreateHyperParameterTuningJob", tuning_jobs_arn
    sets = {"sagemaker:InstanceTypes": [instance_type]}
    if place:
        sets["sagemaker:VpcSecurityGroupIds"] = place.group_ids
        sets["sagemaker:VpcSubnets"] = place.subnet_ids
    return statement(
        sid,
        f"sagemaker:{action}",
        jobs_arn,
        {
            "ArnEquals": {
                "sagemaker:OutputKmsKey": key_arn,
                "sagemaker:VolumeKmsKey": key_arn,
            },
            "Bool": {**several, "sagemaker:NetworkIsolation": "true"},
            "ForAllValues:StringEquals": sets,
            "Null": dict.fromkeys(sets, "false"),
            "NumericLessThanEquals": {"sagemaker:MaxRuntimeInSeconds": str(max_runtime_seconds)},
        },
    )
