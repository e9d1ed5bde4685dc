"""Who may assume which role."""

from __future__ import annotations

import pytest

from tests.local.gateway.aws import DATA, HUB, Aws, Credentials, allow, refusal, trust


class TestCrossAccountRole:
    """Trust of the hub's root, narrowed to one role by `aws:PrincipalArn` and an ExternalId."""

    @pytest.fixture
    def execution_role(self, aws: Aws) -> str:
        everywhere = allow("sts:AssumeRole", f"arn:aws:iam::{DATA}:role/*")
        return aws.role("execution", everywhere, by=HUB)

    @pytest.fixture
    def regional_role(self, aws: Aws, execution_role: str) -> str:
        return aws.role(
            "regional",
            trusted=trust(
                {"AWS": f"arn:aws:iam::{HUB}:root"},
                ArnEquals={"aws:PrincipalArn": execution_role},
                StringEquals={"sts:ExternalId": "right"},
            ),
        )

    @pytest.fixture
    def execution(self, aws: Aws, execution_role: str) -> Credentials:
        return aws.assume(execution_role)

    def test_lets_the_named_role_in(
        self, aws: Aws, execution: Credentials, regional_role: str
    ) -> None:
        session = aws.assume(regional_role, execution, ExternalId="right")
        identity = aws.client("sts", session).get_caller_identity()
        name = regional_role.rpartition("/")[2]
        assert identity["Arn"] == f"arn:aws:sts::{DATA}:assumed-role/{name}/test"

    @pytest.mark.parametrize("more", [{}, {"ExternalId": "wrong"}])
    def test_refuses_without_the_external_id(
        self, aws: Aws, execution: Credentials, regional_role: str, more: dict[str, str]
    ) -> None:
        assert refusal(lambda: aws.assume(regional_role, execution, **more)).startswith("AccessDen")

    def test_refuses_another_role_of_that_account(self, aws: Aws, regional_role: str) -> None:
        other = aws.session(allow("sts:AssumeRole", regional_role), by=HUB)
        said = refusal(lambda: aws.assume(regional_role, other, ExternalId="right"))
        assert said.startswith("AccessDenied")

    def test_refuses_that_accounts_root(self, aws: Aws, regional_role: str) -> None:
        said = refusal(lambda: aws.assume(regional_role, HUB, ExternalId="right"))
        assert said.startswith("AccessDenied")

    def test_refuses_the_role_without_a_permission_of_its_own(
        self, aws: Aws, execution_role: str, regional_role: str
    ) -> None:
        aws.permit(execution_role, allow("s3:ListAllMyBuckets", "*"))
        execution = aws.assume(execution_role)
        said = refusal(lambda: aws.assume(regional_role, execution, ExternalId="right"))
        assert said.startswith("AccessDenied")


class TestSession:
    """Its name and how long it lasts."""

    def _refused(self, aws: Aws, role: str, name: str = "test", **more: int) -> str:
        sts = aws.client("sts")
        return refusal(lambda: sts.assume_role(RoleArn=role, RoleSessionName=name, **more))

    def _lasting(self, aws: Aws, seconds: int) -> str:
        role = aws.role("lasting")
        aws.client("iam").update_role(RoleName=role.rpartition("/")[2], MaxSessionDuration=seconds)
        return role

    @pytest.mark.parametrize("name", ["a b", "a/b", "x" * 65])
    def test_a_name_that_aws_does_not_take(self, aws: Aws, name: str) -> None:
        said = self._refused(aws, aws.role("named"), name)
        assert said.startswith("ValidationError: RoleSessionName: ")

    def test_a_name_of_every_kind_of_character(self, aws: Aws) -> None:
        sts, role = aws.client("sts"), aws.role("named")
        assumed = sts.assume_role(RoleArn=role, RoleSessionName="aZ0_+=,.@-")["AssumedRoleUser"]
        assert assumed["Arn"].endswith("/aZ0_+=,.@-")

    def test_longer_than_any_role_allows(self, aws: Aws) -> None:
        said = self._refused(aws, self._lasting(aws, 43200), DurationSeconds=43201)
        assert said == "ValidationError: DurationSeconds: 43201, at most 43200 allowed"

    def test_longer_than_the_role_allows(self, aws: Aws) -> None:
        said = self._refused(aws, aws.role("an-hour"), DurationSeconds=3601)
        assert said == (
            "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set "
            "for this role: 3600"
        )

    def test_as_long_as_the_role_allows(self, aws: Aws) -> None:
        aws.assume(self._lasting(aws, 7200), DurationSeconds=7200)

    def test_a_role_of_a_role_for_an_hour_at_most(self, aws: Aws) -> None:
        caller = aws.session(allow("sts:AssumeRole", "*"))
        role = self._lasting(aws, 7200)
        aws.assume(role, caller, DurationSeconds=3600)
        said = refusal(lambda: aws.assume(role, caller, DurationSeconds=3601))
        assert said.startswith("ValidationError: ")
        assert "role chaining" in said


def test_a_role_that_is_not_there_is_refused(aws: Aws) -> None:
    caller = aws.session(allow("sts:AssumeRole", "*"))
    missing = f"arn:aws:iam::{DATA}:role/missing"
    assert refusal(lambda: aws.assume(missing, caller)).startswith("AccessDenied")


def test_a_permissions_boundary_limits_a_role(aws: Aws) -> None:
    bucket, iam = aws.bucket(), aws.client("iam")
    boundary = iam.create_policy(
        PolicyName=aws.unique("boundary"),
        PolicyDocument=(
            '{"Version": "2012-10-17", "Statement": '
            '[{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}'
        ),
    )["Policy"]["Arn"]
    role = aws.role("bounded", allow(["s3:ListBucket", "s3:PutObject"], "*"))
    iam.put_role_permissions_boundary(
        RoleName=role.rpartition("/")[2], PermissionsBoundary=boundary
    )
    s3 = aws.client("s3", aws.assume(role))
    s3.list_objects_v2(Bucket=bucket)
    assert "s3:PutObject" in refusal(lambda: s3.put_object(Bucket=bucket, Key="a", Body=b""))
