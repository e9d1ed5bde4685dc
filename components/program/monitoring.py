"""Alarms, messages, the dashboard and the accounts' budgets."""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from components.aws.naming import HUB_OWNER
from components.backup.alarm import backup_alarm
from components.monitoring.account_budget import AccountBudget, AccountBudgetArgs
from components.monitoring.dashboard import dashboard_body
from components.monitoring.environment_alarms import environment_alarms
from components.monitoring.environment_status import EnvironmentStatus, EnvironmentStatusArgs
from components.monitoring.hub_monitoring import HubMonitoring, HubMonitoringArgs
from components.monitoring.pipeline_alarms import pipeline_alarms, replication_alarms
from components.monitoring.status_policies import status_alarm
from components.pipeline.site import PipelineSite
from components.program.stack import Stack
from components.providers import formerly
from components.rotation.alarms import rotation_alarms
from components.uploads.alarms import upload_alarms


def watch(
    stack: Stack,
    hub_site: PipelineSite,
    key_arn: pulumi.Output[str],
    options_at: Callable[[str, str], pulumi.ResourceOptions],
) -> None:
    """Watch the hub and its pipelines; the hub's key encrypts the messages.

    `options_at` gives the options of what is made in an account (its alias) and Region.
    """
    topology, names = stack.topology, stack.names
    alarms = [
        *environment_alarms(topology.hub.alarms, names.environment()),
        *pipeline_alarms(names, topology.expected_hours()),
        *replication_alarms(topology.hub.alarms, names, topology.ml_pipelines),
        *rotation_alarms(topology.hub.alarms, hub_site),
    ]
    if stack.upload_keys:
        alarms += upload_alarms(topology.hub.alarms, hub_site, stack.upload_keys)
    if stack.topic:
        alarms.append(status_alarm(hub_site))
    if topology.hub.backup is not None:
        alarms.append(backup_alarm(names, topology.hub.backup))
    args = HubMonitoringArgs(
        names=names,
        account_id=stack.hub_account_id,
        region=stack.hub_region,
        alarms=alarms,
        dashboard=dashboard_body(names, topology),
        notifications=topology.notifications,
        topic=stack.topic,
        key_arn=key_arn,
    )
    in_hub = options_at(topology.hub.account, stack.hub_region)
    HubMonitoring(f"{HUB_OWNER}-monitoring", args, in_hub)
    if stack.topic:
        status_args = EnvironmentStatusArgs(site=hub_site, key_arn=key_arn, topic=stack.topic)
        EnvironmentStatus(f"{HUB_OWNER}-status", status_args, in_hub)
    own_tags = {key: stack.tags[key] for key in ("project", "stack")}
    for account, amount in topology.budgets().items():
        budget_args = AccountBudgetArgs(
            names=names,
            region=stack.hub_region,
            amount=amount,
            tags=own_tags,
            emails=topology.notifications.emails,
        )
        options = formerly(f"{account}-budget", options_at(account, stack.hub_region))
        AccountBudget(f"{stack.account_id(account)}-budget", budget_args, options)
