"""Lambda functions run as their role."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local.gateway.aws import DATA, EAST, Aws, allow, refusal, service_trust, trust
from tests.local.gateway.functions.package import zipped

_CODE = """
import os
import boto3

def handler(event, context):
    if event.get("fail"):
        raise ValueError("no run given")
    if event.get("environment"):
        boto3.client("mwaa").invoke_rest_api(
            Name=event["environment"], Method="GET", Path="/dags"
        )
    print("handled")
    return {
        "event": event,
        "bucket": os.environ["BUCKET_NAME"],
        "leaked": sorted(name for name in os.environ if name in ("AWS_PROFILE", "PYTHONPATH")),
        "as": boto3.client("sts").get_caller_identity()["Arn"],
    }
"""


def _function(aws: Aws, role: str, **settings: Any) -> str:
    name = aws.unique("function")
    aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="code.handler",
        Role=role,
        Code={"ZipFile": zipped(_CODE)},
        Environment={"Variables": {"BUCKET_NAME": "b"}},
        Timeout=60,
        **settings,
    )
    return name


@pytest.fixture
def role(aws: Aws) -> str:
    return aws.role(
        "function",
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*"),
        trusted=service_trust("lambda.amazonaws.com"),
    )


def _invoke(aws: Aws, name: str, event: dict[str, Any]) -> tuple[Any, str | None]:
    answer = aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    return json.load(answer["Payload"]), answer.get("FunctionError")


def test_it_runs_as_its_role_with_its_variables_alone(aws: Aws, role: str) -> None:
    name = _function(aws, role)
    result, error = _invoke(aws, name, {"run": "r"})
    assert error is None
    role_name = role.rpartition("/")[2]
    assert result == {
        "event": {"run": "r"},
        "bucket": "b",
        "leaked": [],
        "as": f"arn:aws:sts::{DATA}:assumed-role/{role_name}/{name}",
    }


def test_an_exception_is_a_function_error(aws: Aws, role: str) -> None:
    result, error = _invoke(aws, _function(aws, role), {"fail": True})
    assert error == "Unhandled"
    assert result["errorMessage"] == "no run given"


def test_it_calls_airflow_with_its_roles_permissions(aws: Aws, role: str) -> None:
    """The prefix that the SDK puts before the host of Amazon MWAA has no address here."""
    name = _function(aws, role)
    assert "AccessDenied" in _invoke(aws, name, {"environment": "e"})[0]["errorMessage"]
    aws.permit(role, allow("airflow:InvokeRestApi", f"arn:aws:airflow:{EAST}:{DATA}:role/e/Op"))
    result, _ = _invoke(aws, name, {"environment": "e"})
    assert "ResourceNotFoundException" in result["errorMessage"]


def test_policies_tell_its_own_calls_from_lambdas(aws: Aws, role: str) -> None:
    """What is for Lambda alone is denied to the function, by the key that only its calls have."""
    call = "airflow:InvokeRestApi"
    for has_key, expected in (("true", "AccessDenied"), ("false", "ResourceNotFoundException")):
        condition = {"Null": {"lambda:SourceFunctionArn": has_key}}
        aws.permit(role, allow(call, "*", Condition=condition))
        result, _ = _invoke(aws, _function(aws, role), {"environment": "e"})
        assert expected in result["errorMessage"]


@pytest.mark.parametrize("missing", ["Create", "Describe", "Delete"])
def test_a_role_for_a_network_can_have_interfaces_made(aws: Aws, missing: str) -> None:
    role = aws.role("function", trusted=service_trust("lambda.amazonaws.com"))
    actions = {
        "Create": "ec2:CreateNetworkInterface",
        "Describe": "ec2:DescribeNetworkInterfaces",
        "Delete": "ec2:DeleteNetworkInterface",
    }
    network = {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
    by_lambda = {"Null": {"lambda:SourceFunctionArn": "true"}}
    given = [action for verb, action in actions.items() if verb != missing]
    aws.permit(role, allow(given, "*", Condition=by_lambda))
    assert refusal(lambda: _function(aws, role, VpcConfig=network)) == (
        "InvalidParameterValueException: The provided execution role does not have permissions "
        f"to call {actions[missing].partition(':')[2]} on EC2"
    )
    aws.permit(role, allow(list(actions.values()), "*", Condition=by_lambda))
    _function(aws, role, VpcConfig=network)


def test_its_output_is_logged_with_the_roles_permissions(aws: Aws, role: str) -> None:
    name = _function(aws, role)
    _invoke(aws, name, {})
    events = aws.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    assert "handled" in [event["message"] for event in events]


def test_without_these_rights_it_runs_unlogged(aws: Aws, role: str) -> None:
    aws.permit(role, allow("s3:GetObject", "*"))
    name = _function(aws, role)
    assert _invoke(aws, name, {})[1] is None
    logs = aws.client("logs")
    assert "ResourceNotFound" in refusal(
        lambda: logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")
    )


def test_a_role_that_does_not_trust_lambda_runs_nothing(aws: Aws) -> None:
    elsewhere = trust(
        {"Service": "lambda.amazonaws.com"},
        StringEquals={"aws:SourceAccount": "999999999999"},
    )
    name = _function(aws, aws.role("function", trusted=elsewhere))
    result, error = _invoke(aws, name, {})
    assert error is not None
    assert "cannot be assumed by Lambda" in result["errorMessage"]


class TestEncryptedVariables:
    """Lambda decrypts a function's variables in the name of its role, before its first line."""

    def test_with_the_key_for_this_function(self, aws: Aws, role: str) -> None:
        key = aws.key()
        name = _function(aws, role, KMSKeyArn=key)
        arn = f"arn:aws:lambda:{EAST}:{DATA}:function:{name}"
        condition = {"StringEquals": {"kms:EncryptionContext:aws:lambda:FunctionArn": arn}}
        aws.permit(role, allow("kms:Decrypt", key, Condition=condition))
        assert _invoke(aws, name, {})[1] is None

    def test_without_it(self, aws: Aws, role: str) -> None:
        result, error = _invoke(aws, _function(aws, role, KMSKeyArn=aws.key()), {})
        assert error is not None
        assert "unable to decrypt the environment variables" in result["errorMessage"]

    def test_with_a_key_that_is_disabled(self, aws: Aws, role: str) -> None:
        key = aws.key()
        name = _function(aws, role, KMSKeyArn=key)
        aws.permit(role, allow("kms:Decrypt", key))
        aws.client("kms").disable_key(KeyId=key)
        result, error = _invoke(aws, name, {})
        assert error is not None
        assert f"decrypt the environment variables: {key} is disabled." in result["errorMessage"]
