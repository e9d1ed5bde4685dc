"""Faults on request: what is held is done, or waits, and comes when it is let go."""

from __future__ import annotations

import json
import threading
import urllib.error

import pytest

from local.gateway.faults import FaultError, Faults, name_of, read
from tests.local.gateway.aws import Aws, wait_until
from tests.local.gateway.s3.replicating import replicating
from tests.local.gateway_faults import ask, held


def test_what_is_left_out_is_let_go(aws: Aws) -> None:
    ask(aws.endpoint, {"hold_replicas": ["unknown/*"]})
    assert ask(aws.endpoint) == {"hold_answers": [], "hold_replicas": ["unknown/*"]}
    assert ask(aws.endpoint, {}) == {"hold_answers": [], "hold_replicas": []}


@pytest.mark.parametrize(
    "content", [[], {"hold_answer": []}, {"hold_answers": "x"}, {"hold_answers": [1]}]
)
def test_a_request_that_sets_no_known_fault_is_refused(content: object) -> None:
    with pytest.raises(FaultError, match="hold_answers"):
        read(content)


def test_the_refusal_says_what_is_allowed_and_changes_nothing(aws: Aws) -> None:
    with held(aws.endpoint, hold_replicas=["unknown/*"]):
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask(aws.endpoint, {"drop": []})
        assert "hold_replicas" in json.load(refused.value)["message"]
        assert ask(aws.endpoint)["hold_replicas"] == ["unknown/*"]


def test_faults_are_read_whole() -> None:
    assert read({"hold_answers": ["a"]}) == Faults(hold_answers=("a",))


def test_a_call_is_named_by_its_target_or_its_path() -> None:
    assert name_of("POST", "/", "AWSGlue.StartJobRun") == "AWSGlue.StartJobRun"
    assert name_of("PUT", "/bucket/key", None) == "PUT /bucket/key"


def test_a_held_answer_is_of_a_call_that_was_carried_out(aws: Aws) -> None:
    bucket = aws.bucket()
    s3 = aws.client("s3")
    call = threading.Thread(
        target=lambda: aws.client("s3").put_object(Bucket=bucket, Key="held", Body=b"1")
    )
    with held(aws.endpoint, hold_answers=[f"PUT /{bucket}/held"]):
        call.start()
        wait_until(lambda: s3.list_objects_v2(Bucket=bucket)["KeyCount"], lambda count: count == 1)
        # Every other call is answered meanwhile.
        s3.put_object(Bucket=bucket, Key="other", Body=b"1")
        assert call.is_alive()
    call.join(60)
    assert not call.is_alive()


def test_a_held_replica_waits_and_keeps_nothing_else_up(aws: Aws) -> None:
    pair = replicating(aws)
    with held(aws.endpoint, hold_replicas=["transformed/held-*"]):
        pair.put("transformed/held-1")
        pair.put("transformed/a")
        assert pair.status("transformed/a") == "COMPLETED"
        s3 = aws.client("s3")
        head = s3.head_object(Bucket=pair.source, Key="transformed/held-1")
        assert head["ReplicationStatus"] == "PENDING"
    assert pair.status("transformed/held-1") == "COMPLETED"
