"""Secrets Manager rotates with the function that is deployed, and with its role's permissions."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import pytest

from components.pipeline.cross_account_trust import hub_trust
from components.pipeline.external_ids import rotations_of
from components.rotation.rotation_function import FILES
from tests.local.gateway.aws import (
    DATA,
    EAST,
    HUB,
    Aws,
    Credentials,
    allow,
    refusal,
    service_trust,
    wait_until,
)

IDS = ["first-external-id", "second-external-id", "third-external-id"]


@dataclass(kw_only=True)
class Deployed:
    """A connection to a role, as the stack has them."""

    aws: Aws
    secret: str
    function: str
    regional_role: str
    execution: Credentials
    trusted: tuple[str, ...]
    """The ARNs of the hub's roles that the regional role trusts."""

    @property
    def secrets(self) -> Any:
        return self.aws.client("secretsmanager", HUB)

    def stages(self) -> list[list[str]]:
        found = self.secrets.describe_secret(SecretId=self.secret)
        return list(found["VersionIdsToStages"].values())

    def external_id(self) -> str:
        value = json.loads(self.secrets.get_secret_value(SecretId=self.secret)["SecretString"])
        return str(value["extra"]["assume_role_kwargs"]["ExternalId"])

    def rotate(self, **more: Any) -> None:
        self.secrets.rotate_secret(SecretId=self.secret, **more)

    def refused(self, external_id: str) -> str:
        """What AWS STS says to Airflow with this ExternalId."""
        return refusal(
            lambda: self.aws.assume(self.regional_role, self.execution, ExternalId=external_id)
        )

    def trust(self, *external_ids: str) -> None:
        iam, name = self.aws.client("iam", DATA), self.regional_role.rpartition("/")[2]
        document = hub_trust(
            region=EAST,
            hub_account_id=HUB,
            role_arns=self.trusted,
            external_ids=external_ids,
            organization_id=None,
        )
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=document)


@pytest.fixture
def deployed(aws: Aws) -> Deployed:
    names = {name: aws.unique(name) for name in ("connection", "function")}
    secrets, functions = aws.client("secretsmanager", HUB), aws.client("lambda", HUB)
    everywhere = allow("sts:AssumeRole", f"arn:aws:iam::{DATA}:role/*")
    execution = aws.role("execution", everywhere, by=HUB)
    rotation = aws.role(
        "rotation", everywhere, by=HUB, trusted=service_trust("lambda.amazonaws.com")
    )
    regional = aws.role("regional")
    extra = {"role_arn": regional, "assume_role_kwargs": {"ExternalId": IDS[0]}}
    stored = json.dumps({"first": 0, "external_ids": IDS})
    secret = secrets.create_secret(
        Name=names["connection"], SecretString=json.dumps({"conn_type": "aws", "extra": extra})
    )["ARN"]
    ring = secrets.create_secret(Name=f"rings/{names['connection']}", SecretString=stored)["ARN"]
    actions = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
    aws.permit(
        rotation,
        everywhere,
        allow([f"secretsmanager:{each}" for each in actions], secret),
        allow("secretsmanager:GetSecretValue", ring),
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        for name, path in FILES.items():
            package.write(path, name)
    functions.create_function(
        FunctionName=names["function"],
        Runtime="python3.12",
        Handler="rotate_external_id.handler",
        Role=rotation,
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"RINGS_PREFIX": "rings"}},
        Timeout=60,
    )
    made = Deployed(
        aws=aws,
        secret=secret,
        function=f"arn:aws:lambda:{EAST}:{HUB}:function:{names['function']}",
        regional_role=regional,
        execution=aws.assume(execution),
        trusted=(execution, rotation),
    )
    made.trust(*IDS)
    functions.add_permission(
        FunctionName=names["function"],
        StatementId="SecretsManager",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
        SourceAccount=HUB,
    )
    return made


def test_the_connection_moves_on_and_its_role_is_assumed_with_what_is_trusted(
    aws: Aws, deployed: Deployed
) -> None:
    """Sessions that are open go on; the used ExternalId goes with the next deployment's trust."""
    running = aws.assume(deployed.regional_role, deployed.execution, ExternalId=IDS[0])
    rules = {"AutomaticallyAfterDays": 90}
    deployed.rotate(
        RotationLambdaARN=deployed.function, RotationRules=rules, RotateImmediately=False
    )
    wait_until(deployed.stages, lambda found: found == [["AWSCURRENT"]])
    assert deployed.external_id() == IDS[0]

    deployed.rotate()
    wait_until(deployed.stages, lambda found: "AWSPENDING" not in str(found) and len(found) == 2)
    assert deployed.external_id() == IDS[1]
    assert rotations_of(deployed.stages()) == 1

    deployed.trust(*IDS[1:], "fourth-external-id")
    aws.assume(deployed.regional_role, deployed.execution, ExternalId=deployed.external_id())
    for outside in (IDS[0], "another"):
        assert deployed.refused(outside).startswith("AccessDenied")
    assert aws.client("sts", running).get_caller_identity()["Account"] == DATA


def test_of_two_rotations_at_once_secrets_manager_refuses_one(deployed: Deployed) -> None:
    deployed.rotate(RotationLambdaARN=deployed.function)
    said = refusal(deployed.rotate)
    assert said.startswith("InvalidRequestException: A previous rotation isn't complete.")
    wait_until(deployed.stages, lambda found: "AWSPENDING" not in str(found))
    assert deployed.external_id() == IDS[1]


def test_both_the_service_and_the_caller_must_be_allowed_to_call_the_function(
    aws: Aws, deployed: Deployed
) -> None:
    alone = aws.session(allow("secretsmanager:RotateSecret", deployed.secret), by=HUB)
    secrets, arguments = aws.client("secretsmanager", alone), {"SecretId": deployed.secret}
    said = refusal(lambda: secrets.rotate_secret(**arguments, RotationLambdaARN=deployed.function))
    assert "lambda:InvokeFunction" in said
    name = deployed.function.rpartition(":")[2]
    aws.client("lambda", HUB).remove_permission(FunctionName=name, StatementId="SecretsManager")
    said = refusal(lambda: deployed.rotate(RotationLambdaARN=deployed.function))
    assert said.startswith("AccessDeniedException: Secrets Manager cannot invoke")
