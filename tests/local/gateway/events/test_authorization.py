"""What a caller needs for buses, rules and encrypted queues."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from tests.local.gateway.aws import DATA, EAST, Aws, allow, document, refusal, service_trust

_START = f"arn:aws:events:{EAST}:{DATA}"
_PATTERN = json.dumps({"source": ["aws.s3"]})


class TestRules:
    """A rule's ARN names its bus, unless that is the default bus."""

    def _events(self, aws: Aws, *actions: str, resource: str) -> Any:
        return aws.client("events", aws.session(allow(actions, resource)))

    def test_of_the_default_bus(self, aws: Aws) -> None:
        name = aws.unique("rule")
        resource = f"{_START}:rule/{name}"
        events = self._events(aws, "events:PutRule", "events:DescribeRule", resource=resource)
        events.put_rule(Name=name, EventPattern=_PATTERN)
        assert events.describe_rule(Name=name)["Arn"] == resource

    def test_of_another_bus(self, aws: Aws) -> None:
        bus, name = aws.unique("bus"), aws.unique("rule")
        own = self._events(aws, "events:CreateEventBus", resource=f"{_START}:event-bus/{bus}")
        own.create_event_bus(Name=bus)
        actions, rule = ["events:PutRule", "events:PutTargets"], {"EventBusName": bus}
        events = self._events(aws, *actions, resource=f"{_START}:rule/{bus}/{name}")
        events.put_rule(**rule, Name=name, EventPattern=_PATTERN)
        targets = [{"Id": "queue", "Arn": f"arn:aws:sqs:{EAST}:{DATA}:queue"}]
        events.put_targets(**rule, Rule=name, Targets=targets)
        elsewhere = self._events(aws, *actions, resource=f"{_START}:rule/{name}")
        said = refusal(lambda: elsewhere.put_targets(**rule, Rule=name, Targets=targets))
        assert "events:PutTargets" in said

    def test_tags_need_the_permission_to_tag(self, aws: Aws) -> None:
        events = aws.client("events", aws.session(allow("events:PutRule", "*")))
        said = refusal(
            lambda: events.put_rule(
                Name=aws.unique("rule"),
                EventPattern=_PATTERN,
                Tags=[{"Key": "stack", "Value": "test"}],
            )
        )
        assert "perform: events:TagResource " in said

    def test_a_targets_role_is_passed_to_eventbridge(self, aws: Aws) -> None:
        name, role = (
            aws.unique("rule"),
            aws.role("passed", trusted=service_trust("events.amazonaws.com")),
        )
        aws.client("events").put_rule(Name=name, EventPattern=_PATTERN)
        targets = [{"Id": "bus", "Arn": f"{_START}:event-bus/other", "RoleArn": role}]
        put = allow("events:PutTargets", "*")
        events = aws.client("events", aws.session(put))
        assert "iam:PassRole" in refusal(lambda: events.put_targets(Rule=name, Targets=targets))
        condition = {"StringEquals": {"iam:PassedToService": "events.amazonaws.com"}}
        session = aws.session(put, allow("iam:PassRole", role, Condition=condition))
        aws.client("events", session).put_targets(Rule=name, Targets=targets)


class TestBusPolicies:
    @pytest.fixture
    def bus(self, aws: Aws) -> str:
        name = aws.unique("bus")
        aws.client("events").create_event_bus(Name=name)
        return name

    def _policy(self, bus: str) -> str:
        put = allow("events:PutEvents", f"{_START}:event-bus/{bus}", Principal={"AWS": DATA})
        return document(put)

    def test_a_whole_policy_is_kept_as_it_is(self, aws: Aws, bus: str) -> None:
        events = aws.client("events")
        events.put_permission(EventBusName=bus, Policy=self._policy(bus))
        kept = events.describe_event_bus(Name=bus)["Policy"]
        assert json.loads(kept) == json.loads(self._policy(bus))

    def test_putting_one_has_no_resource(self, aws: Aws, bus: str) -> None:
        """A statement that names the bus therefore isn't about it."""
        put = {"EventBusName": bus, "Policy": self._policy(bus)}
        permission = allow("events:PutPermission", f"{_START}:event-bus/{bus}")
        events = aws.client("events", aws.session(permission))
        assert "events:PutPermission" in refusal(lambda: events.put_permission(**put))
        permission = allow("events:PutPermission", "*")
        aws.client("events", aws.session(permission)).put_permission(**put)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"Policy": "{}"}, "ValidationException"),
            ({"EventBusName": "none"}, "ResourceNotFoundException"),
        ],
    )
    def test_it_is_refused(self, aws: Aws, bus: str, change: dict[str, str], code: str) -> None:
        put = {"EventBusName": bus, "Policy": self._policy(bus)} | change
        said = refusal(lambda: aws.client("events").put_permission(**put))
        assert said.startswith(code)


class TestEncryptedQueue:
    """Who sends or reads messages needs the queue's key, through SQS and for that queue."""

    @pytest.fixture(params=["its ARN", "its id", "an alias"])
    def queue(self, request: pytest.FixtureRequest, aws: Aws) -> str:
        key, alias = aws.key(), f"alias/{aws.unique('queue')}"
        aws.client("kms").create_alias(AliasName=alias, TargetKeyId=key)
        ways = {"its ARN": key, "its id": key.rpartition("/")[2], "an alias": alias}
        url: str = aws.client("sqs").create_queue(
            QueueName=aws.unique("queue"), Attributes={"KmsMasterKeyId": ways[request.param]}
        )["QueueUrl"]
        return url

    def _client(self, aws: Aws, queue: str, *actions: str) -> Any:
        context = f"arn:aws:sqs:{EAST}:{DATA}:{queue.rpartition('/')[2]}"
        condition = {
            "StringEquals": {
                "kms:ViaService": f"sqs.{EAST}.amazonaws.com",
                "kms:EncryptionContext:aws:sqs:arn": context,
            }
        }
        use = [allow(actions, "*", Condition=condition)] if actions else []
        return aws.client("sqs", aws.session(allow("sqs:*", "*"), *use))

    def test_sending_and_reading(self, aws: Aws, queue: str) -> None:
        generate, decrypt = "kms:GenerateDataKey", "kms:Decrypt"
        for given, missing in (((), generate), ((generate,), decrypt)):
            send = partial(self._client(aws, queue, *given).send_message, QueueUrl=queue)
            assert f"perform: {missing} " in refusal(partial(send, MessageBody="m"))
        self._client(aws, queue, generate, decrypt).send_message(QueueUrl=queue, MessageBody="m")
        unable = self._client(aws, queue)
        assert decrypt in refusal(lambda: unable.receive_message(QueueUrl=queue))
        able = self._client(aws, queue, decrypt)
        assert able.receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "m"
