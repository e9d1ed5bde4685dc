"""An ML pipeline: what it is made of, in which order, and how it trains and cleans up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.aws.account_region import AccountRegion
from components.aws.arns import repository_arn_of
from components.ml_pipeline.training_config import training_config
from components.topology.model import MlPipeline, Training
from tests.components.pipeline_examples import (
    DATA_ACCOUNT,
    ML,
    OTHER_ACCOUNT,
    PREFIX,
    cross_account,
    ml_pipeline,
    policy,
    run,
    same_account,
    settings,
)
from tests.mocks import ROOT, Recorded

BUCKET = f"{PREFIX}-west2-{DATA_ACCOUNT}-us-west-2"
FUNCTION = f"{PREFIX}-west2-dagcleanup"


def urn_of(recorded: Recorded, type_: str, name: str) -> str:
    return recorded.one(type_, name).urn


def alone(pipeline: MlPipeline, *, preview: bool = False) -> Recorded:
    """An ML pipeline with nothing else in the stack."""

    def program() -> None:
        ml_pipeline(settings(), "west2", pipeline, OTHER_ACCOUNT)

    return run(program, preview=preview)


def key_arn(recorded: Recorded) -> str:
    arn: str = recorded.one("kms/key:Key", "west2-key").outputs["arn"]
    return arn


class TestTree:
    """Children are named after the pipeline, and are below it."""

    def test_it_is_made_of_these_components(self) -> None:
        recorded = same_account()
        pipeline = recorded.one("RegionalMlPipeline", "west2")
        assert pipeline.type == "unified-pipelines:index:RegionalMlPipeline"
        assert recorded.tree(pipeline.urn) == [
            ("CleanupFunction", "west2-dagcleanup"),
            ("CrossAccountRole", "west2-crossaccount"),
            ("CustomerKey", "west2"),
            ("SecureBucket", "west2"),
            ("TrainingSetup", "west2-training"),
        ]

    @pytest.mark.parametrize(
        ("class_name", "name", "children"),
        [
            (
                "CleanupFunction",
                "west2-dagcleanup",
                [
                    ("Function", "west2-dagcleanup-function"),
                    ("LogGroup", "west2-dagcleanup-logs"),
                    ("Role", "west2-dagcleanup-role"),
                    ("RolePolicy", "west2-dagcleanup-policy"),
                ],
            ),
            (
                "TrainingSetup",
                "west2-training",
                [
                    ("BucketObjectv2", "west2-training-config"),
                    ("Role", "west2-training-role"),
                    ("RolePolicy", "west2-training-policy"),
                ],
            ),
        ],
    )
    def test_they_are_made_of_these_resources(
        self, class_name: str, name: str, children: list[tuple[str, str]]
    ) -> None:
        recorded = same_account()
        assert recorded.tree(urn_of(recorded, class_name, name)) == children

    def test_all_of_it_is_in_the_pipelines_account_and_region(self) -> None:
        recorded = cross_account()
        below = recorded.below(urn_of(recorded, "RegionalMlPipeline", "west2"))
        account_regions = {
            each.account_region for each in below if each.custom and "random" not in each.type
        }
        assert account_regions == {AccountRegion(account_id=OTHER_ACCOUNT, region="us-west-2")}

    def test_no_log_group_is_made_that_the_account_shares(self) -> None:
        names = {each.inputs["name"] for each in same_account().of_type("LogGroup")}
        assert not [name for name in names if name.startswith("/aws/sagemaker")]


class TestTrainingConfig:
    """The configuration is a whole CreateTrainingJob request but for the run."""

    def test_its_defaults(self) -> None:
        recorded = same_account()
        config = recorded.one("BucketObjectv2", "west2-training-config")
        assert config.inputs["bucket"] == BUCKET
        assert config.inputs["key"] == "config/training_config.json"
        assert config.document("content") == {
            "AlgorithmSpecification": {
                "TrainingImage": (
                    "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:3.0-5"
                ),
                "TrainingInputMode": "File",
            },
            "RoleArn": f"arn:aws:iam::{DATA_ACCOUNT}:role/{PREFIX}-west2-sagemaker",
            "HyperParameters": {
                "eta": "0.2",
                "max_depth": "5",
                "num_round": "50",
                "objective": "binary:logistic",
            },
            "InputDataConfig": [_channel("train"), _channel("validation")],
            "OutputDataConfig": {
                "S3OutputPath": f"s3://{BUCKET}/models/run={{run}}/",
                "KmsKeyId": key_arn(recorded),
            },
            "ResourceConfig": {
                "InstanceType": "ml.m5.xlarge",
                "InstanceCount": 1,
                "VolumeSizeInGB": 30,
                "VolumeKmsKeyId": key_arn(recorded),
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
            "EnableNetworkIsolation": True,
        }

    def test_the_topology_decides_what_it_may_decide(self) -> None:
        config = cross_account().one("BucketObjectv2", "west2-training-config").document("content")
        assert config["ResourceConfig"]["InstanceType"] == "ml.c5.xlarge"
        assert config["ResourceConfig"]["InstanceCount"] == 2
        assert config["ResourceConfig"]["VolumeSizeInGB"] == 50
        assert config["StoppingCondition"] == {"MaxRuntimeInSeconds": 7200}
        assert config["HyperParameters"] == {
            "eta": "0.1",
            "max_depth": "5",
            "max_leaves": "31",
            "num_round": "50",
            "objective": "binary:logistic",
        }

    def test_an_objective_of_classes_takes_their_number_from_the_data(self) -> None:
        found = {
            given.get("num_class"): training_config(
                pipeline=MlPipeline(
                    account="a",
                    region="us-west-2",
                    source="east1",
                    training=Training(hyperparameters={"objective": "multi:softprob", **given}),
                ),
                role_arn="r",
                bucket_name="b",
                key_arn="k",
            )["HyperParameters"]["num_class"]
            for given in ({}, {"num_class": "4"})
        }
        assert found == {None: "{classes}", "4": "4"}

    def test_several_instances_share_the_training_rows_out(self) -> None:
        config = cross_account().one("BucketObjectv2", "west2-training-config").document("content")
        distributions = {
            channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3DataDistributionType"]
            for channel in config["InputDataConfig"]
        }
        assert distributions == {"train": "ShardedByS3Key", "validation": "FullyReplicated"}

    def test_several_instances_talk_encrypted(self) -> None:
        config = cross_account().one("BucketObjectv2", "west2-training-config").document("content")
        assert config["EnableInterContainerTrafficEncryption"] is True

    def test_a_chosen_image_is_used_and_may_be_fetched(self) -> None:
        image = f"{OTHER_ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com/team/trainer:7"
        pipeline = ML.model_copy(update={"training": Training(image=image)})
        recorded = alone(pipeline)
        config = recorded.one("BucketObjectv2", "west2-training-config").document("content")
        assert config["AlgorithmSpecification"]["TrainingImage"] == image
        granted = recorded.one("RolePolicy", "west2-training-policy").document("policy")
        (fetch,) = [each for each in granted["Statement"] if each["Sid"] == "FetchImage"]
        assert fetch["Resource"] == (
            f"arn:aws:ecr:us-west-2:{OTHER_ACCOUNT}:repository/team/trainer"
        )

    def test_spot_keeps_checkpoints_of_a_run_and_of_what_it_trains_with(self) -> None:
        def prefix(**given: str) -> str:
            training = Training(spot=True, max_wait_seconds=9000, hyperparameters=given)
            recorded = alone(ML.model_copy(update={"training": training}))
            config = recorded.one("BucketObjectv2", "west2-training-config").document("content")
            assert config["EnableManagedSpotTraining"] is True
            assert config["StoppingCondition"] == {
                "MaxRuntimeInSeconds": 3600,
                "MaxWaitTimeInSeconds": 9000,
            }
            granted = recorded.one("RolePolicy", "west2-training-policy").document("policy")
            (keep,) = [each for each in granted["Statement"] if each["Sid"] == "KeepCheckpoints"]
            assert keep["Resource"] == (
                f"arn:aws:s3:::{PREFIX}-west2-{OTHER_ACCOUNT}-us-west-2/checkpoints/*"
            )
            rules = recorded.one("BucketLifecycleConfiguration", "west2-lifecycle").inputs["rules"]
            assert [each["expiration"] for each in rules if "checkpoints" in each["id"]] == [
                {"days": 7}
            ]
            uri: str = config["CheckpointConfig"]["S3Uri"]
            return uri

        assert "/checkpoints/run={run}/" in prefix()
        assert prefix() == prefix()
        assert prefix(eta="0.1") != prefix(eta="0.2")

    def test_the_dag_waits_for_a_spot_instance_too(self) -> None:
        def longest(training: Training) -> int:
            found: list[int] = []

            def program() -> None:
                made = ml_pipeline(
                    settings(), "west2", ML.model_copy(update={"training": training}), DATA_ACCOUNT
                )
                found.append(made.connected.dag_entry["max_runtime_seconds"])

            run(program)
            return found[0]

        assert longest(Training(max_runtime_seconds=100)) == 100
        assert longest(Training(max_runtime_seconds=100, spot=True)) == 200
        assert longest(Training(spot=True, max_wait_seconds=5000)) == 5000

    def test_the_hub_may_train_with_the_configuration_and_nothing_dearer(self) -> None:
        for recorded in (same_account(), cross_account()):
            config = recorded.one("BucketObjectv2", "west2-training-config").document("content")
            granted = recorded.one("RolePolicy", "west2-crossaccount-policy").document("policy")
            (train,) = [each for each in granted["Statement"] if each["Sid"] == "Train"]
            condition = train["Condition"]
            assert (
                condition["ForAllValues:StringEquals"]["sagemaker:InstanceTypes"]
                == (config["ResourceConfig"]["InstanceType"])
            )
            limit = condition["NumericLessThanEquals"]["sagemaker:MaxRuntimeInSeconds"]
            assert limit == str(config["StoppingCondition"]["MaxRuntimeInSeconds"])
            keys = condition["ArnEquals"]
            assert keys["sagemaker:OutputKmsKey"] == config["OutputDataConfig"]["KmsKeyId"]
            assert keys["sagemaker:VolumeKmsKey"] == config["ResourceConfig"]["VolumeKmsKeyId"]


def _channel(name: str) -> dict[str, object]:
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3DataDistributionType": "FullyReplicated",
                "S3Uri": f"s3://{BUCKET}/{{{name}}}",
            }
        },
    }


class TestCleanup:
    """The function is the workload's own, logs where it was told to, and is called once a run."""

    def test_the_function(self) -> None:
        recorded = same_account()
        inputs = dict(recorded.one("lambda/function:Function").inputs)
        folder = ROOT / "workloads" / "lambda"
        code = inputs.pop("code")
        assert {name: file["path"] for name, file in code.items()} == {
            name: str(folder / name) for name in ("dagcleanup.py", "run_rows.py")
        }
        assert inputs == {
            "name": FUNCTION,
            "description": "Clears the data of finished runs of west2",
            "role": f"arn:aws:iam::{DATA_ACCOUNT}:role/{FUNCTION}",
            "runtime": "python3.12",
            "architectures": ["arm64"],
            "handler": "dagcleanup.handler",
            "timeout": 300,
            "memorySize": 256,
            "environment": {"variables": {"BUCKET_NAME": BUCKET, "KEEP_TRAINING_DATA_DAYS": "7"}},
            "kmsKeyArn": key_arn(recorded),
            "tracingConfig": {"mode": "Active"},
        }

    @pytest.mark.parametrize(("days", "rule_days"), [(0, 1), (30, 30)])
    def test_rows_are_deleted_at_once_or_kept_for_days(self, days: int, rule_days: int) -> None:
        recorded = alone(ML.model_copy(update={"keep_training_data_days": days}))
        granted = policy(recorded, "RolePolicy", "west2-dagcleanup-policy")["Statement"]
        actions = {each["Action"] for each in granted if isinstance(each["Action"], str)}
        assert ("s3:DeleteObjectVersion" in actions) == (days == 0)
        assert ("s3:PutObjectTagging" in actions) == (days > 0)
        # Rows that were marked before the days became 0 still go.
        rules = recorded.one("BucketLifecycleConfiguration", "west2-lifecycle").inputs["rules"]
        (rule,) = [each for each in rules if each["id"] == "expire-trained"]
        assert rule["filter"] == {"and": {"prefix": "transformed/", "tags": {"trained": "true"}}}
        assert rule["expiration"] == {"days": rule_days}

    def test_its_log_group_is_kept_for_as_long_as_said_and_encrypted(self) -> None:
        recorded = same_account()
        assert dict(recorded.one("LogGroup", "west2-dagcleanup-logs").inputs) == {
            "name": f"/aws/lambda/{FUNCTION}",
            "retentionInDays": 365,
            "kmsKeyId": key_arn(recorded),
        }

    @pytest.mark.parametrize(
        ("type_", "name"),
        [("RolePolicy", "west2-dagcleanup-policy"), ("LogGroup", "west2-dagcleanup-logs")],
    )
    def test_it_waits_for_its_permissions_and_its_log_group(self, type_: str, name: str) -> None:
        recorded = same_account()
        function = recorded.one("lambda/function:Function")
        assert urn_of(recorded, type_, name) in function.depends_on


class TestOrder:
    """The hub can train as soon as it finds the configuration."""

    @pytest.mark.parametrize(
        "name",
        [
            "west2-training-policy",
            "west2-policy",
            "west2-versioning",
            "west2-encryption",
            "west2-public-access-block",
        ],
    )
    def test_the_configuration_waits_for(self, name: str) -> None:
        recorded = same_account()
        waited = recorded.waits_for(urn_of(recorded, "BucketObjectv2", "west2-training-config"))
        (part,) = [each for each in recorded if each.name == name]
        assert part.urn in waited

    def test_it_waits_for_nothing_of_its_source(self) -> None:
        for recorded in (same_account(), cross_account()):
            pipeline = urn_of(recorded, "RegionalMlPipeline", "west2")
            for each in recorded.below(pipeline):
                assert "east1" not in str(recorded.waits_for(each.urn))


@pytest.mark.parametrize(("recorded", "protect"), [(same_account, False), (cross_account, True)])
def test_key_and_bucket_are_protected_where_the_stack_says_so(
    recorded: Callable[[], Recorded], *, protect: bool
) -> None:
    for type_, name in (("kms/key:Key", "west2-key"), ("s3/bucket:Bucket", "west2-bucket")):
        assert recorded().one(type_, name).protect is protect


def test_its_outputs() -> None:
    ml = same_account().result["ml"]
    expected = {
        "account_id": DATA_ACCOUNT,
        "region": "us-west-2",
        "bucket_name": BUCKET,
        "cross_account_role_name": f"{PREFIX}-west2-crossaccount",
        "cross_account_role_arn": f"arn:aws:iam::{DATA_ACCOUNT}:role/{PREFIX}-west2-crossaccount",
        "dag_entry": {
            "source": "east1",
            "algorithm": "xgboost",
            "training_config_key": "config/training_config.json",
            "training_job_name_prefix": f"{PREFIX}-west2",
            "max_runtime_seconds": 3600,
            "cleanup_function_name": FUNCTION,
            "cleanup_timeout_seconds": 300,
        },
        "outputs": {
            "account_id": DATA_ACCOUNT,
            "region": "us-west-2",
            "source": "east1",
            "training_job_name_prefix": f"{PREFIX}-west2",
            "tunes": False,
            "destination_bucket_name": BUCKET,
            "cross_account_role_arn": ml["cross_account_role_arn"],
            "connection_id": "aws_crossaccount_role_conn_west2",
            "cleanup_function_name": FUNCTION,
        },
    }
    assert {key: ml[key] for key in expected} == expected


class TestSeveralSources:
    """Each source's replication role is let in by name, and the hub may combine their runs."""

    SEVERAL = MlPipeline(account="ml", region="us-west-2", sources=("east1", "ireland"))

    def test_bucket_and_key_let_each_source_in(self) -> None:
        recorded = alone(self.SEVERAL)
        for type_, name, sid in (
            ("BucketPolicy", "west2-policy", "AcceptReplicas"),
            ("kms/key:Key", "west2-key", "AcceptReplicaEncryption"),
        ):
            statements = recorded.one(type_, name).document("policy")["Statement"]
            let_in = {
                each["Sid"]: each["Condition"]["ArnEquals"]["aws:PrincipalArn"]
                for each in statements
                if each["Sid"].startswith(sid)
            }
            assert let_in == {
                f"{sid}{source}": f"arn:aws:iam::{DATA_ACCOUNT}:role/{PREFIX}-{source}-replication"
                for source in ("east1", "ireland")
            }

    def test_the_hub_writes_what_it_combines_and_nothing_else(self) -> None:
        statements = policy(alone(self.SEVERAL), "RolePolicy", "west2-crossaccount-policy")
        writing = [each for each in statements["Statement"] if "s3:PutObject" in each["Action"]]
        bucket = f"arn:aws:s3:::{PREFIX}-west2-{OTHER_ACCOUNT}-us-west-2"
        assert [sorted(each["Resource"]) for each in writing] == [
            [
                f"{bucket}/runs/*/sources.json",
                f"{bucket}/transformed/run=*/_manifest.json",
                f"{bucket}/transformed/run=*/combined/*",
            ]
        ]


def test_on_a_first_preview_nothing_is_made_up() -> None:
    recorded = alone(ML, preview=True)
    assert "None" not in str([dict(each.inputs) for each in recorded])


class TestImage:
    """The image's repository is read from its address."""

    @pytest.mark.parametrize(
        ("image", "arn"),
        [
            (
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com/one:1.7-1",
                "arn:aws:ecr:eu-west-1:123456789012:repository/one",
            ),
            (
                "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a/b@sha256:00ff",
                "arn:aws-cn:ecr:cn-north-1:123456789012:repository/a/b",
            ),
        ],
    )
    def test_of_an_image_in_ecr(self, image: str, arn: str) -> None:
        assert repository_arn_of(image) == arn

    @pytest.mark.parametrize(
        "image",
        [
            "docker.io/library/python:3",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/no-tag",
            "12345.dkr.ecr.eu-west-1.amazonaws.com/one:1",
            "",
        ],
    )
    def test_another_is_refused_with_what_it_has_to_look_like(self, image: str) -> None:
        with pytest.raises(
            ValueError, match=r"is not an image in Amazon ECR: .*<repository>:<tag>"
        ):
            repository_arn_of(image)
