"""Event buses, rules and targets, queues, event source mappings, and buckets that emit events."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from tests.local.deployment.conftest import Account
from tests.local.deployment.test_handlers_compute import service_role

PATTERN = json.dumps({"source": ["aws.s3"]})
PATHS = {"key": "$.detail.object.key"}
TEMPLATE = '{"key":<key>}'


def policy(action: str, resource: str, principal: dict[str, str]) -> str:
    statement = {
        "Sid": "Some",
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": resource,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_rule_of_a_bus_sends_to_a_queue(account: Account) -> None:
    start = f"arn:aws:events:{account.region}:{account.id}"
    queue_arn = f"arn:aws:sqs:{account.region}:{account.id}:queue"
    role_arn = service_role(account, "events")

    def program() -> None:
        options = account.options()
        dead = aws.sqs.Queue("dead", name="dead", opts=options)
        redrive = {"deadLetterTargetArn": dead.arn, "maxReceiveCount": 1000}
        queue = aws.sqs.Queue(
            "queue",
            name="queue",
            message_retention_seconds=1_209_600,
            visibility_timeout_seconds=360,
            redrive_policy=pulumi.Output.json_dumps(redrive),
            opts=options,
        )
        aws.sqs.QueuePolicy(
            "queue-policy",
            queue_url=queue.url,
            policy=policy("sqs:SendMessage", queue_arn, {"Service": "events.amazonaws.com"}),
            opts=options,
        )
        bus = aws.cloudwatch.EventBus("bus", name="bus", description="A bus", opts=options)
        aws.cloudwatch.EventBusPolicy(
            "bus-policy",
            event_bus_name=bus.name,
            policy=policy("events:PutEvents", f"{start}:event-bus/bus", {"AWS": account.id}),
            opts=options,
        )
        rule = aws.cloudwatch.EventRule(
            "rule", name="rule", event_bus_name=bus.name, event_pattern=PATTERN, opts=options
        )
        aws.cloudwatch.EventTarget(
            "target",
            rule=rule.name,
            event_bus_name=bus.name,
            target_id="queue",
            arn=queue.arn,
            input_transformer={"input_paths": PATHS, "input_template": TEMPLATE},
            opts=options,
        )
        near = aws.cloudwatch.EventRule("near", name="near", event_pattern=PATTERN, opts=options)
        aws.cloudwatch.EventTarget(
            "near-target",
            rule=near.name,
            target_id="bus",
            arn=bus.arn,
            role_arn=role_arn,
            opts=options,
        )
        pulumi.export("ids", [queue.id, queue.arn, bus.arn, rule.id, rule.arn, near.id, near.arn])

    url, *ids = account.deploy(program).outputs["ids"]

    assert ids == [
        queue_arn,
        f"{start}:event-bus/bus",
        "bus/rule",
        f"{start}:rule/bus/rule",
        "near",
        f"{start}:rule/near",
    ]
    events, sqs = account.client("events"), account.client("sqs")
    (target,) = events.list_targets_by_rule(Rule="rule", EventBusName="bus")["Targets"]
    assert target == {
        "Id": "queue",
        "Arn": queue_arn,
        "InputTransformer": {"InputPathsMap": PATHS, "InputTemplate": TEMPLATE},
    }
    (target,) = events.list_targets_by_rule(Rule="near")["Targets"]
    assert target == {"Id": "bus", "Arn": f"{start}:event-bus/bus", "RoleArn": role_arn}
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (found["MessageRetentionPeriod"], found["VisibilityTimeout"]) == ("1209600", "360")
    assert json.loads(found["RedrivePolicy"])["maxReceiveCount"] == 1000
    assert json.loads(found["Policy"])["Statement"][0]["Action"] == "sqs:SendMessage"
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"stack": "test"}


def test_a_queue_is_mapped_to_a_function(account: Account) -> None:
    role_arn = service_role(account, "lambda")
    everything = {"Effect": "Allow", "Action": ["sqs:*"], "Resource": "*"}
    account.client("iam").put_role_policy(
        RoleName="for-lambda",
        PolicyName="access",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [everything]}),
    )

    def program() -> None:
        options = account.options()
        queue = aws.sqs.Queue("queue", name="queue", visibility_timeout_seconds=60, opts=options)
        function = aws.lambda_.Function(
            "function",
            name="function",
            role=role_arn,
            runtime="python3.12",
            handler="code.handle",
            code=pulumi.AssetArchive({"code.py": pulumi.StringAsset("def handle(*_): pass\n")}),
            timeout=60,
            opts=options,
        )
        mapping = aws.lambda_.EventSourceMapping(
            "mapping",
            event_source_arn=queue.arn,
            function_name=function.name,
            batch_size=7,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximum_concurrency": 2},
            opts=options,
        )
        pulumi.export("id", mapping.id)

    identifier = account.deploy(program).outputs["id"]

    found: dict[str, Any] = account.client("lambda").get_event_source_mapping(UUID=identifier)
    assert found["BatchSize"] == 7
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert found["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_a_bucket_emits_events(account: Account) -> None:
    def program() -> None:
        options = account.options()
        bucket = aws.s3.Bucket("bucket", bucket="bucket-that-emits-events", opts=options)
        aws.s3.BucketNotification("events", bucket=bucket.bucket, eventbridge=True, opts=options)

    account.deploy(program)

    found = account.client("s3").get_bucket_notification_configuration(
        Bucket="bucket-that-emits-events"
    )
    assert found["EventBridgeConfiguration"] == {}
