"""What ties the hub to its pipelines."""

from __future__ import annotations

import json
from typing import Any

from tests.mocks import Recorded, evaluate_stack, stack_as_it_is
from tests.topologies import stack_topology

HUB = "111111111111"


def prod() -> Recorded:
    return stack_as_it_is("prod")


def values(recorded: Recorded) -> dict[str, Any]:
    """The connections by the name of their secret."""
    secrets = {entry.outputs["id"]: entry for entry in recorded.of_type("Secret")}
    return {
        secrets[entry.inputs["secretId"]].inputs["name"]: entry.document("secretString")
        for entry in recorded.of_type("SecretVersion")
        if not entry.name.endswith("-ring-value")
    }


class TestConnections:
    """One connection per pipeline, made of the pipeline's role and its outputs."""

    def test_each_pipeline_has_one(self) -> None:
        prefix = "unified-pipelines-prod-hub-airflow/connections/aws_crossaccount_role_conn_"
        pipelines = ("east1", "ireland", "west2", "ohio", "frankfurt")
        assert set(values(prod())) == {f"{prefix}{name}" for name in pipelines}

    def test_it_holds_the_role_s_arn_region_and_external_id(self) -> None:
        recorded = prod()
        for name, value in values(recorded).items():
            pipeline = name.rpartition("_")[2]
            role = recorded.one("Role", f"{pipeline}-crossaccount-role")
            password = recorded.one("RandomPassword", f"{pipeline}-crossaccount-external-id")
            external_id = password.outputs["result"]
            assert role.account_region is not None
            assert value == {
                "conn_type": "aws",
                "extra": {
                    "role_arn": role.outputs["arn"],
                    "region_name": role.account_region.region,
                    "assume_role_kwargs": {"ExternalId": external_id},
                    "config_kwargs": {"retries": {"mode": "standard", "max_attempts": 10}},
                },
            }
            trust = role.document("assumeRolePolicy")["Statement"][0]
            assert trust["Condition"]["StringEquals"] == {
                "sts:ExternalId": [external_id, f"{external_id}-1", f"{external_id}-2"]
            }

    def test_it_comes_after_the_role(self) -> None:
        recorded = prod()
        role = recorded.one("Role", "east1-crossaccount-role").urn
        assert role in recorded.one("SecretVersion", "hub-connections-east1-value").depends_on

    def test_secrets_are_in_the_hub(self) -> None:
        account_regions = {entry.account_region for entry in prod().of_type("SecretVersion")}
        assert {(p.account_id, p.region) for p in account_regions if p} == {
            ("333333333333", "us-east-1")
        }


class TestAssumedRoles:
    """The execution role may assume exactly the pipelines' roles."""

    def test_exactly_the_pipelines_roles(self) -> None:
        recorded = prod()
        allowed: set[str] = set()
        for policy in recorded.of_type("iam/policy:Policy"):
            (entry,) = policy.document("policy")["Statement"]
            assert entry["Action"] == "sts:AssumeRole"
            resources = entry["Resource"]
            allowed |= {resources} if isinstance(resources, str) else set(resources)
        assert allowed == {
            entry.outputs["arn"]
            for entry in recorded.of_type("iam/role:Role")
            if entry.name.endswith("-crossaccount-role")
        }

    def test_every_policy_is_attached_to_the_execution_role_and_the_rotations(self) -> None:
        recorded = prod()
        policies = [entry.outputs["arn"] for entry in recorded.of_type("iam/policy:Policy")]
        assert {
            (entry.inputs["role"], entry.inputs["policyArn"])
            for entry in recorded.of_type("RolePolicyAttachment")
        } == {
            (f"unified-pipelines-prod-hub-{purpose}", policy)
            for purpose in ("execution", "rotation")
            for policy in policies
        }


class TestDagTopology:
    """The DAGs get names, accounts and Regions, and no secret."""

    def content(self) -> str:
        return str(prod().one("BucketObjectv2", "hub-connections-dags-topology").inputs["content"])

    def test_of_a_data_pipeline(self) -> None:
        assert json.loads(self.content())["data_pipelines"]["east1"] == {
            "name": "east1",
            "connection_id": "aws_crossaccount_role_conn_east1",
            "account_id": "444444444444",
            "region": "us-east-1",
            "cross_account_role_arn": (
                "arn:aws:iam::444444444444:role/unified-pipelines-prod-east1-crossaccount"
            ),
            "bucket_name": "unified-pipelines-prod-east1-444444444444-us-east-1",
            "raw_key": "raw/ml_train_data.csv",
            "schedule": None,
            "timezone": "UTC",
            "catchup_from": None,
            "glue_job_name": "unified-pipelines-prod-east1-mwaa_glue_raw_to_transform",
            "glue_timeout_minutes": 120,
            "glue_max_concurrent_runs": 10,
        }

    def test_of_an_ml_pipeline(self) -> None:
        assert json.loads(self.content())["ml_pipelines"]["west2"] == {
            "name": "west2",
            "connection_id": "aws_crossaccount_role_conn_west2",
            "account_id": "444444444444",
            "region": "us-west-2",
            "cross_account_role_arn": (
                "arn:aws:iam::444444444444:role/unified-pipelines-prod-west2-crossaccount"
            ),
            "bucket_name": "unified-pipelines-prod-west2-444444444444-us-west-2",
            "source": "east1",
            "algorithm": "xgboost",
            "training_config_key": "config/training_config.json",
            "training_job_name_prefix": "unified-pipelines-prod-west2",
            "max_runtime_seconds": 14400,
            "cleanup_function_name": "unified-pipelines-prod-west2-dagcleanup",
            "cleanup_timeout_seconds": 300,
        }

    def test_names_all_pipelines_sorted_under_a_version(self) -> None:
        content = self.content()
        topology = json.loads(content)
        assert topology["version"] == 1
        assert list(topology["data_pipelines"]) == ["east1", "ireland"]
        assert list(topology["ml_pipelines"]) == ["frankfurt", "ohio", "west2"]
        assert content == json.dumps(topology, sort_keys=True, indent=2)

    def test_holds_no_secret(self) -> None:
        assert "generated-for-" not in self.content()
        assert (
            "content"
            not in prod().one("BucketObjectv2", "hub-connections-dags-topology").secret_inputs
        )


def test_a_stack_without_ml_pipelines() -> None:
    topology = stack_topology("dev")
    del topology["ml_pipelines"]
    recorded = evaluate_stack("dev", topology=topology)
    assert len(values(recorded)) == 1
    assert recorded.of_type("CrossRegionReplication") == []
    assert recorded.stack_outputs()["ml_pipelines"] == {}
