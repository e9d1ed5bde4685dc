"""What a call needs beside its own action, and the record of all that was decided."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.gateway.aws import (
    DATA,
    EAST,
    HUB,
    Aws,
    Credentials,
    allow,
    deny,
    document,
    refusal,
    service_trust,
)


class TestPassedRole:
    """A caller who gives a role to a service needs `iam:PassRole` on it, for that service."""

    @pytest.fixture
    def role(self, aws: Aws) -> str:
        return aws.role("passed", trusted=service_trust("glue.amazonaws.com"))

    def _create(self, aws: Aws, role: str, *statements: dict[str, Any]) -> None:
        session = aws.session(allow("glue:CreateJob", "*"), *statements)
        command = {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"}
        aws.client("glue", session).create_job(Name=aws.unique("job"), Role=role, Command=command)

    def _pass_to(self, role: str, service: str) -> dict[str, Any]:
        return allow(
            "iam:PassRole", role, Condition={"StringEquals": {"iam:PassedToService": service}}
        )

    def test_with_the_permission(self, aws: Aws, role: str) -> None:
        self._create(aws, role, self._pass_to(role, "glue.amazonaws.com"))

    def test_by_its_name_alone(self, aws: Aws, role: str) -> None:
        permission = self._pass_to(role, "glue.amazonaws.com")
        self._create(aws, role.rpartition("/")[2], permission)

    def test_to_s3_for_replication(self, aws: Aws, role: str) -> None:
        bucket = aws.bucket(versioned=True)
        rule = {
            "Status": "Enabled",
            "Prefix": "",
            "Destination": {"Bucket": f"arn:aws:s3:::{aws.bucket(versioned=True)}"},
        }
        configuration = {"Role": role, "Rules": [rule]}
        replicate = allow("s3:PutReplicationConfiguration", "*")
        refused = aws.client("s3", aws.session(replicate))
        arguments = {"Bucket": bucket, "ReplicationConfiguration": configuration}
        assert "iam:PassRole" in refusal(lambda: refused.put_bucket_replication(**arguments))
        permission = self._pass_to(role, "s3.amazonaws.com")
        aws.client("s3", aws.session(replicate, permission)).put_bucket_replication(**arguments)

    def test_without_the_permission(self, aws: Aws, role: str) -> None:
        assert "iam:PassRole" in refusal(lambda: self._create(aws, role))

    @pytest.mark.parametrize("by", ["a role that may do anything", "root"])
    def test_in_another_account_than_the_roles(self, aws: Aws, role: str, by: str) -> None:
        caller = HUB if by == "root" else aws.session(allow("*", "*"), by=HUB)
        job = {
            "Name": aws.unique("job"),
            "Command": {"Name": "glueetl", "ScriptLocation": "s3://b"},
        }
        glue = aws.client("glue", caller)
        assert "iam:PassRole" in refusal(lambda: glue.create_job(Role=role, **job))

    def test_with_the_permission_for_another_service(self, aws: Aws, role: str) -> None:
        permission = self._pass_to(role, "lambda.amazonaws.com")
        assert "iam:PassRole" in refusal(lambda: self._create(aws, role, permission))


@pytest.mark.parametrize(
    ("with_it", "action"),
    [
        ({"Tagging": "a=b"}, "s3:PutObjectTagging"),
        ({"ACL": "bucket-owner-full-control"}, "s3:PutObjectAcl"),
        ({"GrantRead": "id=1"}, "s3:PutObjectAcl"),
    ],
)
def test_tags_and_access_lists_of_an_upload_need_their_own_permission(
    aws: Aws, with_it: dict[str, str], action: str
) -> None:
    s3 = aws.client("s3", aws.session(allow("s3:PutObject", "*")))
    upload = {"Bucket": aws.bucket(), "Key": "a", "Body": b""}
    s3.put_object(**upload)
    assert f"perform: {action} " in refusal(lambda: s3.put_object(**upload, **with_it))


_EMPTY_ARCHIVE = b"PK\x05\x06" + bytes(18)
_TAGS = {"stack": "test", "project": "tests"}


def _tag_list() -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in _TAGS.items()]


class TestTagsOfSomethingNew:
    """Creating a resource with tags needs the permission to tag it, with its conditions."""

    @pytest.mark.parametrize(
        ("service", "call", "arguments", "tagging"),
        [
            (
                "iam",
                "create_role",
                {
                    "RoleName": "tagged",
                    "AssumeRolePolicyDocument": service_trust("glue.amazonaws.com"),
                    "Tags": _tag_list(),
                },
                "iam:TagRole",
            ),
            (
                "iam",
                "create_policy",
                {
                    "PolicyName": "tagged",
                    "PolicyDocument": document(allow("s3:GetObject", "*")),
                    "Tags": _tag_list(),
                },
                "iam:TagPolicy",
            ),
            (
                "glue",
                "create_job",
                {
                    "Name": "tagged",
                    "Role": "one that is there",
                    "Command": {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"},
                    "Tags": _TAGS,
                },
                "glue:TagResource",
            ),
            (
                "logs",
                "create_log_group",
                {"logGroupName": "tagged", "tags": _TAGS},
                "logs:TagResource",
            ),
            (
                "secretsmanager",
                "create_secret",
                {"Name": "tagged", "SecretString": "{}", "Tags": _tag_list()},
                "secretsmanager:TagResource",
            ),
            (
                "lambda",
                "create_function",
                {
                    "FunctionName": "tagged",
                    "Role": "one that is there",
                    "Runtime": "python3.12",
                    "Handler": "code.handler",
                    "Code": {"ZipFile": _EMPTY_ARCHIVE},
                    "Tags": _TAGS,
                },
                "lambda:TagResource",
            ),
            (
                "events",
                "create_event_bus",
                {"Name": "tagged", "Tags": _tag_list()},
                "events:TagResource",
            ),
            ("sqs", "create_queue", {"QueueName": "tagged", "tags": _TAGS}, "sqs:TagQueue"),
        ],
    )
    def test_need_the_permission(
        self, aws: Aws, service: str, call: str, arguments: dict[str, Any], tagging: str
    ) -> None:
        making = allow([f"{service}:Create*", "iam:PassRole"], "*")
        only = {
            "StringEquals": {f"aws:RequestTag/{key}": value for key, value in _TAGS.items()},
            "ForAllValues:StringEquals": {"aws:TagKeys": list(_TAGS)},
        }
        if "Role" in arguments:
            arguments = arguments | {"Role": aws.role("passed")}
        role = aws.role("tagging", making)
        make = getattr(aws.client(service, aws.assume(role)), call)
        assert f"perform: {tagging} " in refusal(lambda: make(**arguments))
        aws.permit(role, making, allow(tagging, "*", Condition=only))
        make(**arguments)

    def test_an_environments_too(self, aws: Aws) -> None:
        making = allow(["airflow:CreateEnvironment", "iam:PassRole"], "*")
        mwaa = aws.client("mwaa", aws.session(making))
        request: dict[str, Any] = {
            "Name": "tagged",
            "DagS3Path": "dags",
            "ExecutionRoleArn": f"arn:aws:iam::{DATA}:role/tagged-environment",
            "SourceBucketArn": "arn:aws:s3:::tagged",
            "NetworkConfiguration": {"SubnetIds": ["subnet-1", "subnet-2"]},
        }
        said = refusal(lambda: mwaa.create_environment(**request, Tags=_TAGS))
        assert "perform: airflow:TagResource " in said
        assert refusal(lambda: mwaa.create_environment(**request)).startswith("ValidationEx")

    def test_none_need_none(self, aws: Aws) -> None:
        iam = aws.client("iam", aws.session(allow("iam:CreateRole", "*")))
        iam.create_role(
            RoleName=aws.unique("untagged"),
            AssumeRolePolicyDocument=service_trust("glue.amazonaws.com"),
        )


def test_the_namespace_of_metrics_is_a_condition_key(aws: Aws) -> None:
    only = {"StringEquals": {"cloudwatch:namespace": "Mine"}}
    session = aws.session(allow("cloudwatch:PutMetricData", "*", Condition=only))
    metrics = aws.client("cloudwatch", session)
    data = [{"MetricName": "one", "Value": 1.0}]
    metrics.put_metric_data(Namespace="Mine", MetricData=data)
    said = refusal(lambda: metrics.put_metric_data(Namespace="AWS/Mine", MetricData=data))
    assert "cloudwatch:PutMetricData" in said


class TestEncryptedSecret:
    """A secret with a customer key needs the key, through Secrets Manager and for that secret."""

    @pytest.fixture
    def name(self, aws: Aws) -> str:
        name = aws.unique("environment/connections/c")
        secrets = aws.client("secretsmanager", HUB)
        secrets.create_secret(Name=name, SecretString="{}", KmsKeyId=aws.key(HUB))
        return name

    def _read(self, aws: Aws, name: str, *statements: dict[str, Any]) -> str:
        secret = f"arn:aws:secretsmanager:{EAST}:{HUB}:secret:environment/connections/*"
        session = aws.session(allow("secretsmanager:GetSecretValue", secret), *statements, by=HUB)
        client = aws.client("secretsmanager", session)
        value: str = client.get_secret_value(SecretId=name)["SecretString"]
        return value

    def _use_of_key(self, secrets: str) -> dict[str, Any]:
        start = f"arn:aws:secretsmanager:{EAST}:{HUB}:secret:"
        condition = {
            "StringEquals": {"kms:ViaService": f"secretsmanager.{EAST}.amazonaws.com"},
            "StringLike": {"kms:EncryptionContext:SecretARN": start + secrets},
        }
        return allow("kms:Decrypt", "*", Condition=condition)

    def test_with_the_key(self, aws: Aws, name: str) -> None:
        assert self._read(aws, name, self._use_of_key("environment/connections/*")) == "{}"

    def test_without_the_key(self, aws: Aws, name: str) -> None:
        assert "kms:Decrypt" in refusal(lambda: self._read(aws, name))

    def test_with_the_key_for_other_secrets(self, aws: Aws, name: str) -> None:
        use = self._use_of_key("other/*")
        assert "kms:Decrypt" in refusal(lambda: self._read(aws, name, use))


class TestLogStreams:
    """Streams have ARNs of their own; a policy may name a group's with or without its ending."""

    @pytest.fixture
    def group(self, aws: Aws) -> str:
        name = aws.unique("/group")
        aws.client("logs").create_log_group(logGroupName=name)
        return name

    def _write(self, aws: Aws, group: str, resource: str) -> None:
        logs = aws.client("logs", aws.session(allow("logs:CreateLogStream", resource)))
        logs.create_log_stream(logGroupName=group, logStreamName="s")

    def test_streams_of_the_group(self, aws: Aws, group: str) -> None:
        start = f"arn:aws:logs:{EAST}:{DATA}:log-group:{group}"
        self._write(aws, group, f"{start}:log-stream:*")

    def test_streams_of_another_group(self, aws: Aws, group: str) -> None:
        other = f"arn:aws:logs:{EAST}:{DATA}:log-group:/other:*"
        assert "logs:CreateLogStream" in refusal(lambda: self._write(aws, group, other))

    @pytest.mark.parametrize("ending", ["", ":*"])
    def test_the_group_itself(self, aws: Aws, group: str, ending: str) -> None:
        group_arn = f"arn:aws:logs:{EAST}:{DATA}:log-group:{group}{ending}"
        logs = aws.client("logs", aws.session(allow("logs:DescribeLogStreams", group_arn)))
        assert logs.describe_log_streams(logGroupName=group)["logStreams"] == []

    @pytest.mark.parametrize("denied", ["", ":*"])
    @pytest.mark.parametrize("allowed", ["", ":*"])
    def test_a_denial_in_any_form_holds(
        self, aws: Aws, group: str, allowed: str, denied: str
    ) -> None:
        group_arn = f"arn:aws:logs:{EAST}:{DATA}:log-group:{group}"
        action = "logs:DescribeLogStreams"
        session = aws.session(allow(action, group_arn + allowed), deny(action, group_arn + denied))
        logs = aws.client("logs", session)
        assert "explicit deny" in refusal(lambda: logs.describe_log_streams(logGroupName=group))


def test_every_decision_is_recorded(aws: Aws) -> None:
    key, bucket = aws.key(), aws.bucket()
    aws.encrypt(bucket, key)
    session = aws.session(allow("s3:PutObject", "*"))
    refusal(lambda: aws.client("s3", session).put_object(Bucket=bucket, Key="a", Body=b""))
    arn = aws.client("sts", session).get_caller_identity()["Arn"]

    def decided(action: str) -> list[dict[str, Any]]:
        rows = [row for row in aws.calls(action) if row["principal"] == arn]
        return [{name: row[name] for name in row if name != "time"} for row in rows]

    common = {"principal": arn, "region": EAST, "policy": "access"}
    assert decided("s3:PutObject") == [
        common
        | {
            "action": "s3:PutObject",
            "resource": f"arn:aws:s3:::{bucket}/a",
            "decision": "allow",
            "because_of": None,
            "conditions": {"aws:SecureTransport": "true"},
        }
    ]
    assert decided("kms:GenerateDataKey") == [
        common
        | {
            "action": "kms:GenerateDataKey",
            "resource": key,
            "decision": "implicit-deny",
            "because_of": "s3:PutObject",
            "conditions": {
                "kms:ViaService": f"s3.{EAST}.amazonaws.com",
                "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}",
                "aws:SecureTransport": "true",
            },
        }
    ]


def test_an_unknown_key_is_recorded_as_such(aws: Aws) -> None:
    stranger: Credentials = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "x"}
    before = len(aws.calls("s3:ListBuckets"))
    refusal(lambda: aws.client("s3", stranger).list_buckets())
    calls = aws.calls("s3:ListAllMyBuckets")[before:] or aws.calls("s3:ListBuckets")[before:]
    assert [(call["principal"], call["decision"]) for call in calls] == [
        ("unknown", "unauthenticated")
    ]


def test_a_policy_that_names_nothing_allows_nothing(aws: Aws) -> None:
    role = aws.role("empty")
    aws.client("iam").put_role_policy(
        RoleName=role.rpartition("/")[2],
        PolicyName="p",
        PolicyDocument=document(allow("s3:GetObject", "arn:aws:s3:::none/*")),
    )
    said = refusal(lambda: aws.client("glue", aws.assume(role)).get_job(JobName="j"))
    assert said.startswith("AccessDeniedException")


def test_an_endpoint_of_another_region_needs_a_permission_of_its_own(aws: Aws) -> None:
    ec2 = aws.client("ec2", HUB)
    endpoint = {
        "VpcId": ec2.create_vpc(CidrBlock="10.1.0.0/24")["Vpc"]["VpcId"],
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.eu-west-1.s3",
        "ServiceRegion": "eu-west-1",
    }
    create = allow("ec2:CreateVpcEndpoint", "*")
    without = aws.client("ec2", aws.session(create, by=HUB))
    assert "vpce:AllowMultiRegion" in refusal(lambda: without.create_vpc_endpoint(**endpoint))
    permitted = aws.session(create, allow("vpce:AllowMultiRegion", "*"), by=HUB)
    aws.client("ec2", permitted).create_vpc_endpoint(**endpoint)
