"""Alarms on the environment, and the topic that they are told to."""

from __future__ import annotations

import json
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from components.aws.naming import Names
from components.monitoring.alarm import Alarm
from components.monitoring.environment_alarms import environment_alarms
from components.monitoring.pipeline_alarms import pipeline_alarms, replication_alarms
from components.monitoring.policies import publishing
from components.monitoring.topic import NotificationTopic
from components.pipeline.site import PipelineSite
from components.rotation.alarms import rotation_alarms
from components.topology import limits
from components.topology.model import Alarms
from components.uploads.alarms import upload_alarms
from tests.mocks import Recorded, evaluate_stack, stack_as_it_is
from tests.topologies import stack_topology

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PREFIX = "arn:aws:sns:us-east-1:111111111111:unified-pipelines-dev"
OWN = f"{PREFIX}-hub-notifications"
EXISTING = "arn:aws:sns:us-east-1:111111111111:team"
NAMES = Names(project="unified-pipelines", stack="dev")
OFF = Alarms(**dict.fromkeys(Alarms.model_fields))


def with_notifications(**notifications: Any) -> Recorded:
    return evaluate_stack("dev", topology={**stack_topology("dev"), "notifications": notifications})


def alarms(recorded: Recorded) -> dict[str, dict[str, Any]]:
    return {str(each.inputs["name"]): dict(each.inputs) for each in recorded.of_type(ALARM)}


def test_a_stack_without_notifications_has_alarms_without_actions() -> None:
    found = alarms(stack_as_it_is("dev"))
    assert len(found) == 17
    assert all(each.get("alarmActions", []) == [] for each in found.values())
    assert stack_as_it_is("dev").of_type("aws:sns/topic:Topic") == []


def test_the_heartbeat_is_an_alarm_while_nothing_reports_it() -> None:
    found = alarms(stack_as_it_is("dev"))["unified-pipelines-dev-hub-scheduler-heartbeat"]
    assert {key: found[key] for key in ("metricName", "period", "evaluationPeriods")} == {
        "metricName": "SchedulerHeartbeat",
        "period": 300,
        "evaluationPeriods": 2,
    }
    assert found["treatMissingData"] == "breaching"
    assert found["dimensions"] == {
        "Environment": "unified-pipelines-dev-hub-airflow",
        "Function": "Scheduler",
    }


def hub() -> PipelineSite:
    """The hub of a stack, for its names alone: it has no provider."""
    settings: Any = SimpleNamespace(names=NAMES)
    return PipelineSite(
        settings=settings, name="hub", account_id="111111111111", region="us-east-1"
    )


def every_alarm(settings: Alarms) -> list[Alarm]:
    return [
        *environment_alarms(settings, "environment"),
        *upload_alarms(settings, hub(), ["east1"]),
        *replication_alarms(settings, NAMES, ["west2"]),
        *rotation_alarms(settings, hub()),
    ]


def test_every_threshold_arrives() -> None:
    numbers = {key: 100 - place for place, key in enumerate(Alarms.model_fields)}
    alarms = every_alarm(Alarms(**numbers))
    minutes = numbers.pop("scheduler_heartbeat_minutes")
    mebibytes = numbers.pop("database_free_memory_mib")
    assert alarms[0].periods == minutes // 5
    expected = {*numbers.values(), mebibytes * 2**20, 1}
    assert {each.threshold for each in alarms} == expected


@pytest.mark.parametrize("key", Alarms.model_fields)
def test_one_can_be_switched_off(key: str) -> None:
    without = {each.purpose for each in every_alarm(Alarms(**{key: None}))}
    only = {each.purpose for each in every_alarm(OFF.model_copy(update={key: 5}))}
    every = {each.purpose for each in every_alarm(Alarms())}
    assert only
    assert without == every - only


def test_the_hubs_queues_and_functions_are_watched() -> None:
    found = alarms(stack_as_it_is("prod"))
    prefix = "unified-pipelines-prod-hub"
    assert {
        name.removeprefix(f"{prefix}-"): each["dimensions"]
        for name, each in found.items()
        if not {"Environment", "Pipeline"} & set(each["dimensions"])
    } == {
        "backup-overdue": {"FunctionName": f"{prefix}-backup"},
        "oldest-upload": {"FunctionName": f"{prefix}-startruns"},
        "dead-uploads": {"QueueName": f"{prefix}-uploads-dead"},
        "rotation-errors": {"FunctionName": f"{prefix}-rotation"},
        "start-function-errors": {"FunctionName": f"{prefix}-startruns"},
        "status-function-errors": {"FunctionName": f"{prefix}-status"},
        "ireland-lost-uploads": {
            "EventBusName": f"{prefix}-uploads",
            "RuleName": "unified-pipelines-prod-ireland-upload",
        },
    }
    rules = stack_as_it_is("prod").of_type("aws:cloudwatch/eventRule:EventRule")
    assert "unified-pipelines-prod-ireland-upload" in {rule.inputs["name"] for rule in rules}
    # `lambda` is a keyword, so no import statement names the function's module.
    function: Any = import_module("workloads.lambda.start_runs")
    assert found[f"{prefix}-oldest-upload"]["namespace"] == function.METRICS
    backup: Any = import_module("workloads.lambda.back_up")
    assert found[f"{prefix}-backup-overdue"]["namespace"] == backup.METRICS


class TestPipelines:
    def test_a_failed_run_is_an_alarm_until_one_succeeds(self) -> None:
        failing, *others = pipeline_alarms(NAMES, {"east1": None})
        assert others == []
        assert failing.purpose == "east1-failing"
        assert (failing.metric, failing.threshold, failing.missing_data) == (
            "FailedRuns",
            0,
            "ignore",
        )
        assert failing.dimensions == {"Stack": "unified-pipelines-dev", "Pipeline": "east1"}

    @pytest.mark.parametrize("hours", limits.EXPECT_EVERY_HOURS)
    def test_the_longest_pause_is_as_long_as_cloudwatch_looks_back(self, hours: int) -> None:
        _, overdue = pipeline_alarms(NAMES, {"east1": hours})
        assert (overdue.metric, overdue.comparison) == ("SuccessfulRuns", "LessThanThreshold")
        assert (overdue.threshold, overdue.missing_data) == (1, "breaching")
        assert overdue.periods * overdue.period_seconds == hours * 3600 <= 604_800

    def test_a_replication_may_take_as_long_as_said(self) -> None:
        topology = stack_topology("dev")
        topology["hub"]["alarms"] = {"replication_seconds": 7200}
        prefix = "unified-pipelines-dev-hub"
        alarm = alarms(evaluate_stack("dev", topology=topology))[f"{prefix}-west2-replication"]
        assert (alarm["metricName"], alarm["threshold"]) == ("ReplicationSeconds", 7200)
        topology["hub"]["alarms"] = {"replication_seconds": None}
        assert f"{prefix}-west2-replication" not in alarms(evaluate_stack("dev", topology=topology))

    def test_both_kinds_can_have_one(self) -> None:
        topology = stack_topology("dev")
        topology["data_pipelines"]["east1"]["expect_every_hours"] = 24
        topology["ml_pipelines"]["west2"]["expect_every_hours"] = 168
        found = alarms(evaluate_stack("dev", topology=topology))
        prefix = "unified-pipelines-dev-hub"
        assert found[f"{prefix}-east1-overdue"]["evaluationPeriods"] == 24
        assert found[f"{prefix}-west2-overdue"]["evaluationPeriods"] == 168


def test_the_dashboard_has_a_row_for_each_pipeline() -> None:
    recorded = stack_as_it_is("prod")
    (dashboard,) = recorded.of_type("aws:cloudwatch/dashboard:Dashboard")
    assert dashboard.inputs["dashboardName"] == "unified-pipelines-prod-hub-runs"
    widgets = json.loads(str(dashboard.inputs["dashboardBody"]))["widgets"]
    topology = stack_topology("prod")
    pipelines = [*sorted(topology["data_pipelines"]), *sorted(topology["ml_pipelines"])]
    rows: dict[int, list[dict[str, Any]]] = {}
    for widget in widgets:
        rows.setdefault(widget["y"], []).append(widget)
        assert widget["properties"]["region"] == topology["hub"]["region"]
    assert all(sum(each["width"] for each in row) == 24 for row in rows.values())
    _, *of_pipelines = rows.values()
    for pipeline, row in zip(pipelines, of_pipelines, strict=True):
        assert {each["properties"]["title"].partition(":")[0] for each in row} == {pipeline}
        assert f'"{pipeline}"' in json.dumps(row[0]["properties"]["metrics"])


def test_a_budget_counts_the_stack_s_costs_in_its_account() -> None:
    (budget,) = stack_as_it_is("prod").of_type("aws:budgets/budget:Budget")
    assert {key: budget.inputs[key] for key in ("limitAmount", "limitUnit", "timeUnit")} == {
        "limitAmount": "1500",
        "limitUnit": "USD",
        "timeUnit": "MONTHLY",
    }
    found = {
        each["tags"]["key"]: each["tags"] for each in budget.inputs["filterExpression"]["ands"]
    }
    assert found["stack"]["values"] == ["prod"]
    assert set(found) == {"project", "stack"}
    assert [
        (each["threshold"], each["subscriberEmailAddresses"])
        for each in budget.inputs["notifications"]
    ] == [(80, ["data-platform@example.com"]), (100, ["data-platform@example.com"])]


class TestOwnTopic:
    def test_is_encrypted_and_told_by_every_alarm(self) -> None:
        recorded = with_notifications(emails=["a@example.com"])
        (topic,) = recorded.of_type("aws:sns/topic:Topic")
        assert str(topic.inputs["kmsMasterKeyId"]).startswith("arn:aws:kms:us-east-1:111111111111:")
        for name, alarm in alarms(recorded).items():
            begin = [] if name.endswith("-failing") else [OWN]
            assert (alarm.get("alarmActions", []), alarm["okActions"]) == (begin, [OWN])

    def test_has_a_subscription_per_address(self) -> None:
        recorded = with_notifications(
            emails=["a@example.com", "b@example.com"], https_endpoints=["https://example.com/a"]
        )
        assert {
            (each.inputs["protocol"], each.inputs["endpoint"], each.inputs["topic"])
            for each in recorded.of_type("aws:sns/topicSubscription:TopicSubscription")
        } == {
            ("email", "a@example.com", OWN),
            ("email", "b@example.com", OWN),
            ("https", "https://example.com/a", OWN),
        }

    def test_its_policy_and_its_key_know_the_stack_s_alarms_alone(self) -> None:
        recorded = with_notifications(emails=["a@example.com"])
        (policy,) = recorded.of_type("aws:sns/topicPolicy:TopicPolicy")
        of_alarms = {
            "ArnLike": {
                "aws:SourceArn": (
                    "arn:aws:cloudwatch:us-east-1:111111111111:alarm:unified-pipelines-dev-*"
                )
            },
            "StringEquals": {"aws:SourceAccount": "111111111111"},
        }
        allowed, denied = json.loads(str(policy.inputs["policy"]))["Statement"]
        assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert (allowed["Action"], allowed["Resource"]) == ("sns:Publish", OWN)
        assert allowed["Condition"] == of_alarms
        assert (denied["Effect"], denied["Condition"]) == (
            "Deny",
            {"Bool": {"aws:SecureTransport": "false"}},
        )
        key = next(each for each in recorded.of_type("aws:kms/key:Key") if each.name == "hub-key")
        (use,) = [
            each
            for each in json.loads(str(key.inputs["policy"]))["Statement"]
            if each["Sid"] == "AlarmsUseKey"
        ]
        assert use["Condition"] == of_alarms


class TestExistingTopic:
    def test_is_told_and_left_as_it_is(self) -> None:
        recorded = with_notifications(topic_arn=EXISTING)
        assert {tuple(each["okActions"]) for each in alarms(recorded).values()} == {(EXISTING,)}
        assert [each.type for each in recorded if each.type.startswith("aws:sns/")] == []


class TestPublishing:
    def test_to_the_own_topic_takes_its_key_too(self) -> None:
        notify, key = publishing(NotificationTopic(OWN, is_own=True), "key", "us-east-1")
        assert (notify["Action"], notify["Resource"]) == ("sns:Publish", OWN)
        assert key["Condition"] == {
            "StringEquals": {
                "kms:EncryptionContext:aws:sns:topicArn": OWN,
                "kms:ViaService": "sns.us-east-1.amazonaws.com",
            }
        }

    def test_to_an_existing_topic_takes_no_key_of_the_stack(self) -> None:
        (notify,) = publishing(NotificationTopic(EXISTING, is_own=False), "key", "us-east-1")
        assert notify["Resource"] == EXISTING
