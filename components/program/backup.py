"""The backups of Airflow's metadata, where the topology asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from components.aws.naming import HUB_OWNER
from components.backup.backup_bucket import BackupBucket, BackupBucketArgs
from components.backup.backup_function import BackupFunction, BackupFunctionArgs
from components.hub.mwaa_hub import MwaaHub
from components.pipeline.site import PipelineSite
from components.program.stack import Stack

_NAME = f"{HUB_OWNER}-backup"


def back_up_metadata(
    stack: Stack,
    hub: MwaaHub,
    hub_site: PipelineSite,
    options_at: Callable[[str, str], pulumi.ResourceOptions],
    reachable: list[pulumi.Resource],
) -> Mapping[str, Any] | None:
    """Have the hub back itself up into another Region, if it is to; returns the outputs.

    `reachable` is the way to Amazon MWAA that uploads have made, if they start runs.
    """
    account, backup = stack.topology.hub.account, stack.topology.hub.backup
    if backup is None:
        return None
    kept = BackupBucket(
        f"{_NAME}s",
        BackupBucketArgs(
            settings=hub_site.settings,
            account_id=stack.hub_account_id,
            region=backup.region,
            keep_days=backup.keep_days,
        ),
        options_at(account, backup.region),
    )
    function = BackupFunction(
        _NAME,
        BackupFunctionArgs(
            site=hub_site,
            key_arn=hub.key_arn,
            network=hub.network,
            reachable=reachable,
            bucket=kept.bucket,
            backup_key_arn=kept.key_arn,
            backup_region=backup.region,
            every_hours=backup.every_hours,
        ),
        options_at(account, stack.hub_region),
    )
    return {
        "bucket_name": kept.bucket.bucket_name,
        "region": backup.region,
        "function_name": function.function_name,
    }
