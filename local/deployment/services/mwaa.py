"""Amazon MWAA: environments."""

from __future__ import annotations

from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs, hexadecimal
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Inner

POLL_SECONDS = 0.2
"""Between two looks at an environment that comes or goes, which takes MWAA 20 to 40 minutes."""


def create_environment(resource: Resource) -> Created:
    """An environment, once it is available, as the real provider waits for it."""
    name = resource.physical_name()
    resource.client.create_environment(**resource.call, Tags=resource.tags)
    environment = _wait(resource, name)
    created_at = environment.get("CreatedAt")
    return Created(
        name,
        {
            "arn": environment["Arn"],
            "createdAt": created_at.isoformat() if created_at else "",
            "databaseVpcEndpointService": environment.get("DatabaseVpcEndpointService", ""),
            "serviceRoleArn": environment.get("ServiceRoleArn", ""),
            "status": environment["Status"],
            "webserverUrl": environment["WebserverUrl"],
            "webserverVpcEndpointService": environment.get("WebserverVpcEndpointService", ""),
        },
    )


def _wait(resource: Resource, name: str) -> dict[str, Any]:
    while True:
        environment: dict[str, Any] = resource.client.get_environment(Name=name)["Environment"]
        status = environment["Status"]
        if status == "AVAILABLE":
            return environment
        if status not in ("CREATING", "PENDING", "CREATING_SNAPSHOT"):
            error = environment.get("LastUpdate", {}).get("Error", {})
            reason = error.get("ErrorMessage", "it gives no reason")
            raise DeploymentError(f"the environment {name} became {status}: {reason}")
        resource.stop.pause(POLL_SECONDS)


def delete_environment(resource: Resource, id_: str) -> None:
    """The environment, once it is gone, as the real provider waits for it."""
    mwaa = resource.client
    mwaa.delete_environment(Name=id_)
    while True:
        try:
            mwaa.get_environment(Name=id_)
        except mwaa.exceptions.ResourceNotFoundException:
            return
        resource.stop.pause(POLL_SECONDS)


def mock_environment(mocked: Mocked) -> Outputs:
    """An environment that is available."""
    name, at = mocked.physical_name, mocked.at
    service = f"com.amazonaws.vpce.{at.region}.vpce-svc-{mocked.generated(17)}"
    return {
        "id": name,
        "databaseVpcEndpointService": service,
        "webserverVpcEndpointService": service,
        "arn": at.arn("airflow", f"environment/{name}"),
        "webserverUrl": f"{hexadecimal(mocked.name, 8)}.c1.{at.region}.airflow.amazonaws.com",
        "status": "AVAILABLE",
    }


_LOG = {"enabled": "Enabled", "logLevel": "LogLevel"}

ENVIRONMENT = ResourceType(
    token="aws:mwaa/environment:Environment",
    service="mwaa",
    properties={
        "airflowConfigurationOptions": "AirflowConfigurationOptions",
        "airflowVersion": "AirflowVersion",
        "dagS3Path": "DagS3Path",
        "endpointManagement": "EndpointManagement",
        "environmentClass": "EnvironmentClass",
        "executionRoleArn": "ExecutionRoleArn",
        "kmsKey": "KmsKey",
        "loggingConfiguration": Inner(
            "LoggingConfiguration",
            {
                "dagProcessingLogs": Inner("DagProcessingLogs", _LOG),
                "schedulerLogs": Inner("SchedulerLogs", _LOG),
                "taskLogs": Inner("TaskLogs", _LOG),
                "webserverLogs": Inner("WebserverLogs", _LOG),
                "workerLogs": Inner("WorkerLogs", _LOG),
            },
        ),
        "maxWebservers": "MaxWebservers",
        "maxWorkers": "MaxWorkers",
        "minWebservers": "MinWebservers",
        "minWorkers": "MinWorkers",
        "name": "Name",
        "networkConfiguration": Inner(
            "NetworkConfiguration",
            {"securityGroupIds": "SecurityGroupIds", "subnetIds": "SubnetIds"},
        ),
        "pluginsS3ObjectVersion": "PluginsS3ObjectVersion",
        "pluginsS3Path": "PluginsS3Path",
        "requirementsS3ObjectVersion": "RequirementsS3ObjectVersion",
        "requirementsS3Path": "RequirementsS3Path",
        "schedulers": "Schedulers",
        "sourceBucketArn": "SourceBucketArn",
        "startupScriptS3ObjectVersion": "StartupScriptS3ObjectVersion",
        "startupScriptS3Path": "StartupScriptS3Path",
        "webserverAccessMode": "WebserverAccessMode",
        "weeklyMaintenanceWindowStart": "WeeklyMaintenanceWindowStart",
    },
    create=create_environment,
    remove=delete_environment,
    mock_outputs=mock_environment,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=80,
        pattern=r"[a-zA-Z][0-9a-zA-Z_-]*",
        unique_in="the Region",
        source="Amazon MWAA API reference, CreateEnvironment: Name",
    ),
    deploy_actions=(
        "airflow:CreateEnvironment",
        "airflow:DeleteEnvironment",
        "airflow:GetEnvironment",
        "airflow:InvokeRestApi",
        "airflow:ListTagsForResource",
        "airflow:TagResource",
        "airflow:UntagResource",
        "airflow:UpdateEnvironment",
        "ec2:CreateNetworkInterface",
        "ec2:CreateVpcEndpoint",
        "iam:CreateServiceLinkedRole",
        "iam:PassRole",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ListGrants",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:RevokeGrant",
        "s3:GetEncryptionConfiguration",
    ),
)
