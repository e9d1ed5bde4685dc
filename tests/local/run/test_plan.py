"""What a run has to do, as the topology says."""

from __future__ import annotations

from pathlib import Path

import yaml

from components.aws.account_region import AccountRegion
from local.run.data_files import DataFiles
from local.run.options import Options
from local.run.plan import Plan
from local.run.preparation import prepare
from local.run.run_directory import CHECKOUT
from tests.mocks import stack_as_it_is


def plan_of(stack: str) -> Plan:
    return prepare(
        Options(stack=stack, data=DataFiles(), keep=False, directory=Path("unused"))
    ).plan


def test_several_pipelines_in_several_accounts() -> None:
    plan = plan_of("prod")
    ml_pipelines = {pipeline.name: pipeline.ml_pipelines for pipeline in plan.data_pipelines}

    assert ml_pipelines == {"east1": ("ohio", "west2"), "ireland": ("frankfurt",)}
    assert plan.hub == AccountRegion(account_id="333333333333", region="us-east-1")
    assert [pipeline.account_region.region for pipeline in plan.ml_pipelines] == [
        "eu-central-1",
        "us-east-2",
        "us-west-2",
    ]
    text = (CHECKOUT / "stacks" / "Pulumi.prod.yaml").read_text(encoding="utf-8")
    topology = yaml.safe_load(text)["config"]["unified-pipelines:topology"]
    assert set(plan.accounts) == {account["id"] for account in topology["accounts"].values()}
    assert plan.prefix == "unified-pipelines-prod"
    assert plan.regions == ("eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2")


def test_the_longest_job_is_the_longest_that_a_pipeline_allows(tmp_path: Path) -> None:
    text = (CHECKOUT / "stacks" / "Pulumi.local.yaml").read_text(encoding="utf-8")
    stack = yaml.safe_load(text)
    topology = stack["config"]["unified-pipelines:topology"]
    (data,), (ml,) = topology["data_pipelines"].values(), topology["ml_pipelines"].values()
    file = tmp_path / "limits.yaml"

    def longest(glue_minutes: int, training_seconds: int) -> int:
        data["glue"] = {**data.get("glue", {}), "timeout_minutes": glue_minutes}
        ml["training"] = {**ml.get("training", {}), "max_runtime_seconds": training_seconds}
        file.write_text(yaml.safe_dump(stack), encoding="utf-8")
        return plan_of(str(file)).longest_job_seconds

    assert longest(120, 3600) == 7200
    assert longest(1, 3600) == 3600


def test_what_an_image_of_a_teams_own_trains_is_deployed_and_not_run(tmp_path: Path) -> None:
    text = (CHECKOUT / "stacks" / "Pulumi.prod.yaml").read_text(encoding="utf-8")
    stack = yaml.safe_load(text)
    ohio = stack["config"]["unified-pipelines:topology"]["ml_pipelines"]["ohio"]
    image = "123456789012.dkr.ecr.us-east-2.amazonaws.com/model:1"
    ohio["training"] = {"algorithm": "custom", "image": image}
    file = tmp_path / "images.yaml"
    file.write_text(yaml.safe_dump(stack), encoding="utf-8")

    plan = plan_of(str(file))

    assert plan.own_images == ("ohio",)
    assert [pipeline.name for pipeline in plan.ml_pipelines] == ["frankfurt", "west2"]
    assert plan.data_pipelines[0].ml_pipelines == ("west2",)


def test_the_names_are_those_that_the_program_deploys() -> None:
    outputs = stack_as_it_is("prod").stack_outputs()
    plan = plan_of("prod")

    assert plan.environment == outputs["environment_name"]
    assert {pipeline.name: pipeline.bucket for pipeline in plan.data_pipelines} == {
        name: entry["source_bucket_name"] for name, entry in outputs["data_pipelines"].items()
    }
    assert {pipeline.name: pipeline.bucket for pipeline in plan.ml_pipelines} == {
        name: entry["destination_bucket_name"] for name, entry in outputs["ml_pipelines"].items()
    }
