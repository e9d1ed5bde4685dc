"""Alarms and dashboard in the hub, and the topic that alarms and failed runs are told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import ALARM_NAME_LIMIT, HUB_OWNER, Names
from components.aws.policy_document import policy_document
from components.monitoring.alarm import Alarm
from components.monitoring.dashboard import dashboard_name
from components.monitoring.policies import alarms_of, topic_policy
from components.monitoring.topic import NotificationTopic, topic_name
from components.topology.model import Notifications


@dataclass(frozen=True, kw_only=True)
class HubMonitoringArgs:
    """`topic` is where notifications go: made here, for the addresses, if it is the stack's own.

    `key_arn` is the hub's key, which encrypts such a topic.
    """

    names: Names
    account_id: str
    region: str
    alarms: Sequence[Alarm]
    dashboard: str
    """The dashboard's definition."""

    notifications: Notifications
    topic: NotificationTopic | None
    key_arn: pulumi.Input[str]


class HubMonitoring(pulumi.ComponentResource):
    """The alarms of the hub, its dashboard, and the topic unless the topology names one.

    Deploy it with the hub's provider. What is watched doesn't have to exist; the alarm on the
    scheduler's heartbeat is in alarm until the environment is there.
    """

    def __init__(
        self, name: str, args: HubMonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:HubMonitoring", name, None, opts)
        self._name = name
        self._args = args
        if args.topic is not None and args.topic.is_own:
            self._topic(args.notifications)
        for alarm in args.alarms:
            self._alarm(alarm)
        aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=dashboard_name(args.names),
            dashboard_body=args.dashboard,
            opts=self._child(),
        )
        self.register_outputs({})

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, delete_before_replace=True)

    def _topic(self, told: Notifications) -> None:
        args = self._args
        topic = aws.sns.Topic(
            f"{self._name}-topic",
            name=topic_name(args.names),
            kms_master_key_id=args.key_arn,
            opts=self._child(),
        )
        of_alarms = alarms_of(args.names, args.account_id, args.region)
        aws.sns.TopicPolicy(
            f"{self._name}-topic-policy",
            arn=topic.arn,
            policy=topic.arn.apply(lambda arn: policy_document(topic_policy(arn, of_alarms))),
            opts=self._child(),
        )
        addresses = [("email", each) for each in told.emails]
        addresses += [("https", each) for each in told.https_endpoints]
        for protocol, endpoint in addresses:
            aws.sns.TopicSubscription(
                f"{self._name}-{protocol}-{endpoint}",
                topic=topic.arn,
                protocol=protocol,
                endpoint=endpoint,
                opts=self._child(),
            )

    def _alarm(self, alarm: Alarm) -> None:
        args = self._args
        told = [] if args.topic is None else [args.topic.arn]
        aws.cloudwatch.MetricAlarm(
            f"{self._name}-{alarm.purpose}",
            name=args.names.of(HUB_OWNER, alarm.purpose, limit=ALARM_NAME_LIMIT),
            alarm_description=alarm.description,
            namespace=alarm.namespace,
            metric_name=alarm.metric,
            dimensions=alarm.dimensions,
            statistic=alarm.statistic,
            comparison_operator=alarm.comparison,
            threshold=alarm.threshold,
            period=alarm.period_seconds,
            evaluation_periods=alarm.periods,
            treat_missing_data=alarm.missing_data,
            alarm_actions=told if alarm.tells_of_its_begin else [],
            ok_actions=told,
            opts=self._child(),
        )
