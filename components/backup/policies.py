"""What the function that makes backups may do, each with AWS's reason. Doesn't import Pulumi."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.customer_key_policy import use_through_s3
from components.aws.policy_document import Statement, statement
from components.backup import names
from components.functions.policies import function_runs

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite

AIRFLOW_ROLE = "Op"
"""The least of Airflow's roles that may read variables. It may change them, too (ADR 134)."""


def back_up(
    hub: PipelineSite, bucket_arn: str, region: str, key_arn: str, backup_key_arn: str
) -> list[Statement]:
    """What the function may do: read Airflow's metadata, add a backup; log, and be in a network.

    `key_arn` is the hub's key, `backup_key_arn` the one of the bucket in the backups' `region`.
    """
    environment = hub.settings.names.environment()
    return [
        statement(
            "ReadMetadata",
            "airflow:InvokeRestApi",
            hub.arn("airflow", f"role/{environment}/{AIRFLOW_ROLE}"),
        ),
        statement("WriteBackups", "s3:PutObject", f"{bucket_arn}/{names.BACKUPS}*"),
        use_through_s3("EncryptBackups", backup_key_arn, region, ["kms:GenerateDataKey"]),
        *function_runs(hub, names.function_name(hub), key_arn, in_network=True),
    ]
