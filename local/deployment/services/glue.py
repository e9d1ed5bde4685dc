"""AWS Glue: security configurations, connections and jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs, named
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Inner, Rule


def create_security_configuration(resource: Resource) -> Created:
    """How a job's data, logs and bookmarks are encrypted."""
    encryption = dict(resource.call["EncryptionConfiguration"])
    # The API takes a list of the one that the provider knows.
    encryption["S3Encryption"] = [encryption["S3Encryption"]]
    resource.client.create_security_configuration(
        **{**resource.call, "EncryptionConfiguration": encryption}
    )
    return Created(resource.physical_name())


SECURITY_CONFIGURATION = ResourceType(
    token="aws:glue/securityConfiguration:SecurityConfiguration",
    service="glue",
    properties={
        "name": "Name",
        "encryptionConfiguration": Inner(
            "EncryptionConfiguration",
            {
                "cloudwatchEncryption": Inner(
                    "CloudWatchEncryption",
                    {
                        "cloudwatchEncryptionMode": "CloudWatchEncryptionMode",
                        "kmsKeyArn": "KmsKeyArn",
                    },
                ),
                "jobBookmarksEncryption": Inner(
                    "JobBookmarksEncryption",
                    {
                        "jobBookmarksEncryptionMode": "JobBookmarksEncryptionMode",
                        "kmsKeyArn": "KmsKeyArn",
                    },
                ),
                "s3Encryption": Inner(
                    "S3Encryption",
                    {"s3EncryptionMode": "S3EncryptionMode", "kmsKeyArn": "KmsKeyArn"},
                ),
            },
        ),
    },
    create=create_security_configuration,
    remove=call("delete_security_configuration", Name=ID),
    mock_outputs=named("glue", "securityConfiguration/"),
    name_limit=NameLimit(
        key="name",
        most=255,
        pattern=r"[ -~]+",
        unique_in="the Region",
        source="Glue API reference, CreateSecurityConfiguration: Name",
    ),
    deploy_actions=(
        "glue:CreateSecurityConfiguration",
        "glue:DeleteSecurityConfiguration",
        "glue:GetSecurityConfiguration",
    ),
)


def create_connection(resource: Resource) -> Created:
    """A connection; its id begins with the catalog's, which is the account's."""
    # The API takes properties always; a connection to a network has none.
    connection = {"ConnectionProperties": {}, **resource.call}
    resource.client.create_connection(ConnectionInput=connection, Tags=resource.tags)
    account_id = resource.provider.client("sts").get_caller_identity()["Account"]
    name = resource.physical_name()
    arn = f"arn:aws:glue:{resource.provider.region}:{account_id}:connection/{name}"
    return Created(f"{account_id}:{name}", {"arn": arn})


def mock_connection(mocked: Mocked) -> Outputs:
    """A connection of the account's catalog."""
    name, at = mocked.physical_name, mocked.at
    return {"id": f"{at.account_id}:{name}", "arn": at.arn("glue", f"connection/{name}")}


CONNECTION = ResourceType(
    token="aws:glue/connection:Connection",
    service="glue",
    properties={
        "connectionType": "ConnectionType",
        "description": "Description",
        "name": "Name",
        "physicalConnectionRequirements": Inner(
            "PhysicalConnectionRequirements",
            {
                "availabilityZone": "AvailabilityZone",
                "securityGroupIdLists": "SecurityGroupIdList",
                "subnetId": "SubnetId",
            },
        ),
    },
    create=create_connection,
    remove=call("delete_connection", ConnectionName="name"),
    mock_outputs=mock_connection,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=255,
        pattern=r"[ -~]+",
        unique_in="the Region",
        source="Glue API reference, ConnectionInput: Name",
    ),
    deploy_actions=(
        "glue:CreateConnection",
        "glue:DeleteConnection",
        "glue:GetConnection",
        "glue:GetTags",
        "glue:TagResource",
        "glue:UntagResource",
        "glue:UpdateConnection",
    ),
)


def create_job(resource: Resource) -> Created:
    """A job; its API has no ARN, so it is composed as the real provider does."""
    name = resource.physical_name()
    resource.client.create_job(**_job_settings(resource), Tags=resource.tags)
    role_arn = resource.inputs["roleArn"].split(":")
    partition, account = role_arn[1], role_arn[4]
    arn = f"arn:{partition}:glue:{resource.provider.region}:{account}:job/{name}"
    return Created(name, {"arn": arn})


def update_job(resource: Resource, id_: str) -> Mapping[str, Any]:
    """All of the job's settings: what UpdateJob isn't given, it resets."""
    settings = {key: value for key, value in _job_settings(resource).items() if key != "Name"}
    resource.client.update_job(JobName=id_, JobUpdate=settings)
    return {}


def _job_settings(resource: Resource) -> dict[str, Any]:
    names = resource.inputs.get("connections", [])
    connections = {"Connections": {"Connections": names}} if names else {}
    return {**resource.call, **connections}


JOB = ResourceType(
    token="aws:glue/job:Job",
    service="glue",
    properties={
        "command": Inner(
            "Command",
            {
                "name": "Name",
                "pythonVersion": "PythonVersion",
                "scriptLocation": "ScriptLocation",
            },
        ),
        "connections": Rule.HANDLED,
        "description": "Description",
        "executionClass": "ExecutionClass",
        "executionProperty": Inner("ExecutionProperty", {"maxConcurrentRuns": "MaxConcurrentRuns"}),
        "glueVersion": "GlueVersion",
        "maxRetries": "MaxRetries",
        "name": "Name",
        "nonOverridableArguments": "NonOverridableArguments",
        "numberOfWorkers": "NumberOfWorkers",
        "roleArn": "Role",
        "securityConfiguration": "SecurityConfiguration",
        "timeout": "Timeout",
        "workerType": "WorkerType",
    },
    create=create_job,
    update=update_job,
    remove=call("delete_job", JobName=ID),
    mock_outputs=named("glue", "job/"),
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=255,
        pattern=r"[ -~]+",
        unique_in="the Region",
        source="Glue API reference, CreateJob: Name",
    ),
    deploy_actions=(
        "glue:CreateJob",
        "glue:DeleteJob",
        "glue:GetJob",
        "glue:GetTags",
        "glue:TagResource",
        "glue:UntagResource",
        "glue:UpdateJob",
        "iam:PassRole",
    ),
)
