"""What a deployment makes of rotations: before the first one, and after some."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.pipeline.external_ids import RING as IN_A_TRUST
from components.pipeline.external_ids import rotations_of
from tests import mock_outputs
from tests.mocks import Recorded, evaluate_stack, stack_as_it_is
from tests.topologies import private_topology, stack_topology

VERSIONS = "aws:secretsmanager/getSecretVersions:getSecretVersions"
RING = "hub-connections-rotation-east1-ring-value"
ROLE = "unified-pipelines-dev-hub-rotation"


def after(monkeypatch: pytest.MonkeyPatch, *versions: list[str], **hub: Any) -> Recorded:
    """The deployment of `dev` where each connection's secret has versions of these labels."""
    found = [{"versionId": str(n), "versionStages": each} for n, each in enumerate(versions)]
    answer = {"id": "secret", "versions": found}
    monkeypatch.setitem(mock_outputs._CALLS, VERSIONS, lambda *_: answer)
    topology = stack_topology("dev")
    topology["hub"] |= hub
    return evaluate_stack("dev", topology=topology)


def external_ids(recorded: Recorded) -> dict[str, str]:
    """The generated ones of `east1`, by the end of their resource's name."""
    name = "east1-crossaccount-external-id"
    return {
        each.name.removeprefix(name): each.outputs["result"]
        for each in recorded.of_type("RandomPassword")
        if each.name.startswith(name)
    }


def trusted(recorded: Recorded) -> list[str]:
    trust = recorded.one("Role", "east1-crossaccount-role").document("assumeRolePolicy")
    found: list[str] = trust["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"]
    return found


def connected(recorded: Recorded) -> str:
    value = recorded.one("SecretVersion", "hub-connections-east1-value").document("secretString")
    return str(value["extra"]["assume_role_kwargs"]["ExternalId"])


def stored_ring(recorded: Recorded) -> dict[str, Any]:
    return recorded.one("SecretVersion", RING).document("secretString")


class TestNumber:
    """Which ExternalId is in use, by the labels of a secret's versions."""

    @pytest.mark.parametrize(
        ("versions", "number"),
        [
            ([], 0),
            ([["AWSCURRENT"]], 0),
            ([["AWSCURRENT", "ExternalId-1"], ["AWSPREVIOUS"]], 1),
            ([["AWSCURRENT", "AWSPENDING", "ExternalId-1"]], 1),
            # Failed, or not over.
            ([["AWSCURRENT"], ["AWSPENDING", "ExternalId-1"]], 0),
            ([["AWSCURRENT", "ExternalId-9"], ["AWSPENDING", "ExternalId-10"]], 9),
            # A deployment has written the value again.
            ([["AWSCURRENT"], ["AWSPREVIOUS", "ExternalId-2"]], 2),
            ([["AWSCURRENT"], ["AWSPREVIOUS"], ["ExternalId-10"], ["ExternalId-9"]], 10),
        ],
    )
    def test_of_the_one_in_use(self, versions: list[list[str]], number: int) -> None:
        assert rotations_of(versions) == number


class TestDeployment:
    def test_the_first_one_makes_a_ring(self) -> None:
        recorded = stack_as_it_is("dev")
        made = external_ids(recorded)
        assert trusted(recorded) == [made[""], made["-1"], made["-2"]]
        assert len(set(trusted(recorded))) == IN_A_TRUST
        assert connected(recorded) == made[""]

    def test_one_that_is_there_keeps_its_external_id(self) -> None:
        """As before there were rotations: no `keepers`, whose first value would replace it."""
        for each in stack_as_it_is("dev").of_type("RandomPassword"):
            assert set(each.inputs) == {"length", "special"}

    def test_the_next_one_doesnt_set_a_rotated_connection_back(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recorded = after(monkeypatch, ["AWSPREVIOUS"], ["AWSCURRENT", "ExternalId-1"])
        before = external_ids(stack_as_it_is("dev"))
        assert connected(recorded) == before["-1"]

    def test_the_used_one_leaves_the_trust_and_another_comes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recorded = after(monkeypatch, ["AWSPREVIOUS"], ["AWSCURRENT", "ExternalId-1"])
        before, now = external_ids(stack_as_it_is("dev")), external_ids(recorded)
        assert now[""] != before[""]
        assert stored_ring(recorded)["external_ids"] == [before["-1"], before["-2"], now[""]]
        assert before[""] not in trusted(recorded)

    @pytest.mark.verification
    @pytest.mark.parametrize("number", [2, 3, 7])
    def test_it_goes_round(self, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        recorded = after(monkeypatch, ["AWSCURRENT", f"ExternalId-{number}"])
        following = after(monkeypatch, ["AWSCURRENT", f"ExternalId-{number + 1}"])
        used, *left = stored_ring(recorded)["external_ids"]
        assert connected(recorded) == used
        assert stored_ring(following)["external_ids"][:2] == left
        assert used not in trusted(following)

    def test_the_function_is_told_what_the_roles_trust(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recorded = after(monkeypatch, ["AWSCURRENT", "ExternalId-4"])
        stored = stored_ring(recorded)
        assert (stored["first"], sorted(stored["external_ids"])) == (4, sorted(trusted(recorded)))
        role = recorded.one("Role", "east1-crossaccount-role").urn
        ring = recorded.one("SecretVersion", RING)
        assert role in ring.depends_on
        assert ring.secret_inputs == {"secretString"}

    def test_a_preview_of_a_new_stack_asks_nothing(self) -> None:
        recorded = evaluate_stack("dev", preview=True)
        assert not [each for each in recorded.invocations if each.token == VERSIONS]


class TestSchedule:
    def test_each_connection_rotates_but_not_at_once(self) -> None:
        rotations = stack_as_it_is("prod").of_type("SecretRotation")
        assert len(rotations) == len(stack_as_it_is("prod").of_type("AirflowConnection"))
        for each in rotations:
            assert each.inputs["rotationRules"] == {"automaticallyAfterDays": 90}
            assert each.inputs["rotateImmediately"] is False

    def test_the_days_arrive(self, monkeypatch: pytest.MonkeyPatch) -> None:
        recorded = after(monkeypatch, rotation_days=30)
        for each in recorded.of_type("SecretRotation"):
            assert each.inputs["rotationRules"] == {"automaticallyAfterDays": 30}

    def test_it_comes_after_all_that_the_function_needs(self) -> None:
        recorded = stack_as_it_is("dev")
        rotation = recorded.one("SecretRotation", "hub-connections-rotation-east1")
        needed = {urn.rpartition("::")[2] for urn in recorded.waits_for(rotation.urn)}
        assert needed >= {
            "hub-connections-rotation-function-permission",
            "hub-connections-rotation-function-policy",
            RING,
            "hub-connections-east1-value",
            "east1-crossaccount-role",
        }
        assert any(name.startswith("hub-connections-assume") for name in needed)


class TestFunction:
    def test_secrets_manager_of_the_account_alone_calls_it(self) -> None:
        permission = stack_as_it_is("dev").one("lambda/permission:Permission")
        assert dict(permission.inputs) == {
            "statementId": "SecretsManager",
            "action": "lambda:InvokeFunction",
            "function": ROLE,
            "principal": "secretsmanager.amazonaws.com",
            "sourceAccount": "111111111111",
        }

    def test_it_may_do_four_things_with_connections_alone(self) -> None:
        policy = stack_as_it_is("dev").one("RolePolicy", "hub-connections-rotation-function-policy")
        by_sid = {each["Sid"]: each for each in policy.document("policy")["Statement"]}
        assert by_sid["RotateConnections"]["Action"] == [
            f"secretsmanager:{verb}"
            for verb in (
                "DescribeSecret",
                "GetSecretValue",
                "PutSecretValue",
                "UpdateSecretVersionStage",
            )
        ]
        assert by_sid["RotateConnections"]["Resource"].endswith("-hub-airflow/connections/*")
        assert by_sid["ReadRings"]["Resource"].endswith("-hub-airflow/external-ids/*")
        assert "NetworkInterfaces" not in by_sid

    def test_it_is_in_the_network_of_a_private_hub(self) -> None:
        name = "hub-connections-rotation-function"
        function = evaluate_stack("dev", topology=private_topology()).one(
            "lambda/function:Function", f"{name}-function"
        )
        assert function.inputs["vpcConfig"]["subnetIds"]
        assert (
            "vpcConfig"
            not in stack_as_it_is("dev").one("lambda/function:Function", f"{name}-function").inputs
        )

    def test_no_external_id_is_in_its_variables(self) -> None:
        recorded = stack_as_it_is("dev")
        for each in recorded.of_type("lambda/function:Function"):
            text = json.dumps(each.inputs.get("environment", {}))
            assert not [secret for secret in external_ids(recorded).values() if secret in text]
