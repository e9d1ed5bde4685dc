"""What S3 Batch Replication may do: replicate what is at the source already, for an operator's job.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from components.aws.policy_document import Statement, service_trust, statement
from components.pipeline.object_keys import TRANSFORMED, objects

BATCH_ROLE_PURPOSE = "batch"
"""The purpose in the role's name, by which an operator passes it."""

BATCH_SERVICE = "batchoperations.s3.amazonaws.com"


def batch_trust() -> str:
    """The trust of the role: AWS documents no condition on the source of a job."""
    return service_trust(BATCH_SERVICE)


def batch_replication(bucket_arn: str) -> list[Statement]:
    """Have the source's replication role replicate training data, which S3 lists for itself.

    From "Configuring an IAM role for S3 Batch Replication" in the user guide of Amazon S3, less
    what a stored manifest or report would take: a job has neither.
    """
    return [
        statement("Replicate", "s3:InitiateReplication", objects(bucket_arn, TRANSFORMED)),
        statement(
            "ListObjects",
            ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"],
            bucket_arn,
        ),
    ]
