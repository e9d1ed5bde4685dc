"""The account, the Region and the credentials of every resource."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from components.providers import accounts_and_regions
from components.topology.model import Topology
from local.deployment.services import RESOURCE_TYPES
from tests.contracts.release_changes import changes
from tests.contracts.released import entries
from tests.mocks import Recorded, Registration, evaluate_stack, stack_as_it_is
from tests.topologies import stack_topology

ROLE = "arn:aws:iam::222222222222:role/deploy"
ENDPOINT = "http://127.0.0.1:4566"


def providers(recorded: Recorded) -> dict[str, Registration]:
    return {entry.name: entry for entry in recorded.of_type("pulumi:providers:aws")}


def with_role() -> dict[str, Any]:
    topology = stack_topology("dev")
    topology["accounts"]["analytics"]["deploy_role_arn"] = ROLE
    topology["data_pipelines"]["east1"]["start"] = {"on_upload": "raw/*.csv"}
    return topology


@cache
def with_role_and_tags() -> Recorded:
    return evaluate_stack("dev", topology={**with_role(), "tags": {"owner": "data"}})


def with_everything() -> dict[str, Any]:
    topology = {**with_role(), "notifications": {"emails": ["a@example.com"]}}
    topology["accounts"]["central"]["monthly_budget"] = 1
    topology["hub"]["network"] = {"mode": "private"}
    return topology


@cache
def with_endpoint() -> Recorded:
    return evaluate_stack(
        "dev", topology=with_everything(), config={"unified-pipelines:endpoint": ENDPOINT}
    )


def parsed(entry: Registration, key: str) -> Any:
    return json.loads(entry.inputs[key])


def test_a_preview_works_as_roles_that_read() -> None:
    recorded = evaluate_stack(
        "dev", topology=with_role(), config={"unified-pipelines:read_only": "true"}
    )
    assert {
        role["roleArn"]
        for each in providers(recorded).values()
        for role in parsed(each, "assumeRoles")
    } == {
        f"arn:aws:iam::{account}:role/preview-unified-pipelines-dev"
        for account in ("111111111111", "222222222222")
    }


def test_one_per_account_and_region_in_use() -> None:
    made = providers(stack_as_it_is("dev"))
    assert {
        name: (parsed(entry, "allowedAccountIds"), entry.inputs["region"])
        for name, entry in made.items()
    } == {
        "111111111111-us-east-1": (["111111111111"], "us-east-1"),
        "222222222222-us-east-1": (["222222222222"], "us-east-1"),
        "222222222222-us-west-2": (["222222222222"], "us-west-2"),
    }


def test_a_private_hub_has_one_in_each_region_of_a_pipeline() -> None:
    own = {name for name in providers(with_endpoint()) if name.startswith("111111111111-")}
    assert own == {"111111111111-us-east-1", "111111111111-us-west-2"}


def test_accounts_and_regions_follow_no_order_of_the_topology() -> None:
    hub = {"account": "b", "region": "us-east-1"}
    data = {"x": {"account": "a", "region": "us-west-2"}, "y": {"account": "a", "region": "eu-1"}}
    accounts = {"a": {"id": "111111111111"}, "b": {"id": "222222222222"}}
    found = accounts_and_regions(
        Topology.model_validate({"accounts": accounts, "hub": hub, "data_pipelines": data})
    )
    assert found == [
        ("a", "eu-1"),
        ("a", "us-west-2"),
        ("b", "us-east-1"),
    ]


def test_a_budget_takes_a_provider_and_no_log_bucket() -> None:
    topology = stack_topology("prod")
    topology["accounts"]["research"]["monthly_budget"] = 1
    recorded = evaluate_stack("prod", topology=topology)
    research = topology["accounts"]["research"]["id"]
    assert f"{research}-us-east-1" in providers(recorded)
    made = {entry.name for entry in recorded.of_type("AccessLogs")}
    assert f"{research}-us-east-2-access-logs" in made
    assert f"{research}-us-east-1-access-logs" not in made


def test_what_was_named_by_an_alias_is_found_again() -> None:
    entry = providers(stack_as_it_is("dev"))["222222222222-us-west-2"]
    assert entry.aliases == ("analytics-us-west-2",)
    (logs,) = [
        each
        for each in stack_as_it_is("dev").of_type("AccessLogs")
        if each.name == "222222222222-us-west-2-access-logs"
    ]
    assert logs.aliases == ("analytics-us-west-2-access-logs",)


def test_another_alias_of_an_account_changes_nothing() -> None:
    topology = with_everything()
    renamed = json.loads(json.dumps(topology).replace('"analytics"', '"science"'))
    config = {"unified-pipelines:endpoint": ENDPOINT}
    before, now = with_endpoint(), evaluate_stack("dev", topology=renamed, config=config)
    assert changes(entries(before), entries(now)) == []


def test_another_account_replaces_every_resource_and_its_provider() -> None:
    recorded = stack_as_it_is("dev")
    for entry in recorded:
        if entry.type.startswith("aws:"):
            assert entry.account_region is not None
            account_id, *_ = entry.replacement_trigger.split()
            assert account_id == entry.account_region.account_id, entry.urn
    for entry in providers(recorded).values():
        assert [entry.replacement_trigger] == parsed(entry, "allowedAccountIds")


def test_default_tags_tell_project_and_stack() -> None:
    for entry in providers(with_role_and_tags()).values():
        assert parsed(entry, "defaultTags") == {
            "tags": {"project": "unified-pipelines", "stack": "dev", "owner": "data"}
        }


def test_deploy_role_is_assumed_in_its_account_only() -> None:
    made = providers(with_role_and_tags())
    assert parsed(made["222222222222-us-west-2"], "assumeRoles") == [{"roleArn": ROLE}]
    assert parsed(made["222222222222-us-east-1"], "assumeRoles") == [{"roleArn": ROLE}]
    bootstrapped = "arn:aws:iam::111111111111:role/deploy-unified-pipelines-dev"
    assert parsed(made["111111111111-us-east-1"], "assumeRoles") == [{"roleArn": bootstrapped}]


def test_without_an_endpoint_credentials_are_the_caller_s() -> None:
    for entry in providers(stack_as_it_is("dev")).values():
        assert not {"accessKey", "secretKey", "endpoints", "httpProxy"} & set(entry.inputs)


def test_an_endpoint_answers_for_every_service_that_is_used() -> None:
    recorded = with_endpoint()
    services = {
        RESOURCE_TYPES[entry.type].service for entry in recorded if entry.type.startswith("aws:")
    }
    for entry in providers(recorded).values():
        (endpoints,) = parsed(entry, "endpoints")
        assert set(endpoints.values()) == {ENDPOINT}
        # The provider asks STS for its account, and S3 Control for a bucket's tags.
        assert set(endpoints) == services | {"sts", "s3control"}


def test_at_an_endpoint_the_hubs_root_assumes_the_deploy_roles() -> None:
    entry = providers(with_endpoint())["222222222222-us-west-2"]
    assert entry.inputs["accessKey"] == "111111111111"
    assert parsed(entry, "assumeRoles") == [{"roleArn": ROLE}]
    assert entry.inputs["s3UsePathStyle"] == "true"
    assert entry.inputs["httpProxy"] == ENDPOINT
    assert parsed(entry, "allowedAccountIds") == ["222222222222"]


def test_nothing_but_the_providers_knows_of_an_endpoint() -> None:
    def resources(recorded: Recorded) -> list[tuple[str, Any]]:
        return [
            (entry.urn, entry.inputs)
            for entry in recorded
            if not entry.type.startswith("pulumi:providers:")
        ]

    without = evaluate_stack("dev", topology=with_everything())
    assert resources(with_endpoint()) == resources(without)
