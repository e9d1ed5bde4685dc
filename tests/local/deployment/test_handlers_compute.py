"""Log groups, Glue jobs, functions and environments."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from local.deployment.errors import DeploymentError
from tests.local.deployment.conftest import Account

KEY = "arn:aws:kms:us-west-2:111111111111:key/1a2b3c4d"


def service_role(account: Account, service: str) -> str:
    """The ARN of a new role that `service` may assume."""
    principal = {"Service": f"{service}.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    created = account.client("iam").create_role(
        RoleName=f"for-{service}",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    return str(created["Role"]["Arn"])


def private_network(account: Account) -> aws.mwaa.EnvironmentNetworkConfigurationArgs:
    """Two subnets and a security group of a new network."""
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone=zone)["Subnet"]
        for zone in (f"{account.region}a", f"{account.region}b")
    ]
    group = ec2.create_security_group(GroupName="group", Description="tests", VpcId=vpc)["GroupId"]
    return aws.mwaa.EnvironmentNetworkConfigurationArgs(
        security_group_ids=[group], subnet_ids=[subnet["SubnetId"] for subnet in subnets]
    )


def versioned_bucket(account: Account, name: str) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": account.region})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def test_a_log_group_keeps_its_events_as_long_as_asked(account: Account) -> None:
    def program() -> None:
        group = aws.cloudwatch.LogGroup(
            "group", name="/a/group", retention_in_days=365, opts=account.options()
        )
        pulumi.export("arn", group.arn)

    outputs = account.deploy(program).outputs

    logs = account.client("logs")
    (found,) = logs.describe_log_groups()["logGroups"]
    assert (found["logGroupName"], found["retentionInDays"]) == ("/a/group", 365)
    # The API's own ARN ends in `:*`, and the provider's doesn't.
    assert found["arn"] == f"{outputs['arn']}:*"
    assert logs.list_tags_for_resource(resourceArn=outputs["arn"])["tags"] == {"stack": "test"}


def test_a_glue_job_with_its_security_configuration(account: Account) -> None:
    role_arn = service_role(account, "glue")

    def program() -> None:
        options = account.options()
        security = aws.glue.SecurityConfiguration(
            "security",
            name="security",
            encryption_configuration={
                "cloudwatch_encryption": {
                    "cloudwatch_encryption_mode": "SSE-KMS",
                    "kms_key_arn": KEY,
                },
                "job_bookmarks_encryption": {"job_bookmarks_encryption_mode": "DISABLED"},
                "s3_encryption": {"s3_encryption_mode": "SSE-KMS", "kms_key_arn": KEY},
            },
            opts=options,
        )
        job = aws.glue.Job(
            "job",
            name="job",
            role_arn=role_arn,
            command={
                "name": "glueetl",
                "python_version": "3",
                "script_location": "s3://b/scripts/job.py",
            },
            non_overridable_arguments={"--label_column": "label"},
            execution_property={"max_concurrent_runs": 4},
            glue_version="5.1",
            number_of_workers=2,
            security_configuration=security.name,
            timeout=60,
            worker_type="G.1X",
            opts=options,
        )
        pulumi.export("job", [job.id, job.arn])

    outputs = account.deploy(program).outputs

    arn = f"arn:aws:glue:{account.region}:{account.id}:job/job"
    assert outputs["job"] == ["job", arn]
    glue = account.client("glue")
    job = glue.get_job(JobName="job")["Job"]
    assert job["Role"] == role_arn
    assert job["Command"] == {
        "Name": "glueetl",
        "PythonVersion": "3",
        "ScriptLocation": "s3://b/scripts/job.py",
    }
    assert job["NonOverridableArguments"] == {"--label_column": "label"}
    assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 4}
    assert (job["GlueVersion"], job["WorkerType"], job["NumberOfWorkers"]) == ("5.1", "G.1X", 2)
    assert (job["Timeout"], job["SecurityConfiguration"]) == (60, "security")
    encryption = glue.get_security_configuration(Name="security")["SecurityConfiguration"][
        "EncryptionConfiguration"
    ]
    assert encryption["S3Encryption"] == [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": KEY}]
    logs = encryption["CloudWatchEncryption"]
    assert logs == {"CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": KEY}


def test_a_function_runs_the_code_that_it_was_given(account: Account) -> None:
    role_arn = service_role(account, "lambda")
    code = "import os\ndef handle(event, context):\n    return [os.environ['NAME'], event]\n"

    def program() -> None:
        function = aws.lambda_.Function(
            "function",
            name="function",
            role=role_arn,
            runtime="python3.12",
            handler="code.handle",
            code=pulumi.AssetArchive({"code.py": pulumi.StringAsset(code)}),
            environment={"variables": {"NAME": "value"}},
            timeout=60,
            memory_size=256,
            opts=account.options(),
        )
        pulumi.export("arn", function.arn)

    outputs = account.deploy(program).outputs

    functions = account.client("lambda")
    found = functions.get_function_configuration(FunctionName="function")
    assert (found["FunctionArn"], found["Role"]) == (outputs["arn"], role_arn)
    assert (found["Timeout"], found["MemorySize"]) == (60, 256)
    answer = functions.invoke(FunctionName="function", Payload=b'{"a": 1}')
    assert json.loads(answer["Payload"].read()) == ["value", {"a": 1}]


def test_an_environment_that_cannot_start_ends_the_deployment_with_its_reason(
    account: Account,
) -> None:
    network = private_network(account)
    versioned_bucket(account, "dags-of-the-environment")

    def program() -> None:
        aws.mwaa.Environment(
            "environment",
            name="environment",
            airflow_version="2.0.2",
            dag_s3_path="dags",
            execution_role_arn=f"arn:aws:iam::{account.id}:role/execution",
            source_bucket_arn="arn:aws:s3:::dags-of-the-environment",
            network_configuration=network,
            opts=account.options(),
        )

    with pytest.raises(DeploymentError, match=r"Environment::environment: .*CREATE_FAILED: .*2\.0"):
        account.deploy(program)


def test_an_environment_is_waited_for(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a client that plays the service: creating one takes a real Airflow."""
    states = iter(["CREATING", "CREATING", "AVAILABLE", "DELETING"])
    gone = account.client("mwaa").exceptions.ResourceNotFoundException
    calls: list[dict[str, Any]] = []

    class Mwaa:
        exceptions = SimpleNamespace(ResourceNotFoundException=gone)

        def create_environment(self, **call: Any) -> None:
            calls.append(call)

        def get_environment(self, *, Name: str) -> dict[str, Any]:  # noqa: N803 (boto3's name)
            arn = f"arn:aws:airflow:{account.region}:{account.id}:environment/{Name}"
            state = next(states, None)
            if state is None:
                raise gone({}, "GetEnvironment")
            status = {"Name": Name, "Arn": arn, "Status": state, "WebserverUrl": "host:80"}
            return {"Environment": status}

        def delete_environment(self, **call: Any) -> None:
            calls.append(call)

    monkeypatch.setattr(
        "local.deployment.providers.AwsProvider.client",
        lambda _provider, service: Mwaa() if service == "mwaa" else account.client(service),
    )
    monkeypatch.setattr("local.deployment.services.mwaa.POLL_SECONDS", 0.0)

    def program() -> None:
        environment = aws.mwaa.Environment(
            "environment",
            name="environment",
            dag_s3_path="dags",
            execution_role_arn="role",
            source_bucket_arn="bucket",
            airflow_configuration_options={"core.parallelism": "4"},
            logging_configuration={"task_logs": {"enabled": True, "log_level": "INFO"}},
            network_configuration={"security_group_ids": ["sg"], "subnet_ids": ["a", "b"]},
            opts=account.options(),
        )
        pulumi.export("url", environment.webserver_url)

    assert account.deploy(program).outputs == {"url": "host:80"}
    assert calls == [
        {
            "Name": "environment",
            "DagS3Path": "dags",
            "ExecutionRoleArn": "role",
            "SourceBucketArn": "bucket",
            "AirflowConfigurationOptions": {"core.parallelism": "4"},
            "LoggingConfiguration": {"TaskLogs": {"Enabled": True, "LogLevel": "INFO"}},
            "NetworkConfiguration": {"SecurityGroupIds": ["sg"], "SubnetIds": ["a", "b"]},
            "Tags": {"stack": "test"},
        }
    ]

    account.remove_everything()

    assert calls[1:] == [{"Name": "environment"}]
    assert list(states) == []
