"""Queues, whichever account owns them, and the keys that encrypt their messages."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ministack.services import kms, sqs


@dataclass(frozen=True, kw_only=True)
class QueueKey:
    """The customer key of a queue, and how SQS calls AWS KMS for it."""

    key_arn: str
    region: str
    """The queue's, which is the key's too."""

    queue_arn: str

    @property
    def context(self) -> dict[str, str]:
        """The condition key of the encryption context."""
        return {"kms:EncryptionContext:aws:sqs:arn": self.queue_arn}

    @property
    def conditions(self) -> dict[str, str]:
        """The condition keys of SQS's call to AWS KMS on behalf of a role or user."""
        return {"kms:ViaService": f"sqs.{self.region}.amazonaws.com", **self.context}


def queue_of(arn: str) -> dict[str, Any] | None:
    """MiniStack's record of the queue with this ARN; None where there is no such queue."""
    found: dict[str, Any] | None = sqs._queue_by_arn(arn)
    return found


def key_of(arn: str) -> QueueKey | None:
    """The customer key of a queue; None where it has none, or doesn't exist."""
    queue = queue_of(arn) or {"attributes": {}}
    key_id = queue["attributes"].get("KmsMasterKeyId")
    if not key_id or key_id.endswith("alias/aws/sqs"):
        return None
    region, account_id = arn.split(":")[3:5]
    return QueueKey(key_arn=_key_arn(key_id, account_id, region), region=region, queue_arn=arn)


def _key_arn(key_id: str, account_id: str, region: str) -> str:
    """The ARN of a key that is given by its ARN, id or alias, each of which SQS accepts."""
    start = f"arn:aws:kms:{region}:{account_id}"
    if key_id.startswith("alias/"):
        key_id = f"{start}:{key_id}"
    key_id = str(kms._aliases.get_scoped(account_id, region, key_id) or key_id)
    return key_id if key_id.startswith("arn:") else f"{start}:key/{key_id}"
