"""The hub's side of runs that uploads start: bus, rules, queue and function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import HUB_OWNER
from components.network.airflow_endpoint import airflow_endpoint, endpoint_of
from components.network.environment_network import EnvironmentNetwork
from components.pipeline.site import PipelineSite
from components.uploads import names
from components.uploads.events import MESSAGE_PATHS, message_template, upload_pattern
from components.uploads.policies import bus_policy
from components.uploads.start_function import StartFunction, StartFunctionArgs
from components.uploads.upload_queue import UploadQueue, UploadQueueArgs


@dataclass(frozen=True, kw_only=True)
class UploadSource:
    """A data pipeline, and the pattern of the keys whose uploads start its runs."""

    site: PipelineSite
    keys: str


@dataclass(frozen=True, kw_only=True)
class HubUploadsArgs:
    """`site` is the hub, with its key and its environment's network; `sources` are by name."""

    site: PipelineSite
    key_arn: pulumi.Output[str]
    network: EnvironmentNetwork
    sources: Mapping[str, UploadSource]


class HubUploads(pulumi.ComponentResource):
    """Takes the events of the pipelines' buckets, and starts a DAG run for each.

    The environment waits for none of it, and it waits for no environment: until there is one, the
    messages stay in the queue.
    """

    received: Mapping[str, pulumi.Resource]
    """By pipeline, what has to be there before its events are sent: nothing sends them again."""

    reachable: list[pulumi.Resource]
    """The way to Amazon MWAA that was made, if the network had none."""

    outputs: Mapping[str, pulumi.Output[str]]
    """What the stack exports of it."""

    def __init__(
        self, name: str, args: HubUploadsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:HubUploads", name, None, opts)
        self._name = name
        self._args = args
        self._bus = aws.cloudwatch.EventBus(
            f"{name}-bus",
            name=names.bus_name(args.site.settings.names),
            description="Uploads to the buckets of data pipelines",
            opts=self._child(),
        )
        self._queue = UploadQueue(
            f"{name}-queue",
            UploadQueueArgs(site=args.site, key_arn=args.key_arn),
            self._child(),
        )
        self.reachable = self._endpoint()
        function = StartFunction(
            f"{name}-start",
            StartFunctionArgs(
                site=args.site,
                key_arn=args.key_arn,
                network=args.network,
                queue=self._queue,
                reachable=self.reachable,
            ),
            self._child(),
        )
        policy = self._bus_policy()
        self.received = {
            pipeline: self._rule(pipeline, source, after=policy)
            for pipeline, source in sorted(args.sources.items())
        }
        self.outputs = {
            "queue_url": self._queue.url,
            "dead_letter_queue_url": self._queue.dead_letter_url,
            "function_name": function.function_name,
        }
        self.register_outputs(dict(self.outputs))

    def _child(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=list(after))

    def _bus_policy(self) -> pulumi.Resource:
        hub = self._args.site
        roles: dict[str, list[str]] = defaultdict(list)
        for source in self._args.sources.values():
            roles[source.site.account_id].append(source.site.role_arn(names.SENDER_ROLE))
        return aws.cloudwatch.EventBusPolicy(
            f"{self._name}-bus-policy",
            event_bus_name=self._bus.name,
            policy=bus_policy(names.bus_arn_of(hub), hub.region, roles),
            opts=self._child(),
        )

    def _rule(self, pipeline: str, source: UploadSource, after: pulumi.Resource) -> pulumi.Resource:
        rule = aws.cloudwatch.EventRule(
            f"{self._name}-{pipeline}-rule",
            name=names.rule_name(source.site),
            description=f"Uploads that start runs of {pipeline}",
            event_bus_name=self._bus.name,
            event_pattern=upload_pattern(source.site, source.keys),
            opts=self._child(),
        )
        return aws.cloudwatch.EventTarget(
            f"{self._name}-{pipeline}-target",
            rule=rule.name,
            event_bus_name=self._bus.name,
            target_id="queue",
            arn=self._queue.arn,
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths=MESSAGE_PATHS, input_template=message_template(source.site)
            ),
            opts=self._child(self._queue.policy, after),
        )

    def _endpoint(self) -> list[pulumi.Resource]:
        return airflow_endpoint(
            f"{self._name}-airflow-endpoint",
            site=self._args.site,
            network=self._args.network,
            parent=self,
            formerly=endpoint_of("BackupFunction", f"{HUB_OWNER}-backup"),
        )
