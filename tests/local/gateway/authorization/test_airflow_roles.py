"""InvokeRestApi is authorized on a role of Airflow's in the environment."""

from __future__ import annotations

import pytest

from tests.local.gateway.aws import DATA, EAST, WEST, Aws, Statement, allow, deny, refusal

_ENVIRONMENT = "an-environment"
_ACTION = "airflow:InvokeRestApi"
_NOT_THERE = f"ResourceNotFoundException: Environment {_ENVIRONMENT} not found."


def _arn(role: str, environment: str = _ENVIRONMENT, region: str = EAST) -> str:
    return f"arn:aws:airflow:{region}:{DATA}:role/{environment}/{role}"


def _said(aws: Aws, *statements: Statement) -> str:
    """The answer to a caller with these permissions: the environment doesn't exist."""
    client = aws.client("mwaa", aws.session(*statements))
    return refusal(lambda: client.invoke_rest_api(Name=_ENVIRONMENT, Method="GET", Path="/dags"))


@pytest.mark.parametrize("role", ["Admin", "Op", "User", "Viewer", "Public"])
def test_each_role_is_enough_and_recorded(aws: Aws, role: str) -> None:
    assert _said(aws, allow(_ACTION, _arn(role))) == _NOT_THERE
    last = aws.calls(_ACTION)[-1]
    assert (last["resource"], last["decision"]) == (_arn(role), "allow")


@pytest.mark.parametrize(
    "resource",
    [
        _arn("Op", environment="another"),
        _arn("Op", region=WEST),
        f"arn:aws:airflow:{EAST}:{DATA}:environment/{_ENVIRONMENT}",
    ],
)
def test_another_resource_is_not(aws: Aws, resource: str) -> None:
    assert "AccessDenied" in _said(aws, allow(_ACTION, resource))


def test_a_caller_who_is_denied_one_role_has_another(aws: Aws) -> None:
    every = allow(_ACTION, _arn("*"))
    assert _said(aws, every, deny(_ACTION, _arn("Admin"))) == _NOT_THERE
    assert "AccessDenied" in _said(aws, every, deny(_ACTION, _arn("*")))
