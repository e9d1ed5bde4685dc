"""What tells that the environment has failed: only with notifications, and by few permissions."""

from __future__ import annotations

import json

from tests.mocks import evaluate_stack, stack_as_it_is
from tests.topologies import stack_topology

TEAM = "arn:aws:sns:us-east-1:111111111111:team"
FUNCTION = "arn:aws:lambda:us-east-1:333333333333:function:unified-pipelines-prod-hub-status"
RULE = "arn:aws:events:us-east-1:333333333333:rule/unified-pipelines-prod-hub-status"


def test_without_notifications_there_is_none() -> None:
    names = {entry.name for entry in stack_as_it_is("dev").registrations.values()}
    assert not {name for name in names if name.startswith("hub-status")}


def test_a_topic_that_is_there_already_is_told_as_well() -> None:
    topology = {**stack_topology("dev"), "notifications": {"topic_arn": TEAM}}
    recorded = evaluate_stack("dev", topology=topology)
    function = recorded.one("Function", "hub-status-function")
    assert function.inputs["environment"]["variables"]["TOPIC_ARN"] == TEAM
    document = recorded.one("RolePolicy", "hub-status-policy").document("policy")
    (notify,) = [each for each in document["Statement"] if each["Sid"] == "Notify"]
    assert notify["Resource"] == TEAM


def test_the_rule_alone_invokes_the_function() -> None:
    recorded = stack_as_it_is("prod")
    permission = recorded.one("lambda/permission:Permission", "hub-status-permission")
    assert permission.inputs["principal"] == "events.amazonaws.com"
    assert permission.inputs["sourceArn"] == RULE
    target = recorded.one("EventTarget", "hub-status-target")
    assert target.inputs["arn"] == FUNCTION
    assert permission.urn in target.depends_on


def test_its_rule_takes_what_aws_documents_of_the_event() -> None:
    rule = stack_as_it_is("prod").one("EventRule", "hub-status-rule")
    assert json.loads(rule.inputs["eventPattern"]) == {
        "source": ["aws.airflow"],
        "detail-type": ["MWAA Environment Status Change"],
    }
    assert "eventBusName" not in rule.inputs


def test_of_airflow_it_may_ask_for_the_status_alone() -> None:
    document = stack_as_it_is("prod").one("RolePolicy", "hub-status-policy").document("policy")
    (asked,) = [each for each in document["Statement"] if "airflow:" in str(each["Action"])]
    assert (asked["Action"], asked["Resource"]) == (
        "airflow:GetEnvironment",
        "arn:aws:airflow:us-east-1:333333333333:environment/unified-pipelines-prod-hub-airflow",
    )
