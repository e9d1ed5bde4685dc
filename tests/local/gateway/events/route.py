"""The way of an upload's event: a bucket in one account and Region, a bus and a queue in others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.local.gateway.aws import (
    DATA,
    EAST,
    HUB,
    WEST,
    Aws,
    allow,
    document,
    service_trust,
    wait_until,
)

EVENTS = {"Service": "events.amazonaws.com"}
HIDDEN_SECONDS = 60
_KEY_USE = ["kms:GenerateDataKey", "kms:Decrypt"]
_TRANSFORMER = {
    "InputPathsMap": {
        name: f"$.{path}"
        for name, path in {
            "account": "account",
            "region": "region",
            "reason": "detail.reason",
            "bucket": "detail.bucket.name",
            "key": "detail.object.key",
            "version": "detail.object.version-id",
        }.items()
    },
    "InputTemplate": json.dumps(
        {"to": "receiver"}
        | {
            name: f"<{name}>"
            for name in ("account", "region", "reason", "bucket", "key", "version")
        }
    ),
}


@dataclass(kw_only=True)
class Route:
    """Everything on the way, and all that it needs to be permitted."""

    aws: Aws
    bucket: str
    role: str
    bus: str
    rule: str
    queue: str
    queue_url: str
    key: str

    @classmethod
    def create(cls, aws: Aws) -> Route:
        name = aws.unique("route")
        bucket = aws.bucket(region=WEST, versioned=True)
        hub, sqs = aws.client("events", HUB), aws.client("sqs", HUB)
        key = aws.key(HUB, EAST, allow(_KEY_USE, "*", Principal=EVENTS))
        url = sqs.create_queue(
            QueueName=name,
            Attributes={"KmsMasterKeyId": key, "VisibilityTimeout": str(HIDDEN_SECONDS)},
        )["QueueUrl"]
        route = cls(
            aws=aws,
            bucket=bucket,
            role=aws.role("sender", trusted=service_trust("events.amazonaws.com")),
            bus=hub.create_event_bus(Name=name)["EventBusArn"],
            rule=f"arn:aws:events:{EAST}:{HUB}:rule/{name}/received",
            queue=f"arn:aws:sqs:{EAST}:{HUB}:{name}",
            queue_url=url,
            key=key,
        )
        route._permit()
        route._connect()
        return route

    def _permit(self) -> None:
        self.aws.permit(self.role, allow("events:PutEvents", self.bus))
        self.open_bus(DATA)
        source = {"ArnEquals": {"aws:SourceArn": self.rule}}
        self.open_queue(Principal=EVENTS, Condition=source)

    def _connect(self) -> None:
        """The bucket's events, the rules of both buses, and their targets."""
        self.aws.client("s3", DATA, WEST).put_bucket_notification_configuration(
            Bucket=self.bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        of_bucket = {"bucket": {"name": [self.bucket]}}
        sent = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": of_bucket}
        sender = self.aws.client("events", DATA, WEST)
        sender.put_rule(Name=self.bucket, EventPattern=json.dumps(sent))
        sender.put_targets(
            Rule=self.bucket, Targets=[{"Id": "bus", "Arn": self.bus, "RoleArn": self.role}]
        )
        of_object = {"object": {"key": [{"wildcard": "raw/incoming/*.csv"}]}}
        received = {"account": [DATA], "region": [WEST], "detail": of_bucket | of_object}
        hub, named = self.aws.client("events", HUB), {"EventBusName": self.bus.rpartition("/")[2]}
        hub.put_rule(Name="received", **named, EventPattern=json.dumps(received))
        target = {"Id": "queue", "Arn": self.queue, "InputTransformer": _TRANSFORMER}
        hub.put_targets(Rule="received", **named, Targets=[target])

    def open_bus(self, account_id: str) -> None:
        """Let one role of the account put events on the bus."""
        role = self.role.replace(DATA, account_id)
        statement = allow(
            "events:PutEvents",
            self.bus,
            Principal={"AWS": f"arn:aws:iam::{account_id}:root"},
            Condition={"ArnEquals": {"aws:PrincipalArn": role}},
        )
        self.aws.client("events", HUB).put_permission(
            EventBusName=self.bus.rpartition("/")[2], Policy=document(statement)
        )

    def open_queue(self, **elements: Any) -> None:
        """Give the queue a policy of one statement."""
        policy = document(allow("sqs:SendMessage", self.queue, **elements))
        self.aws.client("sqs", HUB).set_queue_attributes(
            QueueUrl=self.queue_url, Attributes={"Policy": policy}
        )

    def open_key(self, **elements: Any) -> None:
        """Give the key a policy: its account's, and one statement."""
        root = allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{HUB}:root"})
        self.aws.client("kms", HUB).put_key_policy(
            KeyId=self.key,
            PolicyName="default",
            Policy=document(root, allow(_KEY_USE, "*", **elements)),
        )

    def upload(self, key: str, body: bytes = b"a,b") -> str:
        """The version of a new object."""
        s3 = self.aws.client("s3", DATA, WEST)
        version: str = s3.put_object(Bucket=self.bucket, Key=key, Body=body)["VersionId"]
        return version

    def messages(self) -> list[dict[str, Any]]:
        """What is in the queue, taken out."""
        sqs = self.aws.client("sqs", HUB)
        found = sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in found.get("Messages", [])]

    def received(self, count: int) -> list[dict[str, Any]]:
        """The first messages that arrive, as many as were awaited."""
        found: list[dict[str, Any]] = []

        def receive() -> int:
            found.extend(self.messages())
            return len(found)

        wait_until(receive, lambda number: number >= count)
        return found

    def denied(self, action: str, resource: str) -> dict[str, Any]:
        """The first denial of the action on the resource that is recorded."""

        def denials() -> list[dict[str, Any]]:
            rows = self.aws.calls(action)
            return [
                row for row in rows if row["resource"] == resource and row["decision"] != "allow"
            ]

        return wait_until(denials, bool)[0]
