"""The names and descriptions of security groups that EC2 accepts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.gateway.aws import DATA, EAST, Aws, refusal

EVERY_CHARACTER = "azAZ09 ._-:/()#,@[]+=&;{}!$*"
REFUSED = ["the hub's own", "größer", "one\ntwo", "a < b", "x" * 256]


@pytest.fixture(scope="module")
def ec2(aws: Aws) -> Any:
    return aws.client("ec2", DATA, EAST)


def test_what_ec2_allows(ec2: Any) -> None:
    group = ec2.create_security_group(GroupName="texts", Description=EVERY_CHARACTER)["GroupId"]
    answer = ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[rule(EVERY_CHARACTER)]
    )
    assert len(answer["SecurityGroupRules"]) == 1


@pytest.mark.parametrize("text", REFUSED)
def test_another_description_of_a_group_is_refused(ec2: Any, text: str) -> None:
    said = refusal(lambda: ec2.create_security_group(GroupName="refused", Description=text))
    assert said.startswith("InvalidParameterValue: ")
    assert "GroupDescription" in said
    assert "._-:/()#,@[]+=&;{}!$*" in said


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_another_description_of_a_rule_is_refused(ec2: Any, direction: str) -> None:
    group = ec2.create_security_group(GroupName=direction, Description="rules")["GroupId"]
    authorize = getattr(ec2, f"authorize_security_group_{direction}")
    said = refusal(lambda: authorize(GroupId=group, IpPermissions=[rule("Airflow's")]))
    assert "InvalidParameterValue: Invalid value 'Airflow's' for IpPermissions.1.IpRanges" in said


def rule(description: str) -> dict[str, Any]:
    ranges = [{"CidrIp": "10.0.0.0/8", "Description": description}]
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}
