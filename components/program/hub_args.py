"""What the hub is made of, by what else the stack has: rotations, messages, uploads, backups."""

from __future__ import annotations

from pathlib import Path

from components.backup import names as backup
from components.functions.policies import function_log_group
from components.hub.mwaa_hub import MwaaHubArgs
from components.monitoring import status_policies
from components.monitoring.policies import alarms_of, alarms_use_key
from components.network.endpoint_services import services_of_hub
from components.network.hub_endpoints import PrivateAccess
from components.pipeline.site import PipelineSite
from components.program.stack import Stack
from components.rotation import names as rotation
from components.uploads import names as uploads
from components.uploads.policies import message_encryption


def hub_args(stack: Stack, hub_site: PipelineSite, root: Path) -> MwaaHubArgs:
    """The arguments of the hub; `root` is the project's directory."""
    key_statements, functions = [], [rotation.function_name(hub_site)]
    if stack.topic and stack.topic.is_own:
        alarms = alarms_of(stack.names, stack.hub_account_id, stack.hub_region)
        key_statements.append(alarms_use_key(alarms))
    if stack.topic:
        functions.append(status_policies.function_name(hub_site))
    if stack.upload_keys:
        key_statements.append(message_encryption(hub_site))
        functions.append(uploads.function_name(hub_site))
    if stack.topology.hub.backup is not None:
        functions.append(backup.function_name(hub_site))
    return MwaaHubArgs(
        settings=hub_site.settings,
        account_id=stack.hub_account_id,
        hub=stack.topology.hub,
        project_directory=root,
        topic=stack.topic,
        key_statements=key_statements,
        log_groups=[function_log_group(each) for each in functions],
        endpoint=stack.endpoint,
        private=_private_access(stack),
    )


def _private_access(stack: Stack) -> PrivateAccess | None:
    topology = stack.topology
    if not topology.hub.network.is_private:
        return None
    # All, also those without a pipeline: no endpoint changes when one comes or goes.
    account_ids = sorted(account.id for account in topology.accounts.values())
    return PrivateAccess(services=services_of_hub(topology), account_ids=account_ids)
