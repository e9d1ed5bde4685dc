"""Alarms begin and end with the metric of their own dimensions, and tell their topic."""

from __future__ import annotations

import json
from typing import Any

from components.aws.naming import Names
from components.monitoring.metrics import of_pipeline
from components.monitoring.pipeline_alarms import pipeline_alarms
from tests.local.gateway.aws import Aws, document, wait_until

NAMES = Names(project="unified-pipelines", stack="alarms")


class Watched:
    """The alarm that a deployment makes for failing runs of one pipeline, and its messages."""

    def __init__(self, aws: Aws, pipeline: str) -> None:
        self.pipeline, self.aws = pipeline, aws
        self.cloudwatch = aws.client("cloudwatch")
        sns, self.sqs = aws.client("sns"), aws.client("sqs")
        topic = sns.create_topic(Name=aws.unique("alarms"))["TopicArn"]
        self.queue = self.sqs.create_queue(QueueName=aws.unique("alarms"))["QueueUrl"]
        arn = f"arn:aws:sqs:us-east-1:222222222222:{self.queue.rpartition('/')[2]}"
        publish = {"Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
        policy = document({"Effect": "Allow", "Resource": arn, **publish})
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes={"Policy": policy})
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        (alarm,) = pipeline_alarms(NAMES, {pipeline: None})
        self.name = aws.unique(alarm.purpose)
        self.cloudwatch.put_metric_alarm(
            AlarmName=self.name,
            Namespace=alarm.namespace,
            MetricName=alarm.metric,
            Dimensions=self.dimensions(),
            Statistic=alarm.statistic,
            ComparisonOperator=alarm.comparison,
            Threshold=alarm.threshold,
            Period=alarm.period_seconds,
            EvaluationPeriods=alarm.periods,
            TreatMissingData=alarm.missing_data,
            OKActions=[topic],
        )

    def dimensions(self) -> list[dict[str, str]]:
        return [{"Name": k, "Value": v} for k, v in of_pipeline(NAMES, self.pipeline).items()]

    def report(self, failed: int) -> None:
        metric = {"MetricName": "FailedRuns", "Value": failed, "Dimensions": self.dimensions()}
        self.cloudwatch.put_metric_data(Namespace="UnifiedPipelines", MetricData=[metric])

    @property
    def state(self) -> str:
        (alarm,) = self.cloudwatch.describe_alarms(AlarmNames=[self.name])["MetricAlarms"]
        return str(alarm["StateValue"])

    def messages(self) -> list[Any]:
        found = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        return [json.loads(each["Body"]) for each in found.get("Messages", [])]


def test_a_failed_run_is_an_alarm_of_its_own_pipeline(aws: Aws) -> None:
    failing, other = Watched(aws, "failing"), Watched(aws, "other")
    failing.report(1)
    assert (failing.state, other.state) == ("ALARM", "INSUFFICIENT_DATA")
    assert failing.messages() == []


def test_the_first_success_after_it_is_told(aws: Aws) -> None:
    recovering = Watched(aws, "recovering")
    recovering.cloudwatch.set_alarm_state(
        AlarmName=recovering.name, StateValue="ALARM", StateReason="A run failed an hour ago."
    )
    recovering.report(0)
    assert recovering.state == "OK"
    (message,) = wait_until(recovering.messages, bool)
    assert message["Subject"].startswith("OK: ")
