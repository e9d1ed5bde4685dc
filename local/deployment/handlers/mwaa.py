"""Amazon MWAA: environments."""

from __future__ import annotations

from typing import Any

from local.deployment.errors import DeploymentError
from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Inner

POLL_SECONDS = 0.2
"""Between two looks at an environment in the making; the real service takes 20 to 40 minutes."""

_LOG = {"enabled": "Enabled", "logLevel": "LogLevel"}


@creates(
    "aws:mwaa/environment:Environment",
    {
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
    tagged=True,
)
def create_environment(resource: Resource) -> Created:
    """An environment, once it is available, as the real provider waits for it."""
    name = resource.physical_name()
    resource.client("mwaa").create_environment(**resource.call, Tags=resource.tags)
    environment = _wait(resource, name)
    created_at = environment.get("CreatedAt")
    return Created(
        name,
        {
            "arn": environment["Arn"],
            "createdAt": created_at.isoformat() if created_at else "",
            "serviceRoleArn": environment.get("ServiceRoleArn", ""),
            "status": environment["Status"],
            "webserverUrl": environment["WebserverUrl"],
        },
    )


def _wait(resource: Resource, name: str) -> dict[str, Any]:
    while True:
        environment: dict[str, Any] = resource.client("mwaa").get_environment(Name=name)[
            "Environment"
        ]
        status = environment["Status"]
        if status == "AVAILABLE":
            return environment
        if status not in ("CREATING", "PENDING", "CREATING_SNAPSHOT"):
            error = environment.get("LastUpdate", {}).get("Error", {})
            reason = error.get("ErrorMessage", "it gives no reason")
            raise DeploymentError(f"the environment {name} became {status}: {reason}")
        resource.stop.pause(POLL_SECONDS)
