"""A data pipeline's side of runs that uploads start: the rule that sends events to the hub."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.pipeline.role import pipeline_role
from components.pipeline.site import PipelineSite
from components.uploads import names
from components.uploads.events import upload_pattern
from components.uploads.hub_uploads import UploadSource
from components.uploads.policies import sender, sender_trust


@dataclass(frozen=True, kw_only=True)
class PipelineUploadsArgs:
    """`received` is what the hub needs before an event is sent to it."""

    source: UploadSource
    hub: PipelineSite
    received: pulumi.Resource


class PipelineUploads(pulumi.ComponentResource):
    """The rule on the default bus of the pipeline's account and Region, and its role.

    EventBridge drops an event whose target refuses it, so the rule sends nothing before the hub's
    bus takes it.
    """

    def __init__(
        self, name: str, args: PipelineUploadsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:PipelineUploads", name, None, opts)
        site = args.source.site
        made = pipeline_role(
            name,
            site=site,
            purpose=names.SENDER_ROLE,
            description=f"Tells the hub of uploads to {site.name}",
            trust=sender_trust(site),
            statements=pulumi.Output.from_input(sender(args.hub)),
            parent=self,
        )
        rule = aws.cloudwatch.EventRule(
            f"{name}-rule",
            name=names.rule_name(site),
            description=f"Uploads that start runs of {site.name}",
            event_pattern=upload_pattern(site, args.source.keys),
            # Where the pattern changes, the hub's rule changes first.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.received]),
        )
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            target_id="hub",
            arn=names.bus_arn_of(args.hub),
            role_arn=made.role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[made.policy, args.received]),
        )
        self.register_outputs({})
