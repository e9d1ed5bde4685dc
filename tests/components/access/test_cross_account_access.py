"""An access in an account of its own: all that it adds to a stack, and nothing else."""

from __future__ import annotations

import json

from components.topology.model import Topology
from components.topology.quotas import roles_by_account
from tests.mocks import ROOT, Registration, evaluate_stack, stack_as_it_is, stack_with_access
from tests.topologies import topology_with_access

POLICY = "examples/runs_table/policy.json"
TEAM = "555555555555"
ROLE = f"arn:aws:iam::{TEAM}:role/unified-pipelines-dev-reports-crossaccount"


def test_it_adds_a_role_a_connection_and_a_provider_and_changes_nothing_but_lists() -> None:
    before, after = stack_as_it_is("dev").registrations, stack_with_access().registrations
    assert not before.keys() - after.keys()
    added = sorted(after[urn].name for urn in after.keys() - before.keys())
    assert [name for name in added if "assume" not in name] == [
        f"{TEAM}-eu-west-1",
        "hub-connections-reports",
        "hub-connections-reports-secret",
        "hub-connections-reports-value",
        "hub-connections-rotation-reports",
        "hub-connections-rotation-reports-ring",
        "hub-connections-rotation-reports-ring-value",
        "reports",
        "reports-crossaccount",
        "reports-crossaccount-external-id",
        "reports-crossaccount-external-id-1",
        "reports-crossaccount-external-id-2",
        "reports-crossaccount-policy",
        "reports-crossaccount-role",
    ]
    changed = {after[urn].name for urn in before if before[urn] != after[urn]}
    assert changed <= {
        "hub-connections-dags-topology",
        *(f"hub-connections-assume-{n}" for n in range(10)),
    }


def role() -> Registration:
    return stack_with_access().one("iam/role:Role", "reports-crossaccount-role")


def test_its_role_may_do_what_the_file_says_within_a_boundary_of_its_own() -> None:
    granted = (
        stack_with_access().one("RolePolicy", "reports-crossaccount-policy").document("policy")
    )
    written = json.loads((ROOT / POLICY).read_text(encoding="utf-8"))
    assert [each["Sid"] for each in granted["Statement"]] == [
        each["Sid"] for each in written["Statement"]
    ]
    assert granted == written
    boundary = "boundary-unified-pipelines-dev-reports"
    assert role().inputs["permissionsBoundary"] == f"arn:aws:iam::{TEAM}:policy/{boundary}"


def test_an_organizations_boundary_holds_for_it_too() -> None:
    topology = {**topology_with_access(), "permissions_boundary": "team/limits"}
    made = evaluate_stack("dev", topology=topology).one("Role", "reports-crossaccount-role")
    assert made.inputs["permissionsBoundary"] == f"arn:aws:iam::{TEAM}:policy/team/limits"


def test_the_hub_alone_assumes_it_with_its_external_ids() -> None:
    recorded = stack_with_access()
    secret = recorded.one("RandomPassword", "reports-crossaccount-external-id").outputs["result"]
    (trust,) = role().document("assumeRolePolicy")["Statement"]
    hub = "arn:aws:iam::111111111111:role/unified-pipelines-dev-hub"
    assert trust["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": [f"{hub}-execution", f"{hub}-rotation"]},
        "StringEquals": {"sts:ExternalId": [secret, f"{secret}-1", f"{secret}-2"]},
    }
    connection = recorded.one("SecretVersion", "hub-connections-reports-value")
    extra = connection.document("secretString")["extra"]
    assert extra["role_arn"] == ROLE
    assert extra["region_name"] == "eu-west-1"
    assert extra["assume_role_kwargs"] == {"ExternalId": secret}
    allowed = [each.inputs["policy"] for each in recorded.of_type("iam/policy:Policy")]
    assert sum(ROLE in text for text in allowed) == 1


def test_dags_and_commands_know_of_it() -> None:
    topology = (
        stack_with_access().one("BucketObjectv2", "hub-connections-dags-topology").inputs["content"]
    )
    entry = {
        "account_id": TEAM,
        "connection_id": "aws_crossaccount_role_conn_reports",
        "cross_account_role_arn": ROLE,
        "region": "eu-west-1",
    }
    assert json.loads(topology)["access"] == {"reports": {**entry, "name": "reports"}}
    assert stack_with_access().stack_outputs()["access"] == {"reports": entry}


def test_it_counts_as_a_role_of_its_account() -> None:
    assert roles_by_account(Topology.model_validate(topology_with_access()))["team"] == 1
