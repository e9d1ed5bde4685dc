"""What the hub and every pipeline share, with the buckets that take the logs of theirs."""

from __future__ import annotations

from components.aws.access_logs import AccessLogs, AccessLogsArgs
from components.aws.arns import role_arn
from components.aws.naming import EXECUTION_ROLE, HUB_OWNER, ROTATION
from components.aws.secure_bucket import LogDestination
from components.pipeline.settings import PipelineSettings
from components.program.stack import Stack
from components.providers import deploy_role_arns, formerly, with_buckets


def settings_of(stack: Stack) -> PipelineSettings:
    """The settings of a stack; makes a bucket for access logs in each account and Region in use."""
    topology, names = stack.topology, stack.names

    def of_hub(purpose: str) -> str:
        # Computed: a pipeline trusts a name, and so waits for nothing of the hub.
        return role_arn(stack.hub_region, stack.hub_account_id, names.role(HUB_OWNER, purpose))

    return PipelineSettings(
        names=names,
        hub_account_id=stack.hub_account_id,
        execution_role_arn=of_hub(EXECUTION_ROLE),
        rotation_role_arn=of_hub(ROTATION),
        random_provider=stack.providers.random,
        log_retention_days=topology.hub.environment.log_retention_days,
        protect_data=topology.protect_data,
        permissions_boundary=topology.permissions_boundary or names.boundary,
        deploy_role_arns=deploy_role_arns(topology, names),
        organization_id=topology.organization_id,
        access_logs=_access_logs(stack) if topology.access_logs else {},
    )


def _access_logs(stack: Stack) -> dict[tuple[str, str], LogDestination]:
    """Where the buckets of an account id and Region write their logs."""
    topology = stack.topology
    found = {}
    for alias, region in with_buckets(topology):
        account_id = stack.account_id(alias)
        args = AccessLogsArgs(
            names=stack.names,
            account_id=account_id,
            region=region,
            retention_days=topology.hub.environment.log_retention_days,
            organization_id=topology.organization_id,
            protect=topology.protects_data_in(alias, region),
        )
        former = f"{alias}-{region}-access-logs"
        options = formerly(former, stack.providers.at(alias, region))
        logs = AccessLogs(f"{account_id}-{region}-access-logs", args, options)
        found[account_id, region] = logs.destination
    return found
