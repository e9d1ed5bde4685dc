"""A data pipeline: what it is made of, in which order, and how its job runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from components.aws.account_region import AccountRegion
from components.data_pipeline.glue_settings import glue_settings
from components.data_pipeline.policies import folder_markers
from components.topology.model import DataPipeline, GlueJob, Input, Split
from components.topology.model.data_pipeline import ColumnKind
from tests.components.pipeline_examples import (
    DATA,
    DATA_ACCOUNT,
    PREFIX,
    cross_account,
    data_pipeline,
    run,
    same_account,
    settings,
)
from tests.mocks import ROOT, Recorded, Registration

BUCKET = f"{PREFIX}-east1-{DATA_ACCOUNT}-us-east-1"
JOB = f"{PREFIX}-east1-mwaa_glue_raw_to_transform"


def urn_of(recorded: Recorded, type_: str, name: str) -> str:
    return recorded.one(type_, name).urn


def alone(pipeline: DataPipeline, *, preview: bool = False) -> Recorded:
    """A data pipeline with nothing else in the stack."""

    def program() -> None:
        data_pipeline(settings(), pipeline=pipeline)

    return run(program, preview=preview)


def job(recorded: Recorded) -> Registration:
    return recorded.one("glue/job:Job")


class TestTree:
    """Children are named after the pipeline, and are below it."""

    def test_it_is_made_of_these_components(self) -> None:
        recorded = same_account()
        pipeline = recorded.one("RegionalDataPipeline", "east1")
        assert pipeline.type == "unified-pipelines:index:RegionalDataPipeline"
        assert recorded.tree(pipeline.urn) == [
            ("CrossAccountRole", "east1-crossaccount"),
            ("CustomerKey", "east1"),
            ("GlueJob", "east1-glue"),
            ("SecureBucket", "east1"),
        ]

    def test_the_job_is_made_of_these_resources(self) -> None:
        recorded = same_account()
        assert recorded.tree(urn_of(recorded, "GlueJob", "east1-glue")) == [
            ("BucketObjectv2", "east1-glue-package"),
            ("BucketObjectv2", "east1-glue-script"),
            ("BucketObjectv2", "east1-glue-settings"),
            ("Job", "east1-glue-job"),
            ("LogGroup", "east1-glue-error-logs"),
            ("LogGroup", "east1-glue-output-logs"),
            ("Role", "east1-glue-role"),
            ("RolePolicy", "east1-glue-policy"),
            ("SecurityConfiguration", "east1-glue-security"),
        ]

    def test_all_of_it_is_in_the_pipelines_account_and_region(self) -> None:
        recorded = cross_account()
        below = recorded.below(urn_of(recorded, "RegionalDataPipeline", "east1"))
        account_regions = {
            each.account_region for each in below if each.custom and "random" not in each.type
        }
        assert account_regions == {AccountRegion(account_id=DATA_ACCOUNT, region="us-east-1")}


class TestJob:
    """The job runs as the topology says, encrypted, logged, and never twice by itself."""

    def test_its_defaults(self) -> None:
        inputs = job(same_account()).inputs
        assert inputs["name"] == JOB
        assert inputs["glueVersion"] == "5.1"
        assert inputs["workerType"] == "G.1X"
        assert inputs["numberOfWorkers"] == 2
        assert inputs["timeout"] == 60
        assert inputs["executionProperty"] == {"maxConcurrentRuns": 10}
        assert inputs["command"] == {
            "name": "glueetl",
            "pythonVersion": "3",
            "scriptLocation": f"s3://{BUCKET}/scripts/mwaa_glue_raw_to_transform.py",
        }

    def test_glue_itself_never_retries(self) -> None:
        assert job(same_account()).inputs["maxRetries"] == 0

    def test_no_run_may_override_its_arguments_or_its_code(self) -> None:
        inputs = job(same_account()).inputs
        assert "defaultArguments" not in inputs
        assert inputs["nonOverridableArguments"] == {
            "--TempDir": f"s3://{BUCKET}/staging/glue-temporary/",
            "--additional-python-modules": "",
            "--conf": "spark.hadoop.fs.s3a.endpoint.region=us-east-1",
            "--custom-logGroup-prefix": f"/aws-glue/{JOB}",
            "--drop_duplicates": "false",
            "--enable-continuous-cloudwatch-log": "true",
            "--enable-metrics": "true",
            "--extra-files": "",
            "--extra-jars": "",
            "--extra-py-files": f"s3://{BUCKET}/scripts/glue_package.zip",
            "--job-bookmark-option": "job-bookmark-disable",
            "--job-language": "python",
            "--label_column": "label",
            "--max_rejected_fraction": "0.1",
            "--min_rows": "10",
            "--scriptLocation": f"s3://{BUCKET}/scripts/mwaa_glue_raw_to_transform.py",
            "--settings_key": "scripts/glue_settings.json",
        }

    def test_a_glue_that_marks_folders_may_mark_the_one_it_writes_to(self) -> None:
        granted = {
            version: alone(
                DataPipeline(account="data", region="us-east-1", glue=GlueJob(version=version))
            )
            .one("RolePolicy", "east1-glue-policy")
            .document("policy")["Statement"]
            for version in ("5.0", "5.1")
        }
        assert [one for one in granted["5.0"] if one not in granted["5.1"]] == [
            folder_markers(f"arn:aws:s3:::{BUCKET}")
        ]

    def test_the_topology_decides_what_it_may_decide(self) -> None:
        chosen = DataPipeline(
            account="data",
            region="us-east-1",
            raw_key="raw/{date}/{hour}.csv",
            label_column="churned",
            max_rejected_fraction=0.25,
            drop_duplicates=True,
            min_rows=500,
            glue=GlueJob(
                version="5.0",
                worker_type="G.2X",
                workers=5,
                timeout_minutes=90,
                max_concurrent_runs=3,
            ),
        )
        recorded = alone(chosen)
        inputs = job(recorded).inputs
        assert (inputs["glueVersion"], inputs["workerType"]) == ("5.0", "G.2X")
        assert (inputs["numberOfWorkers"], inputs["timeout"]) == (5, 90)
        assert inputs["executionProperty"] == {"maxConcurrentRuns": 3}
        assert inputs["nonOverridableArguments"]["--label_column"] == "churned"
        assert inputs["nonOverridableArguments"]["--max_rejected_fraction"] == "0.25"
        assert inputs["nonOverridableArguments"]["--drop_duplicates"] == "true"
        assert inputs["nonOverridableArguments"]["--min_rows"] == "500"
        hub = recorded.one("RolePolicy", "east1-crossaccount-policy").document("policy")
        assert f"arn:aws:s3:::{BUCKET}/raw/*/*.csv" in hub["Statement"][1]["Resource"]

    def test_everything_it_writes_is_encrypted_with_the_pipelines_key(self) -> None:
        recorded = same_account()
        key_arn = recorded.one("kms/key:Key", "east1-key").outputs["arn"]
        security = recorded.one("SecurityConfiguration")
        assert security.inputs["encryptionConfiguration"] == {
            "cloudwatchEncryption": {
                "cloudwatchEncryptionMode": "SSE-KMS",
                "kmsKeyArn": key_arn,
            },
            "jobBookmarksEncryption": {
                "jobBookmarksEncryptionMode": "CSE-KMS",
                "kmsKeyArn": key_arn,
            },
            "s3Encryption": {"kmsKeyArn": key_arn, "s3EncryptionMode": "SSE-KMS"},
        }
        assert job(recorded).inputs["securityConfiguration"] == security.inputs["name"]

    def test_a_security_configuration_is_deleted_before_its_successor_takes_the_name(self) -> None:
        assert same_account().one("SecurityConfiguration").delete_before_replace

    @pytest.mark.parametrize("kind", ["error", "output"])
    def test_its_log_groups_are_kept_for_as_long_as_said_and_encrypted(self, kind: str) -> None:
        recorded = same_account()
        group = recorded.one("LogGroup", f"east1-glue-{kind}-logs").inputs
        security = recorded.one("SecurityConfiguration").inputs["name"]
        role = recorded.one("iam/role:Role", "east1-glue-role").inputs["name"]
        assert group["name"] == f"/aws-glue/{JOB}/{security}-role/{role}/{kind}"
        assert group["retentionInDays"] == 365
        assert group["kmsKeyId"] == recorded.one("kms/key:Key", "east1-key").outputs["arn"]

    def test_its_script_is_the_workloads_own(self) -> None:
        script = same_account().one("BucketObjectv2", "east1-glue-script").inputs
        assert script["bucket"] == BUCKET
        assert script["key"] == "scripts/mwaa_glue_raw_to_transform.py"
        path = ROOT / "workloads" / "glue" / "mwaa_glue_raw_to_transform.py"
        assert script["source"]["path"] == str(path)

    def test_its_settings_are_the_pinned_columns_and_who_trains_on_them(self) -> None:
        pipeline = DataPipeline(
            account="data",
            region="us-east-1",
            columns={"city": ColumnKind(kind="category")},
            split=Split(by="group", column="city"),
        )
        trainings = {"west2": {"objective": "multi:softmax", "num_class": "3", "eta": "1"}}
        assert glue_settings(pipeline, {**trainings, "a": {"objective": "reg:linear"}}) == {
            "input": Input().settings(),
            "columns": {"city": {"kind": "category", "max_categories": 50}},
            "split": {"by": "group", "column": "city"},
            "trainings": [
                {"name": "a", "objective": "reg:linear", "classes": None},
                {"name": "west2", "objective": "multi:softmax", "classes": 3},
            ],
        }
        settings = same_account().one("BucketObjectv2", "east1-glue-settings").inputs
        assert settings["key"] == "scripts/glue_settings.json"
        written = json.loads(settings["source"]["text"])
        assert written["columns"] == {}
        assert re.fullmatch(r"[0-9a-f]{16}", written["program"]["job_code"])
        assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", written["program"]["version"])

    def test_its_package_is_every_module_beside_the_script(self) -> None:
        package = same_account().one("BucketObjectv2", "east1-glue-package").inputs
        assert (package["bucket"], package["key"]) == (BUCKET, "scripts/glue_package.zip")
        folder = ROOT / "workloads"
        modules = {path for path in (folder / "glue").glob("*.py") if "mwaa" not in path.name}
        assert {name: each["path"] for name, each in package["source"].items()} == {
            path.relative_to(ROOT).as_posix(): str(path)
            for path in {*modules, folder / "__init__.py"}
        }


class TestOrder:
    """A job that can be started has its permissions, its script and its log groups."""

    @pytest.mark.parametrize(
        ("type_", "name"),
        [
            ("RolePolicy", "east1-glue-policy"),
            ("BucketObjectv2", "east1-glue-package"),
            ("BucketObjectv2", "east1-glue-script"),
            ("BucketObjectv2", "east1-glue-settings"),
            ("LogGroup", "east1-glue-error-logs"),
            ("LogGroup", "east1-glue-output-logs"),
            ("SecurityConfiguration", "east1-glue-security"),
        ],
    )
    def test_the_job_waits_for(self, type_: str, name: str) -> None:
        recorded = same_account()
        assert urn_of(recorded, type_, name) in recorded.waits_for(job(recorded).urn)

    @pytest.mark.parametrize(
        "role", ["policy", "versioning", "encryption", "public-access-block", "ownership"]
    )
    def test_nothing_is_uploaded_before_the_bucket_is(self, role: str) -> None:
        recorded = same_account()
        waited = recorded.waits_for(urn_of(recorded, "BucketObjectv2", "east1-glue-script"))
        (part,) = [each for each in recorded if each.name == f"east1-{role}"]
        assert part.urn in waited

    def test_it_waits_for_nothing_of_the_ml_pipeline(self) -> None:
        recorded = same_account()
        pipeline = urn_of(recorded, "RegionalDataPipeline", "east1")
        for each in recorded.below(pipeline):
            assert "west2" not in str(recorded.waits_for(each.urn))


def expiring(recorded: Recorded) -> dict[str, int]:
    """The days after which current objects go, by prefix."""
    rules = recorded.one("BucketLifecycleConfiguration", "east1-lifecycle").inputs["rules"]
    return {
        rule["filter"]["prefix"]: rule["expiration"]["days"]
        for rule in rules
        if "days" in rule.get("expiration", {})
    }


def test_staging_is_cleared_after_a_day_and_a_runs_output_stays() -> None:
    assert expiring(same_account()) == {"staging/": 1, "raw/verification/": 1}


def test_a_runs_output_goes_after_the_days_that_were_chosen() -> None:
    recorded = alone(DATA.model_copy(update={"output_retention_days": 30}))
    assert expiring(recorded) == {
        "staging/": 1,
        "raw/verification/": 1,
        "transformed/": 30,
        "rejected/": 30,
    }


@pytest.mark.parametrize(("recorded", "protect"), [(same_account, False), (cross_account, True)])
def test_key_and_bucket_are_protected_where_the_stack_says_so(
    recorded: Callable[[], Recorded], *, protect: bool
) -> None:
    registered = recorded()
    for type_, name in (("kms/key:Key", "east1-key"), ("s3/bucket:Bucket", "east1-bucket")):
        assert registered.one(type_, name).protect is protect


def test_its_outputs() -> None:
    data = same_account().result["data"]
    expected = {
        "account_id": DATA_ACCOUNT,
        "region": "us-east-1",
        "bucket_name": BUCKET,
        "cross_account_role_name": f"{PREFIX}-east1-crossaccount",
        "cross_account_role_arn": f"arn:aws:iam::{DATA_ACCOUNT}:role/{PREFIX}-east1-crossaccount",
        "dag_entry": {
            "raw_key": "raw/ml_train_data.csv",
            "schedule": None,
            "timezone": "UTC",
            "catchup_from": None,
            "glue_job_name": JOB,
            "glue_timeout_minutes": 60,
            "glue_max_concurrent_runs": 10,
        },
        "outputs": {
            "account_id": DATA_ACCOUNT,
            "region": "us-east-1",
            "raw_key": "raw/ml_train_data.csv",
            "timezone": "UTC",
            "label_column": "label",
            "on_upload": None,
            "takes_sample": True,
            "source_bucket_name": BUCKET,
            "cross_account_role_arn": data["cross_account_role_arn"],
            "connection_id": "aws_crossaccount_role_conn_east1",
            "glue_job_name": JOB,
            "batch_replication_role_arn": f"arn:aws:iam::{DATA_ACCOUNT}:role/{PREFIX}-east1-batch",
        },
    }
    assert {key: data[key] for key in expected} == expected


def test_on_a_first_preview_nothing_is_made_up() -> None:
    recorded = alone(DATA, preview=True)
    assert "None" not in str([dict(each.inputs) for each in recorded])
    assert job(recorded).inputs["name"] == JOB
