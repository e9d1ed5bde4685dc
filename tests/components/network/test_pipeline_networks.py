"""Pipelines in networks: what their jobs and functions are given, and what their roles may do."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from tests.contracts.evaluated_policies import decision
from tests.mock_outputs import EXISTING_VPC
from tests.mocks import Recorded, evaluate_stack, private_stack, stack_as_it_is
from tests.permission_reasons import listed
from tests.topologies import pipelines_of, stack_topology

SUBNETS = ["subnet-0123456789abcdef3", "subnet-0123456789abcdef1", "subnet-0123456789abcdef0"]
ZONES = ["us-east-1c", "us-east-1b", "us-east-1a"]
GROUP = "sg-0123456789abcdef0"
OWNER = "222222222222"
REGION, FAR = "us-east-1", "us-west-2"


def network(subnet_ids: list[str]) -> dict[str, Any]:
    return {"vpc_id": EXISTING_VPC, "subnet_ids": subnet_ids, "security_group_ids": [GROUP]}


@functools.cache
def existing(*, tunes: bool = False) -> Recorded:
    topology = stack_topology("dev")
    for pipeline in pipelines_of(topology).values():
        pipeline["network"] = network(SUBNETS)
    if tunes:
        topology["ml_pipelines"]["west2"]["training"] = {
            "tuning": {
                "objective": {"metric": "validation:auc", "goal": "maximize"},
                "parameters": {"eta": {"min": 0.1, "max": 0.3}},
            }
        }
    return evaluate_stack("dev", topology=topology)


def policy(recorded: Recorded, role: str) -> dict[str, Any]:
    return recorded.one("RolePolicy", f"{role}-policy").document("policy")


def statements(recorded: Recorded, role: str) -> dict[str, Any]:
    return {each["Sid"]: each for each in policy(recorded, role)["Statement"]}


class TestExisting:
    """A network that is there already: its ids go to all of the pipeline's work."""

    def test_a_glue_job_has_a_connection_to_each_subnet_in_its_order(self) -> None:
        recorded = existing()
        connections = [
            recorded.one("glue/connection:Connection", f"east1-glue-connection-{number}").inputs
            for number in (1, 2, 3)
        ]
        assert [each["physicalConnectionRequirements"] for each in connections] == [
            {"subnetId": subnet, "availabilityZone": zone, "securityGroupIdLists": [GROUP]}
            for subnet, zone in zip(SUBNETS, ZONES, strict=True)
        ]
        assert {each["connectionType"] for each in connections} == {"NETWORK"}
        job = recorded.one("glue/job:Job").inputs
        assert job["connections"] == [each["name"] for each in connections]
        assert job["nonOverridableArguments"]["--disable-proxy-v2"] == "true"

    def test_training_and_the_function_are_in_it(self) -> None:
        recorded = existing()
        request = recorded.one("BucketObjectv2", "west2-training-config").document("content")
        assert request["VpcConfig"] == {"SecurityGroupIds": [GROUP], "Subnets": SUBNETS}
        function = recorded.one("lambda/function:Function", "west2-dagcleanup-function").inputs
        assert function["vpcConfig"] == {"subnetIds": SUBNETS, "securityGroupIds": [GROUP]}

    def test_the_jobs_of_a_tuning_are_in_it_too(self) -> None:
        recorded = existing(tunes=True)
        request = recorded.one("BucketObjectv2", "west2-training-config").document("content")
        assert request["TrainingJobDefinition"]["VpcConfig"]["Subnets"] == SUBNETS
        tune = statements(recorded, "west2-crossaccount")["Tune"]
        assert tune["Condition"]["Null"]["sagemaker:VpcSubnets"] == "false"

    def test_the_stack_makes_no_network_for_it(self) -> None:
        made = [entry.name for entry in existing() if "PrivateWorkNetwork" in entry.urn]
        assert made == []

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            ("subnet-0123456789abcdeff", "in the pipeline's account and Region"),
            ("subnet-0123456789abcdef2", "are all in us-east-1b"),
        ],
    )
    def test_one_that_is_otherwise_is_refused_at_preview(self, other: str, said: str) -> None:
        topology = stack_topology("dev")
        topology["data_pipelines"]["east1"]["network"] = network([SUBNETS[1], other])
        with pytest.raises(pulumi.RunError, match=said) as refusal:
            evaluate_stack("dev", topology=topology, preview=True)
        assert "data_pipelines.east1.network.subnet_ids: " in str(refusal.value)
        assert other in str(refusal.value)


def test_without_a_network_nothing_is_in_one() -> None:
    recorded = stack_as_it_is("dev")
    assert recorded.of_type("glue/connection:Connection") == []
    assert "connections" not in recorded.one("glue/job:Job").inputs
    request = recorded.one("BucketObjectv2", "west2-training-config").document("content")
    assert "VpcConfig" not in request
    assert not any(sid.endswith("Interfaces") for sid in statements(recorded, "east1-glue"))


ALLOWED = {"sagemaker:VpcSubnets": SUBNETS, "sagemaker:VpcSecurityGroupIds": [GROUP]}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "Allow"),
        ({"sagemaker:VpcSubnets": SUBNETS[:1]}, "Allow"),
        ({"sagemaker:VpcSubnets": [*SUBNETS, "subnet-99999999"]}, "ImplicitDeny"),
        ({"sagemaker:VpcSecurityGroupIds": ["sg-99999999"]}, "ImplicitDeny"),
        ({"sagemaker:VpcSubnets": None}, "ImplicitDeny"),
        ({"sagemaker:VpcSecurityGroupIds": None}, "ImplicitDeny"),
    ],
)
def test_the_hub_trains_in_the_pipeline_s_network_alone(
    changed: Mapping[str, Any], expected: str
) -> None:
    document = policy(existing(), "west2-crossaccount")
    (train,) = [each for each in document["Statement"] if each["Sid"] == "Train"]
    key_arn = train["Condition"]["ArnEquals"]["sagemaker:OutputKmsKey"]
    conditions = {
        "sagemaker:OutputKmsKey": key_arn,
        "sagemaker:VolumeKmsKey": key_arn,
        "sagemaker:NetworkIsolation": "true",
        "sagemaker:InstanceTypes": ["ml.m5.xlarge"],
        "sagemaker:MaxRuntimeInSeconds": "3600",
        **ALLOWED,
        **changed,
    }
    job = f"arn:aws:sagemaker:{FAR}:{OWNER}:training-job/unified-pipelines-dev-west2-x"
    known = {key: value for key, value in conditions.items() if value is not None}
    assert (
        decision([document], "sagemaker:CreateTrainingJob", job, region=FAR, conditions=known)
        == expected
    )


@pytest.mark.parametrize(("role", "region"), [("east1-glue", REGION), ("west2-training", FAR)])
def test_a_job_s_role_makes_interfaces_in_its_subnets_alone(role: str, region: str) -> None:
    document = policy(existing(), role)
    start = f"arn:aws:ec2:{region}:{OWNER}"
    interface = f"{start}:network-interface/eni-11111111"

    def may(action: str, resource: str, **conditions: str) -> bool:
        keys = {key.replace("_", ":"): value for key, value in conditions.items()}
        found = decision([document], f"ec2:{action}", resource, region=region, conditions=keys)
        return found == "Allow"

    assert may("CreateNetworkInterface", f"{start}:subnet/{SUBNETS[0]}")
    assert may("CreateNetworkInterface", f"{start}:security-group/{GROUP}")
    assert not may("CreateNetworkInterface", f"{start}:subnet/subnet-99999999")
    assert not may("CreateNetworkInterface", f"{start}:security-group/sg-99999999")
    here, elsewhere = f"{start}:subnet/{SUBNETS[0]}", f"{start}:subnet/subnet-99999999"
    assert may("DeleteNetworkInterface", interface, ec2_Subnet=here)
    assert not may("DeleteNetworkInterface", interface, ec2_Subnet=elsewhere)
    assert not may("DeleteNetworkInterface", interface)


def test_glue_tags_interfaces_with_its_own_tag_alone() -> None:
    document = policy(private_stack(), "east1-glue")
    interface = f"arn:aws:ec2:{REGION}:{OWNER}:network-interface/eni-11111111"
    for tag, expected in (("aws-glue-service-resource", "Allow"), ("Name", "ImplicitDeny")):
        found = decision(
            [document],
            "ec2:CreateTags",
            interface,
            region=REGION,
            conditions={"aws:TagKeys": [tag]},
        )
        assert found == expected


def test_a_function_s_own_code_makes_no_interfaces() -> None:
    made = statements(private_stack(), "west2-dagcleanup")["NetworkInterfaces"]
    assert made["Condition"] == {"Null": {"lambda:SourceFunctionArn": "true"}}


class TestOwn:
    """A network of the pipeline's own has no way but to the endpoints."""

    def test_it_is_in_the_pipeline_s_account_and_region(self) -> None:
        vpc = private_stack().one("ec2/vpc:Vpc", "west2-network-vpc")
        assert vpc.account_region is not None
        assert (vpc.account_region.account_id, vpc.account_region.region) == (OWNER, FAR)
        assert vpc.inputs["cidrBlock"] == "10.194.0.0/20"

    def test_no_route_leads_out_of_it(self) -> None:
        recorded = private_stack()
        names = {entry.name for entry in recorded if "PrivateWorkNetwork" in entry.urn}
        kinds = {entry.type.split(":")[-1] for entry in recorded if entry.name in names}
        assert names
        assert not kinds & {"Route", "InternetGateway", "NatGateway"}

    def test_only_a_glue_job_has_interface_endpoints(self) -> None:
        endpoints = [
            (entry.name, entry.inputs["serviceName"])
            for entry in private_stack().of_type("ec2/vpcEndpoint:VpcEndpoint")
            if "PrivateWorkNetwork" in entry.urn
        ]
        assert sorted(endpoints) == [
            ("east1-network-glue-endpoint", f"com.amazonaws.{REGION}.glue"),
            ("east1-network-monitoring-endpoint", f"com.amazonaws.{REGION}.monitoring"),
            ("east1-network-s3-endpoint", f"com.amazonaws.{REGION}.s3"),
            ("west2-network-s3-endpoint", f"com.amazonaws.{FAR}.s3"),
        ]

    def test_its_endpoints_are_for_the_pipeline_s_account_alone(self) -> None:
        for entry in private_stack().of_type("ec2/vpcEndpoint:VpcEndpoint"):
            if "PrivateWorkNetwork" in entry.urn:
                (allowed,) = entry.document("policy")["Statement"]
                accounts = allowed["Condition"]["StringEquals"]["aws:PrincipalAccount"]
                assert listed(accounts) == [OWNER]

    @pytest.mark.parametrize(
        "needing",
        [
            ("glue/connection:Connection", "east1-glue-connection-1"),
            ("BucketObjectv2", "west2-training-config"),
            ("lambda/function:Function", "west2-dagcleanup-function"),
        ],
    )
    def test_work_waits_for_its_ways(self, needing: tuple[str, str]) -> None:
        recorded = private_stack()
        waits = recorded.waits_for(recorded.one(*needing).urn)
        network = f"{needing[1].partition('-')[0]}-network"
        for part in ("s3-endpoint", "to-s3", "private-1-association", "from-itself"):
            assert any(urn.endswith(f"::{network}-{part}") for urn in waits), part
