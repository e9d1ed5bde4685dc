"""The hub's queue of uploads, and the one of those that couldn't become a run."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.pipeline.site import PipelineSite
from components.uploads import names
from components.uploads.policies import queue_policy

RETENTION_SECONDS = 14 * 24 * 3600
"""How long SQS keeps a message: its longest."""

RECEIVES = 1000
"""Attempts before a message is a dead letter: SQS's most, ten days of them. An environment may be
updating for hours."""

VISIBILITY_SECONDS = 360
"""Six times the function's limit, as Lambda asks for: less would hand out a message twice."""


@dataclass(frozen=True, kw_only=True)
class UploadQueueArgs:
    """`site` is the hub; `key_arn` is its customer key, which encrypts the messages."""

    site: PipelineSite
    key_arn: pulumi.Output[str]


class UploadQueue(pulumi.ComponentResource):
    """Both queues, and the policy that lets the hub's rules send to the first."""

    arn: pulumi.Output[str]
    """The ARN of the queue."""

    url: pulumi.Output[str]
    """Its URL, which is how SQS's calls name it."""

    dead_letter_url: pulumi.Output[str]
    """The URL of the queue of dead letters."""

    policy: pulumi.Resource
    """What a rule waits for whose target the queue is."""

    def __init__(
        self, name: str, args: UploadQueueArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:UploadQueue", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        dead = aws.sqs.Queue(
            f"{name}-dead-letters",
            name=names.dead_letter_queue_name(args.site),
            kms_master_key_id=args.key_arn,
            message_retention_seconds=RETENTION_SECONDS,
            opts=child,
        )
        queue = aws.sqs.Queue(
            f"{name}-messages",
            name=names.queue_name(args.site.settings.names),
            kms_master_key_id=args.key_arn,
            message_retention_seconds=RETENTION_SECONDS,
            visibility_timeout_seconds=VISIBILITY_SECONDS,
            redrive_policy=pulumi.Output.json_dumps(
                {"deadLetterTargetArn": dead.arn, "maxReceiveCount": RECEIVES}
            ),
            opts=child,
        )
        self.policy = aws.sqs.QueuePolicy(
            f"{name}-policy", queue_url=queue.url, policy=queue_policy(args.site), opts=child
        )
        self.arn, self.url, self.dead_letter_url = queue.arn, queue.url, dead.url
        self.register_outputs({"url": self.url, "dead_letter_url": self.dead_letter_url})
