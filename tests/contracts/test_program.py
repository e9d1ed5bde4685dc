"""What holds for the whole program, on every stack there is."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from components.aws.account_region import AccountRegion
from local.deployment.services import RESOURCE_TYPES
from tests.mocks import Registration, evaluate_stack, stack_as_it_is
from tests.topologies import STACKS, pipelines_of, stack_topology

STACK_NAMES = sorted(path.stem.removeprefix("Pulumi.") for path in STACKS.glob("Pulumi.*.yaml"))

pytestmark = pytest.mark.parametrize("stack", STACK_NAMES)


def resources(stack: str) -> list[Registration]:
    """All but components and providers."""
    return [
        entry
        for entry in stack_as_it_is(stack)
        if entry.custom and not entry.type.startswith("pulumi:providers:")
    ]


def strings(value: Any) -> Iterator[str]:
    """Every string in a value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def statements(stack: str) -> Iterator[tuple[Registration, dict[str, Any]]]:
    """Every statement of every policy document of the program."""
    for entry in resources(stack):
        for document in entry.policies:
            for statement in document.statements:
                yield entry, statement


def top_component(stack: str, entry: Registration) -> Registration:
    """The component right below the stack that a resource belongs to."""
    registrations = stack_as_it_is(stack).registrations
    while entry.parent in registrations:
        entry = registrations[entry.parent]
    return entry


def expected_account_regions(stack: str) -> dict[str, AccountRegion]:
    """Where the resources of each top component belong, by its name."""
    topology = stack_topology(stack)

    def account_region(part: dict[str, Any]) -> AccountRegion:
        id_ = topology["accounts"][part["account"]]["id"]
        return AccountRegion(account_id=id_, region=part["region"])

    hub = topology["hub"]
    backups = {**hub, **hub.get("backup", {})}
    data = {name: account_region(part) for name, part in topology["data_pipelines"].items()}
    return {
        "hub": account_region(topology["hub"]),
        "hub-connections": account_region(topology["hub"]),
        "hub-monitoring": account_region(topology["hub"]),
        "hub-status": account_region(topology["hub"]),
        "hub-uploads": account_region(topology["hub"]),
        "hub-backup": account_region(topology["hub"]),
        "hub-backups": account_region(backups),
        f"{account_region(topology['hub']).account_id}-budget": account_region(topology["hub"]),
        **data,
        **{name: account_region(part) for name, part in topology["ml_pipelines"].items()},
        **{f"{name}-replication": source for name, source in data.items()},
        **{f"{name}-uploads": source for name, source in data.items()},
        **{
            f"{each.account_id}-{each.region}-access-logs": each
            for each in map(account_region, (hub, backups, *pipelines_of(topology).values()))
        },
    }


class TestAccountsAndRegions:
    """Every resource lands in its own account and Region, under a name that is free there."""

    def test_every_resource_is_in_its_own_account_and_region(self, stack: str) -> None:
        account_regions = expected_account_regions(stack)
        for entry in resources(stack):
            owner = top_component(stack, entry)
            expected = None if entry.type.startswith("random:") else account_regions[owner.name]
            assert entry.account_region == expected, f"{entry.urn} is in {entry.account_region}"

    def test_no_physical_name_twice(self, stack: str) -> None:
        taken: Counter[tuple[Any, ...]] = Counter()
        for entry in resources(stack):
            limit = RESOURCE_TYPES[entry.type].name_limit
            if limit is None or limit.unique_in is None or entry.account_region is None:
                continue
            scope = {
                "the world": None,
                "the account": entry.account_region.account_id,
                "the Region": entry.account_region,
            }[limit.unique_in]
            taken[(entry.type, scope, entry.inputs[limit.key])] += 1
        assert taken
        assert [name for name, count in taken.items() if count > 1] == []

    def test_every_physical_name_carries_the_stack_s_prefix(self, stack: str) -> None:
        prefix = f"unified-pipelines-{stack}-"
        for entry in resources(stack):
            name = entry.inputs.get("name")
            if name is not None and not entry.type.endswith(":RolePolicy"):
                assert prefix in name, f"{entry.urn} is called {name}"

    def test_every_provider_puts_tags_and_refuses_other_accounts(self, stack: str) -> None:
        providers = stack_as_it_is(stack).of_type("pulumi:providers:aws")
        assert len(providers) == len(set(expected_account_regions(stack).values()))
        for provider in providers:
            tags = json.loads(provider.inputs["defaultTags"])["tags"]
            assert tags["project"] == "unified-pipelines"
            assert tags["stack"] == stack
            assert len(json.loads(provider.inputs["allowedAccountIds"])) == 1


class TestValues:
    """No value is used where another one was meant."""

    def test_no_missing_output_became_a_string(self, stack: str) -> None:
        for entry in resources(stack):
            for text in strings(entry.inputs):
                assert "None" not in text, f"{entry.urn}: {text}"
                assert "Output[T]" not in text, f"{entry.urn}: {text}"
                assert "pulumi.output" not in text, f"{entry.urn}: {text}"

    def test_an_external_id_is_in_a_trust_and_a_secret_only(self, stack: str) -> None:
        generated = {
            entry.outputs["result"] for entry in stack_as_it_is(stack).of_type("RandomPassword")
        }
        assert generated
        for entry in stack_as_it_is(stack):
            for key, value in entry.inputs.items():
                if any(secret in text for text in strings(value) for secret in generated):
                    assert key in {"secretString", "assumeRolePolicy"}, f"{entry.urn}: {key}"
                    assert key in entry.secret_inputs, f"{entry.urn}: {key} is readable"

    def test_outputs(self, stack: str) -> None:
        outputs = stack_as_it_is(stack).stack_outputs()
        topology = stack_topology(stack)
        assert set(outputs) == {
            "airflow_webserver_url",
            "dag_bucket_name",
            "dashboard_name",
            "alarm_name_prefix",
            "tags",
            "data_pipelines",
            "environment_name",
            "execution_role_arn",
            "hub_account_id",
            "hub_region",
            "ml_pipelines",
            "operator_role_arns",
            *(["backup", "uploads"] if stack in {"local", "prod"} else []),
        }
        assert set(outputs["data_pipelines"]) == set(topology["data_pipelines"])
        assert set(outputs["ml_pipelines"]) == set(topology["ml_pipelines"])
        for name, pipeline in outputs["data_pipelines"].items():
            on_upload = topology["data_pipelines"][name].get("start", {}).get("on_upload")
            assert pipeline.get("on_upload") == on_upload
            assert sorted(pipeline.keys() - {"on_upload"}) == [
                "account_id",
                "batch_replication_role_arn",
                "connection_id",
                "cross_account_role_arn",
                "glue_job_name",
                "label_column",
                "raw_key",
                "region",
                "source_bucket_name",
                "takes_sample",
                "timezone",
            ]
        for pipeline in outputs["ml_pipelines"].values():
            assert sorted(pipeline) == [
                "account_id",
                "cleanup_function_name",
                "connection_id",
                "cross_account_role_arn",
                "destination_bucket_name",
                "region",
                "source",
                "training_job_name_prefix",
                "tunes",
            ]
        assert all(strings(outputs))
        assert "generated-for" not in json.dumps(outputs)


class TestPolicies:
    """Least privilege, in every policy document."""

    def test_nothing_allows_a_wildcard_in_an_action(self, stack: str) -> None:
        seen = 0
        for entry, statement in statements(stack):
            seen += 1
            if statement["Effect"] == "Deny" or statement["Sid"] == "AccountDelegation":
                continue
            assert not any("*" in action for action in strings(statement["Action"])), entry.urn
        assert seen > 50

    def test_account_delegation_is_of_keys_to_their_own_account(self, stack: str) -> None:
        found = [
            (entry, statement)
            for entry, statement in statements(stack)
            if statement["Sid"] == "AccountDelegation"
        ]
        assert len(found) == len(stack_as_it_is(stack).of_type("kms/key:Key"))
        for entry, statement in found:
            assert entry.account_region is not None
            root = entry.account_region.global_arn("iam", "root")
            assert statement["Principal"] == {"AWS": root}

    def test_every_log_group_ends_and_is_encrypted(self, stack: str) -> None:
        for group in stack_as_it_is(stack).of_type("LogGroup"):
            assert group.inputs["retentionInDays"] > 0
            assert group.inputs["kmsKeyId"].startswith("arn:aws:kms:")

    def test_every_role_has_the_boundary_that_was_asked_for(self, stack: str) -> None:
        named = stack_topology(stack).get("permissions_boundary")
        boundary = named or f"boundary-unified-pipelines-{stack}"
        for role in stack_as_it_is(stack).of_type("iam/role:Role"):
            assert role.account_region is not None
            expected = role.account_region.global_arn("iam", f"policy/{boundary}")
            assert role.inputs.get("permissionsBoundary") == expected


class TestTypeTokens:
    """Pulumi knows a resource by its ancestors' tokens, which therefore name no file."""

    def test_a_components_token_says_its_class_alone(self, stack: str) -> None:
        tokens = {entry.type for entry in stack_as_it_is(stack) if not entry.custom}
        assert tokens
        for token in tokens - {"pulumi:pulumi:Stack"}:
            assert re.fullmatch(r"unified-pipelines:index:[A-Z][A-Za-z]+", token)


class TestRepetition:
    """The same configuration is the same program: an update without a change changes nothing."""

    def test_two_evaluations_register_the_same(self, stack: str) -> None:
        again = evaluate_stack(stack)
        assert again.registrations == stack_as_it_is(stack).registrations
        assert again.stack_outputs() == stack_as_it_is(stack).stack_outputs()

    @pytest.mark.verification
    def test_a_preview_of_a_new_stack_registers_the_same_resources(self, stack: str) -> None:
        preview = evaluate_stack(stack, preview=True)
        assert set(preview.registrations) == set(stack_as_it_is(stack).registrations)
