"""The hub's network without a way to the Internet, as the whole program makes it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from components.network.endpoint_policy import endpoint_policy
from tests.mocks import Recorded, Registration, evaluate_stack
from tests.policy_documents import policy_documents
from tests.topologies import stack_topology

FAR = "us-west-2"
OF_HUB = {
    *("airflow.api", "airflow.env", "airflow.ops", "ecr.api", "ecr.dkr", "glue", "kms"),
    *("logs", "monitoring", "secretsmanager", "sns", "sqs", "sts"),
}


@cache
def private(hub_region: str = "us-east-1") -> Recorded:
    """The stack `dev` with uploads and notifications, its hub private."""
    topology = stack_topology("dev")
    topology["hub"] |= {"region": hub_region, "network": {"mode": "private"}}
    topology["data_pipelines"]["east1"]["start"] = {"on_upload": "raw/incoming/*.csv"}
    topology["notifications"] = {"emails": ["a@example.com"]}
    return evaluate_stack("dev", topology=topology)


def endpoints(recorded: Recorded, region: str, **inputs: Any) -> dict[str, Registration]:
    """The endpoints of services of `region` with these inputs, by service."""
    start = f"com.amazonaws.{region}."
    return {
        entry.inputs["serviceName"].removeprefix(start): entry
        for entry in recorded.of_type("VpcEndpoint")
        if entry.inputs["serviceName"].startswith(start)
        and all(entry.inputs.get(key) == value for key, value in inputs.items())
    }


def test_the_hubs_own_region_has_endpoints_for_all_that_is_called_there() -> None:
    made = endpoints(private(), "us-east-1", vpcEndpointType="Interface")
    assert set(made) == OF_HUB
    for entry in made.values():
        assert entry.inputs["privateDnsEnabled"] is True
        assert "serviceRegion" not in entry.inputs
    assert set(endpoints(private(), "us-east-1", vpcEndpointType="Gateway")) == {"s3"}


def test_another_region_has_what_privatelink_carries_across_and_the_rest_there() -> None:
    across = endpoints(private(), FAR, serviceRegion=FAR)
    assert set(across) == {"lambda", "s3"}
    assert {entry.account_region.region for entry in across.values() if entry.account_region} == {
        "us-east-1"
    }
    there = endpoints(private(), FAR, privateDnsEnabled=False)
    assert set(there) == {"sagemaker.api", "sts"}
    assert {entry.account_region.region for entry in there.values() if entry.account_region} == {
        FAR
    }


def test_names_of_services_lead_to_the_endpoints_of_the_other_region() -> None:
    recorded = private()
    vpc = recorded.one("Vpc", "hub-network-vpc").outputs["id"]
    for service, host in (("sts", "sts"), ("sagemaker.api", "api.sagemaker")):
        name = f"hub-{FAR}-{service.replace('.', '-')}"
        zone = recorded.one("Zone", f"{name}-zone")
        assert zone.inputs["name"] == f"{host}.{FAR}.amazonaws.com"
        assert zone.inputs["vpcs"] == [{"vpcId": vpc, "vpcRegion": "us-east-1"}]
        (alias,) = recorded.one("Record", f"{name}-record").inputs["aliases"]
        there = endpoints(recorded, FAR, privateDnsEnabled=False)[service]
        assert alias["name"] == there.outputs["dnsEntries"][0]["dnsName"]


def test_the_environment_waits_for_its_endpoints_and_for_no_other_region() -> None:
    recorded = private()
    waited = recorded.waits_for(recorded.one("mwaa/environment:Environment").urn)
    own = endpoints(recorded, "us-east-1")
    assert {entry.urn for entry in own.values()} <= waited
    assert not {entry.urn for entry in endpoints(recorded, FAR).values()} & waited


def test_the_function_for_uploads_has_the_environments_endpoint() -> None:
    recorded = private()
    assert [entry.name for entry in recorded.of_type("VpcEndpoint") if "airflow" in entry.name] == [
        f"hub-network-airflow-{kind}-endpoint" for kind in ("api", "env", "ops")
    ]


def test_a_task_calls_the_regional_host_of_s3_in_us_east_1() -> None:
    line = "export AWS_S3_US_EAST_1_REGIONAL_ENDPOINT=regional"
    scripts = [
        recorded.one("BucketObjectv2", "hub-files-startup-script").inputs["content"]
        for recorded in (private(), evaluate_stack("dev"))
    ]
    assert [line in script for script in scripts] == [True, False]


@pytest.mark.parametrize(
    ("service", "sids"),
    [
        ("sts", ["StackAccounts"]),
        ("s3", ["StackAccounts", "ImageLayers"]),
        ("ecr.dkr", ["StackAccounts", "Images"]),
    ],
)
def test_a_policy_names_the_stacks_accounts(service: str, sids: list[str]) -> None:
    (document,) = policy_documents(endpoint_policy(service, FAR, ["2" * 12, "1" * 12]))
    assert [each["Sid"] for each in document.statements] == sids
    first, *others = document.statements
    accounts = {"aws:PrincipalAccount": ["1" * 12, "2" * 12]}
    assert first["Condition"] == {"StringEquals": accounts}
    # Whom AWS pulls its images as isn't known; they may read, and write nothing.
    for each in others:
        assert not any(verb in str(each["Action"]) for verb in ("Put", "Upload", "*"))


def test_every_endpoint_has_a_policy() -> None:
    assert all("policy" in entry.inputs for entry in private().of_type("VpcEndpoint"))
