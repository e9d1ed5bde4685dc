"""Requests against AWS's own models."""

from __future__ import annotations

from typing import Any

import pytest

from local.gateway.api.validation import problems

_ENVIRONMENT: dict[str, Any] = {
    "Name": "hub",
    "SourceBucketArn": "arn:aws:s3:::dags-1",
    "DagS3Path": "dags",
    "ExecutionRoleArn": "arn:aws:iam::111111111111:role/execution",
    "NetworkConfiguration": {"SubnetIds": ["subnet-1a2b3c4d", "subnet-1a2b3c4e"]},
}


def test_a_well_formed_request_has_none() -> None:
    assert problems("mwaa", "CreateEnvironment", _ENVIRONMENT) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"Name": "1hub"}, "Name: '1hub' does not match [a-zA-Z][0-9a-zA-Z-_]*"),
        ({"Name": "a" * 81}, "Name: 81 characters, at most 80 allowed"),
        ({"MaxWorkers": 0}, "MaxWorkers: 0, at least 1 needed"),
        ({"MaxWorkers": True}, "MaxWorkers: True is not a integer"),
        ({"MaxWorkers": "2"}, "MaxWorkers: '2' is not a integer"),
        (
            {"WebserverAccessMode": "OPEN"},
            "WebserverAccessMode: 'OPEN' is not one of PRIVATE_ONLY, PUBLIC_ONLY, PUBLIC_AND_PRI",
        ),
        (
            {"NetworkConfiguration": {"SubnetIds": ["subnet-1a2b3c4d"]}},
            "NetworkConfiguration.SubnetIds: 1 entries, at least 2 needed",
        ),
        (
            {"NetworkConfiguration": {"SubnetIds": ["subnet-1a2b3c4d", "elsewhere"]}},
            "NetworkConfiguration.SubnetIds[1]: 'elsewhere' does not match",
        ),
        ({"AirflowConfigurationOptions": {"core.a": 1}}, ".core.a: 1 is not a string"),
        ({"AirflowConfigurationOptions": []}, "AirflowConfigurationOptions: [] is not a map"),
        ({"Wokers": 1}, "Wokers: no such member; known are "),
    ],
)
def test_each_problem_names_its_place(changes: dict[str, Any], problem: str) -> None:
    (found,) = problems("mwaa", "CreateEnvironment", _ENVIRONMENT | changes)
    assert problem in found


def test_problems_come_in_the_models_order_not_the_requests() -> None:
    request = {**_ENVIRONMENT, "MaxWorkers": 0, "Name": "1hub", "Wrong": 1, "Absent": 1}
    requests = [request, dict(reversed(request.items()))]
    found = {tuple(problems("mwaa", "CreateEnvironment", request)) for request in requests}
    assert [[problem.split(":")[0] for problem in each] for each in found] == [
        ["Absent", "Wrong", "Name", "MaxWorkers"]
    ]


def test_what_is_missing_is_named() -> None:
    request = {name: value for name, value in _ENVIRONMENT.items() if name != "DagS3Path"}
    assert problems("mwaa", "CreateEnvironment", request) == ["DagS3Path: required, and missing"]


def test_a_document_may_hold_anything() -> None:
    request = {"Name": "hub", "Path": "/dags", "Method": "GET", "QueryParameters": {"limit": [1]}}
    assert problems("mwaa", "InvokeRestApi", request) == []
