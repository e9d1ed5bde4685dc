"""The hub, as the whole program makes it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components.aws.account_region import AccountRegion
from tests.mocks import ROOT, Recorded, evaluate_stack, shared_stack, stack_as_it_is
from tests.topologies import shared_topology, stack_topology

HUB = "111111111111"
NAME = "unified-pipelines-dev-hub-airflow"
BUCKET = f"unified-pipelines-dev-hub-{HUB}-us-east-1"

SCRIPT = "workloads/mwaa/startup.sh"

EXISTING = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "security_group_ids": ["sg-0123456789abcdef0"],
}


def dev() -> Recorded:
    return stack_as_it_is("dev")


def with_environment(**settings: Any) -> Recorded:
    topology = stack_topology("dev")
    topology["hub"]["environment"] = settings
    return evaluate_stack("dev", topology=topology)


@cache
def with_class(name: str) -> Recorded:
    return with_environment(**{"class": name})


@cache
def with_all_settings() -> Recorded:
    return with_environment(
        configuration_options={"core.parallelism": "64"},
        log_level="WARNING",
        log_retention_days=30,
        startup_script_file=SCRIPT,
    )


def in_network(network: dict[str, Any] | None) -> Recorded:
    """The stack `dev` with an existing network, if one is given."""
    if network is None:
        return dev()
    topology = stack_topology("dev")
    topology["hub"]["network"] = network
    return evaluate_stack("dev", topology=topology)


@cache
def protected() -> Recorded:
    topology = {**stack_topology("dev"), "protect_data": True, "permissions_boundary": "boundary"}
    return evaluate_stack("dev", topology=topology)


def names(recorded: Recorded, urns: set[str]) -> set[str]:
    return {recorded.registrations[urn].name for urn in urns}


class TestChildren:
    """What the hub is made of."""

    def test_children(self) -> None:
        assert dev().tree(dev().one("MwaaHub").urn) == [
            ("CustomerKey", "hub"),
            ("Environment", "hub-environment"),
            ("EnvironmentFiles", "hub-files"),
            ("HubNetwork", "hub-network"),
            ("LogGroup", "hub-DAGProcessing-logs"),
            ("LogGroup", "hub-Scheduler-logs"),
            ("LogGroup", "hub-Task-logs"),
            ("LogGroup", "hub-WebServer-logs"),
            ("LogGroup", "hub-Worker-logs"),
            ("Role", "hub-execution-role"),
            ("RolePolicy", "hub-execution-policy"),
            ("SecureBucket", "hub-dags"),
        ]

    def test_an_existing_network_is_taken_as_it_is(self) -> None:
        recorded = in_network(EXISTING)
        assert recorded.one("Environment").inputs["networkConfiguration"] == {
            "subnetIds": EXISTING["subnet_ids"],
            "securityGroupIds": EXISTING["security_group_ids"],
        }
        assert not [entry for entry in recorded if entry.type.startswith(("aws:ec2", "aws:vpc"))]
        account_regions = {call.account_region for call in recorded.invocations}
        assert account_regions == {AccountRegion(account_id=HUB, region="us-east-1")}

    def test_the_owner_of_a_shared_network_is_told_which_endpoints_to_make(self) -> None:
        for network, management in (
            (EXISTING, None),
            ({**EXISTING, "endpoint_management": "CUSTOMER"}, "CUSTOMER"),
        ):
            recorded = in_network(network)
            environment = recorded.one("Environment")
            assert environment.inputs.get("endpointManagement") == management
            told = recorded.stack_outputs().get("environment_endpoint_services")
            services = {
                "database": environment.outputs["databaseVpcEndpointService"],
                "webserver": environment.outputs["webserverVpcEndpointService"],
            }
            assert told == (services if management else None)

    def test_the_stack_makes_these_endpoints_in_the_account_of_the_owner(self) -> None:
        recorded = shared_stack()
        network = shared_topology()["hub"]["network"]
        told = recorded.stack_outputs()["environment_endpoint_services"]
        made = {entry.name.rpartition("-")[2]: entry for entry in recorded.of_type("VpcEndpoint")}
        assert made.keys() == told.keys() == {"database", "webserver"}
        owner = AccountRegion(account_id="666666666666", region="us-east-1")
        for purpose, entry in made.items():
            assert entry.account_region == owner
            assert entry.inputs["serviceName"] == told[purpose]
            assert entry.inputs["vpcId"] == network["vpc_id"]
            assert entry.inputs["subnetIds"] == network["subnet_ids"]
            assert entry.inputs["securityGroupIds"] == network["endpoints"]["security_group_ids"]

    def test_a_public_web_server_has_no_endpoint(self) -> None:
        topology = shared_topology()
        topology["hub"]["environment"] = {"webserver_access_mode": "PUBLIC_ONLY"}
        recorded = evaluate_stack("dev", topology=topology)
        assert [entry.name for entry in recorded.of_type("VpcEndpoint")] == [
            "endpoints-environment-database"
        ]


class TestEnvironment:
    """The environment is configured as the topology says, with nothing that Amazon MWAA refuses."""

    def test_inputs(self) -> None:
        recorded = dev()
        inputs = dict(recorded.one("Environment").inputs)
        assert set(inputs.pop("airflowConfigurationOptions")) == {
            "core.dags_are_paused_at_creation",
            "secrets.backend",
            "secrets.backend_kwargs",
        }
        logs = inputs.pop("loggingConfiguration")
        assert sorted(logs) == [
            "dagProcessingLogs",
            "schedulerLogs",
            "taskLogs",
            "webserverLogs",
            "workerLogs",
        ]
        assert all(kind == {"enabled": True, "logLevel": "INFO"} for kind in logs.values())
        assert inputs == {
            "name": NAME,
            "airflowVersion": "3.3.1",
            "environmentClass": "mw1.small",
            "minWorkers": 1,
            "maxWorkers": 10,
            "schedulers": 2,
            "minWebservers": 2,
            "maxWebservers": 2,
            "webserverAccessMode": "PRIVATE_ONLY",
            "weeklyMaintenanceWindowStart": "SUN:03:00",
            "sourceBucketArn": f"arn:aws:s3:::{BUCKET}",
            "dagS3Path": "dags",
            "startupScriptS3Path": "startup.sh",
            "startupScriptS3ObjectVersion": recorded.one(
                "BucketObjectv2", "hub-files-startup-script"
            ).outputs["versionId"],
            "executionRoleArn": recorded.one("Role", "hub-execution-role").outputs["arn"],
            "kmsKey": recorded.one("Key", "hub-key").outputs["arn"],
            "networkConfiguration": {
                "subnetIds": [
                    recorded.one("Subnet", f"hub-network-private-{number}").outputs["id"]
                    for number in (1, 2)
                ],
                "securityGroupIds": [recorded.one("SecurityGroup").outputs["id"]],
            },
        }

    def test_the_smallest_class_sets_no_scheduler_and_no_web_server(self) -> None:
        inputs = with_class("mw1.micro").one("Environment").inputs
        assert inputs["environmentClass"] == "mw1.micro"
        assert not {"schedulers", "minWebservers", "maxWebservers"} & set(inputs)

    def test_options_of_the_topology_are_added(self) -> None:
        options = with_all_settings().one("Environment").inputs["airflowConfigurationOptions"]
        assert options["core.parallelism"] == "64"

    def test_log_level_and_retention(self) -> None:
        recorded = with_all_settings()
        logs = recorded.one("Environment").inputs["loggingConfiguration"]
        assert {kind["logLevel"] for kind in logs.values()} == {"WARNING"}
        assert {group.inputs["retentionInDays"] for group in recorded.of_type("LogGroup")} == {30}

    def test_it_is_deleted_before_it_is_replaced(self) -> None:
        assert dev().one("Environment").delete_before_replace

    def test_only_a_move_to_or_from_the_smallest_class_replaces_it(self) -> None:
        triggers = {
            class_: with_class(class_).one("Environment").replacement_trigger
            for class_ in ("mw1.micro", "mw1.small", "mw1.2xlarge")
        }
        assert triggers["mw1.small"] == triggers["mw1.2xlarge"] != triggers["mw1.micro"]
        assert None not in triggers.values()


class TestOrder:
    """The environment takes half an hour: it waits for its own needs, and no pipeline for it."""

    def test_waits_for_exactly_its_own_needs(self) -> None:
        recorded = dev()
        waited = names(recorded, set(recorded.one("Environment").depends_on))
        assert waited == {
            "hub-key",
            "hub-execution-role",
            "hub-execution-policy",
            "hub-dags-bucket",
            "hub-dags-versioning",
            "hub-dags-encryption",
            "hub-dags-policy",
            "hub-files-startup-script",
            "hub-DAGProcessing-logs",
            "hub-Scheduler-logs",
            "hub-Task-logs",
            "hub-WebServer-logs",
            "hub-Worker-logs",
            "hub-network-private-1",
            "hub-network-private-2",
            "hub-network-security-group",
            "hub-network-from-itself",
            "hub-network-to-anywhere",
            "hub-network-public-route",
            "hub-network-private-1-route",
            "hub-network-private-2-route",
            "hub-network-public-1-association",
            "hub-network-public-2-association",
            "hub-network-private-1-association",
            "hub-network-private-2-association",
            "hub-network-s3-endpoint",
        }

    def test_public_access_is_blocked_before(self) -> None:
        recorded = dev()
        waited = names(recorded, recorded.waits_for(recorded.one("Environment").urn))
        assert {"hub-dags-public-access-block", "hub-dags-ownership"} <= waited

    def test_waits_for_nothing_of_a_pipeline(self) -> None:
        recorded = dev()
        waited = recorded.waits_for(recorded.one("Environment").urn)
        pipelines = {
            entry.urn
            for component in (
                recorded.one("RegionalDataPipeline"),
                recorded.one("RegionalMlPipeline"),
                recorded.one("CrossRegionReplication"),
                recorded.one("HubConnections"),
            )
            for entry in recorded.below(component.urn)
        }
        assert len(pipelines) > 40
        assert not waited & pipelines

    @pytest.mark.parametrize("network", [None, EXISTING], ids=["own", "existing"])
    def test_all_the_rest_waits_for_its_needs(self, network: dict[str, Any] | None) -> None:
        recorded = in_network(network)
        environment = recorded.one("Environment")
        inputs = {urn for urns in environment.property_dependencies.values() for urn in urns}
        needs = environment.depends_on - inputs
        beside = [
            recorded.one(type_)
            for type_ in (
                "RegionalDataPipeline",
                "RegionalMlPipeline",
                "CrossRegionReplication",
                "HubConnections",
            )
        ]
        for component in beside:
            assert needs <= component.depends_on, component.name
        # The engine is told nothing of it for their children, which come after all the same.
        order = list(recorded.registrations)
        first = min(order.index(each.urn) for top in beside for each in recorded.below(top.urn))
        assert max(map(order.index, needs)) < first

    def test_nothing_waits_for_it(self) -> None:
        recorded = dev()
        environment = recorded.one("Environment").urn
        assert not [entry.name for entry in recorded if environment in entry.depends_on]


class TestFiles:
    """The environment is given the version of each file, so that a change of one updates it."""

    def test_startup_script_asks_the_regional_sts(self) -> None:
        content = dev().one("BucketObjectv2", "hub-files-startup-script").inputs["content"]
        assert "export AWS_STS_REGIONAL_ENDPOINTS=regional" in content.splitlines()
        assert content.startswith("#!/bin/sh\n")

    def test_the_topology_s_script_follows_the_project_s(self) -> None:
        own = (ROOT / SCRIPT).read_text(encoding="utf-8")
        content = (
            with_all_settings().one("BucketObjectv2", "hub-files-startup-script").inputs["content"]
        )
        assert content == f"{own}\n{own}"

    def test_no_requirements_unless_asked_for(self) -> None:
        assert "requirementsS3Path" not in dev().one("Environment").inputs
        keys = {entry.inputs["key"] for entry in dev().of_type("BucketObjectv2")}
        assert not {"requirements.txt", "dags/constraints-3.3.1.txt"} & keys

    def test_requirements_come_with_the_constraints_they_name(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Read through a file of the project that is there anyway, with another content."""
        text = '--constraint "/usr/local/airflow/dags/constraints-3.3.1.txt"\nhumanize\n'
        file = ROOT / SCRIPT
        read = Path.read_text

        def pretended(path: Path, *args: Any, **kwargs: Any) -> str:
            return text if path == file else read(path, *args, **kwargs)

        monkeypatch.setattr(Path, "read_text", pretended)
        recorded = with_environment(requirements_file=SCRIPT)
        requirements = recorded.one("BucketObjectv2", "hub-files-requirements")
        constraints = recorded.one("BucketObjectv2", "hub-files-constraints")
        assert requirements.inputs["content"] == text
        assert constraints.inputs["key"] == "dags/constraints-3.3.1.txt"
        assert "apache-airflow-providers-amazon==" in constraints.inputs["content"]
        environment = recorded.one("Environment")
        assert environment.inputs["requirementsS3Path"] == "requirements.txt"
        assert (
            environment.inputs["requirementsS3ObjectVersion"] == (requirements.outputs["versionId"])
        )
        assert {requirements.urn, constraints.urn} <= set(environment.depends_on)

    def test_older_versions_that_a_failed_update_goes_back_to_are_kept(self) -> None:
        rules = dev().one("BucketLifecycleConfiguration", "hub-dags-lifecycle").inputs["rules"]
        assert [(rule["id"], rule["filter"]) for rule in rules] == [
            ("leftovers", {"prefix": "dags/"}),
            ("unfinished-uploads", {"prefix": ""}),
        ]


class TestKey:
    """One key, which CloudWatch Logs may use for the hub's six log groups."""

    def test_policy(self) -> None:
        statements = dev().one("Key", "hub-key").document("policy")["Statement"]
        assert [entry["Sid"] for entry in statements] == [
            "AccountDelegation",
            "Administration",
            "Rotation",
            "Deployment",
            "GrantsForEnvironment",
            "LogEncryption",
        ]
        assert statements[5]["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
        groups = statements[5]["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
        hub_groups = {
            entry.outputs["arn"]
            for entry in dev().of_type("LogGroup")
            if entry.account_region is not None and entry.account_region.account_id == HUB
        }
        assert len(hub_groups) == 7
        assert set(groups) == hub_groups

    def test_everything_of_the_hub_uses_it(self) -> None:
        recorded = dev()
        key = recorded.one("Key", "hub-key").outputs["arn"]
        hub = [
            *recorded.below(recorded.one("MwaaHub").urn),
            *recorded.below(recorded.one("HubConnections").urn),
        ]
        used = [
            entry.inputs.get("kmsKeyId")
            for entry in hub
            if entry.type.endswith((":LogGroup", ":Secret"))
        ]
        assert len(used) == 11
        assert set(used) == {key}


class TestRole:
    """The execution role is trusted to the environment, and bounded like every other role."""

    def test_policy_is_about_this_environment(self) -> None:
        recorded = dev()
        policy = recorded.one("RolePolicy", "hub-execution-policy").document("policy")
        text = json.dumps(policy)
        assert f"environment/{NAME}" in text
        assert f"arn:aws:s3:::{BUCKET}/*" in text
        assert recorded.one("Key", "hub-key").outputs["arn"] in text

    def test_boundary(self) -> None:
        roles = protected().of_type("iam/role:Role")
        assert {entry.inputs["permissionsBoundary"].split(":", 4)[-1] for entry in roles} == {
            f"{HUB}:policy/boundary",
            "222222222222:policy/boundary",
        }
        without = dev().of_type("iam/role:Role")
        assert {entry.inputs["permissionsBoundary"].split(":", 4)[-1] for entry in without} == {
            f"{HUB}:policy/boundary-unified-pipelines-dev",
            "222222222222:policy/boundary-unified-pipelines-dev",
        }


class TestProtection:
    """What can't be restored is kept when the stack is destroyed, where data is protected."""

    def test_buckets_as_they_are_keys_and_the_environment_alone_are_protected(self) -> None:
        kept = {entry.type.split(":")[-1] for entry in protected() if entry.protect}
        assert kept == {
            "Bucket",
            "BucketLifecycleConfiguration",
            "BucketOwnershipControls",
            "BucketPolicy",
            "BucketPublicAccessBlock",
            "BucketServerSideEncryptionConfiguration",
            "BucketVersioning",
            "Environment",
            "Key",
        }
        assert not [entry for entry in dev() if entry.protect]


@pytest.mark.parametrize(
    ("minutes", "hooks"),
    [
        (30, {"hub-environment-drain", "hub-environment-unpause", "hub-environment-failed"}),
        (0, set()),
    ],
)
def test_an_update_waits_for_tasks_unless_it_is_told_not_to(minutes: int, hooks: set[str]) -> None:
    recorded = dev() if minutes else with_environment(updates={"drain_minutes": minutes})
    assert recorded.one("mwaa/environment:Environment").hooks == hooks
