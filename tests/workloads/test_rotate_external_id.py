"""What the rotation function leaves behind: always a connection that works."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.pipeline.external_ids import LABEL, RING, rotations_of
from tests.workloads.secret_store import DiedError, SecretStore
from tests.workloads.workload_modules import rotate_external_id as function
from tests.workloads.workload_modules import secret_rotation

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
IDS = ["first", "second", "third"]


def connection(external_id: str = "first", region: str = "us-west-2") -> dict[str, Any]:
    return {
        "conn_type": "aws",
        "extra": {
            "role_arn": "arn:aws:iam::222222222222:role/r",
            "region_name": region,
            "assume_role_kwargs": {"ExternalId": external_id},
        },
    }


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    found = SecretStore(ring={"first": 0, "external_ids": IDS}, trusted=set(IDS))
    found.put(connection(), "deployed")
    monkeypatch.setattr(secret_rotation, "secrets", lambda: found)
    monkeypatch.setattr(function, "sts", lambda: found)
    monkeypatch.setattr(function.time, "sleep", lambda _: None)
    monkeypatch.setenv("RINGS_PREFIX", "rings")
    return found


def step(name: str, version: str = "t1") -> None:
    event = {"SecretId": "env/connection", "ClientRequestToken": version, "Step": name}
    function.handler(event, None)


def rotate(store: SecretStore, version: str = "t1") -> None:
    store.begin(version)
    for name in STEPS:
        step(name, version)


def rotations(store: SecretStore) -> int:
    """What the next deployment reads."""
    stages = store.describe_secret(SecretId="env/connection")["VersionIdsToStages"]
    return rotations_of(stages.values())


def test_it_moves_the_connection_to_the_next_one_and_nothing_else(store: SecretStore) -> None:
    rotate(store)
    assert store.current() == connection("second")
    assert store.labels == {"AWSCURRENT": "t1", "AWSPREVIOUS": "deployed", f"{LABEL}1": "t1"}
    assert str(store.versions["t1"]).startswith('{"conn_type"')
    assert rotations(store) == 1


def test_it_really_assumes_the_role_in_a_session_that_may_do_nothing(store: SecretStore) -> None:
    rotate(store)
    (assumed,) = store.assumed
    assert (assumed["RoleArn"], assumed["ExternalId"]) == (
        "arn:aws:iam::222222222222:role/r",
        "second",
    )
    (denied,) = json.loads(assumed["Policy"])["Statement"]
    assert denied == {"Effect": "Deny", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_is_called_twice_changes_nothing_more(store: SecretStore, name: str) -> None:
    store.begin("t1")
    for each in STEPS[: STEPS.index(name) + 1]:
        step(each)
    before = store.state()
    step(name)
    assert store.state() == before


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_after_a_death_between_any_two_calls_it_ends_the_same(
    store: SecretStore, calls: int
) -> None:
    """Three calls write: the value, the label of the current version, the pending one's end."""
    store.dies_after = calls
    with pytest.raises(DiedError):
        rotate(store)
    works = store.current()["extra"]["assume_role_kwargs"]["ExternalId"]
    assert (works, rotations(store)) in [("first", 0), ("second", 1)]
    for name in STEPS:
        step(name)
    assert store.current() == connection("second")
    assert rotations(store) == 1


def test_of_two_rotations_at_once_the_later_one_wins(store: SecretStore) -> None:
    store.begin("t1")
    step("createSecret", "t1")
    rotate(store, "t2")
    with pytest.raises(function.RotationError, match=r"version t1 has the labels \[\]"):
        step("finishSecret", "t1")
    assert store.current() == connection("second")
    assert store.labels["AWSCURRENT"] == "t2"


def test_two_calls_with_one_token_store_one_value(store: SecretStore) -> None:
    store.begin("t1")
    found = [secret_rotation.rotation_of("env/connection", "t1") for _ in range(2)]
    for each in found:
        function.create_secret(each)
    for name in STEPS[1:]:
        step(name)
    with pytest.raises(ClientError, match="InvalidParameter"):
        function.finish_secret(found[0])
    assert store.current() == connection("second")


def test_a_failed_test_leaves_the_connection_and_isnt_counted(store: SecretStore) -> None:
    store.trusted = {"first"}
    with pytest.raises(ClientError, match="AccessDenied"):
        rotate(store)
    assert store.current() == connection("first")
    assert rotations(store) == 0


def test_it_waits_for_iam(store: SecretStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.trusted = set()
    monkeypatch.setattr(function.time, "sleep", lambda _: store.trusted.add("second"))
    rotate(store)
    assert store.current() == connection("second")


def test_the_last_one_stays_until_a_deployment(store: SecretStore) -> None:
    for number in range(1, RING):
        rotate(store, f"t{number}")
    with pytest.raises(function.RotationError, match=r"the last of the ring's 3 .* `pulumi up`"):
        rotate(store, "t9")
    assert store.current() == connection("third")
    assert rotations(store) == RING - 1


def test_after_a_deployment_it_goes_on(store: SecretStore) -> None:
    """The deployment writes the value that is there, and takes the used one out of the ring."""
    rotate(store)
    store.put(connection("second"), "deployed again")
    assert rotations(store) == 1
    store.ring = {"first": 1, "external_ids": ["second", "third", "fourth"]}
    rotate(store, "t2")
    assert store.current() == connection("third")
    assert {label for label in store.labels if label.startswith(LABEL)} == {f"{LABEL}2"}


def test_what_a_deployment_changed_stays_changed(store: SecretStore) -> None:
    """The rotation before it failed: its version is of the connection as it was."""
    store.trusted = {"first"}
    with pytest.raises(ClientError):
        rotate(store)
    store.put(connection("first", "eu-west-1"), "deployed again")
    store.trusted = set(IDS)
    with pytest.raises(function.RotationError, match="of an earlier connection"):
        step("createSecret")
    assert "AWSPENDING" not in store.labels
    assert rotations(store) == 0
    rotate(store, "t2")
    assert store.current() == connection("second", "eu-west-1")


def test_a_deployment_before_the_last_step_isnt_undone(store: SecretStore) -> None:
    store.begin("t1")
    for each in ("createSecret", "setSecret", "testSecret"):
        step(each)
    store.put(connection("first", "eu-west-1"), "deployed again")
    with pytest.raises(function.RotationError, match="of an earlier connection"):
        step("finishSecret")
    assert store.current() == connection("first", "eu-west-1")
    rotate(store, "t2")
    assert store.current() == connection("second", "eu-west-1")


def test_a_connection_that_another_wrote_is_left_alone(store: SecretStore) -> None:
    store.put(connection("unknown"), "by hand")
    with pytest.raises(function.RotationError, match="none of the ring's 3"):
        rotate(store)
    assert store.current() == connection("unknown")


def test_nothing_secret_is_logged(store: SecretStore, caplog: pytest.LogCaptureFixture) -> None:
    rotate(store)
    store.put(connection("unknown"), "by hand")
    with pytest.raises(function.RotationError) as error:
        rotate(store, "t2")
    said = f"{caplog.text} {error.value}"
    assert "finishSecret is done" in said
    assert not [each for each in [*IDS[1:], "unknown"] if each in said]
