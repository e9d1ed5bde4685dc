"""What the rotation function may do, statement by statement, each with AWS's reason.

A further policy lets it assume the roles of pipelines and accesses, as the execution role may.
Nothing here imports Pulumi.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.aws.customer_key_policy import via_service
from components.aws.policy_document import Statement, statement
from components.functions.policies import function_runs
from components.rotation import names

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite


def rotation(hub: PipelineSite, key_arn: str, *, in_network: bool) -> list[Statement]:
    """What the function may do with secrets, their key and its log."""
    connections, rings = names.connection_secret_arns(hub), names.ring_secret_arns(hub)
    return [
        statement(
            "RotateConnections",
            [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            connections,
        ),
        statement("ReadRings", "secretsmanager:GetSecretValue", rings),
        statement(
            "UseKey",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            key_arn,
            {
                **via_service(hub.region, "secretsmanager"),
                "StringLike": {"kms:EncryptionContext:SecretARN": [connections, rings]},
            },
        ),
        *function_runs(hub, names.function_name(hub), key_arn, in_network=in_network),
    ]
