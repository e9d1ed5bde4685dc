"""What the topic of a kept run is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from components.aws.arns import service_arn
from components.aws.policy_document import policy_document, statement
from components.monitoring.topic import topic_name
from tests.local.kept_run import KeptRun, wait_for

Told = Callable[[], list[dict[str, Any]]]


@contextmanager
def notifications(kept: KeptRun) -> Iterator[Told]:
    """A queue that subscribes to the topic; calling it waits for messages, and returns them.

    Airflow calls a callback once the task has failed, so a run may have ended before.
    """
    hub = kept.plan.hub
    sqs, sns = kept.client("sqs", hub), kept.client("sns", hub)
    endpoint = service_arn("sqs", hub.region, hub.account_id, "told")
    publish = statement(
        "Publish", "sqs:SendMessage", endpoint, principals={"Service": "sns.amazonaws.com"}
    )
    queue = sqs.create_queue(QueueName="told", Attributes={"Policy": policy_document([publish])})
    url = queue["QueueUrl"]
    topic = service_arn("sns", hub.region, hub.account_id, topic_name(kept.names))
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=endpoint)

    def received() -> list[dict[str, Any]] | None:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        return [json.loads(message["Body"]) for message in found.get("Messages", [])] or None

    def told() -> list[dict[str, Any]]:
        return wait_for("a notification", received)

    try:
        yield told
    finally:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=url)
