"""What the source says about a replica that is missing, and whether S3 will still bring it.

S3 doesn't retry a failed replication, and replicates nothing that was there before its rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cross_account.pipeline_bucket import PipelineBucket, Replication, open_bucket

USUAL_DURATION = timedelta(minutes=15)
"""Within which S3 replicates most objects (S3 user guide, "Replication Time Control")."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The bucket of a data pipeline. `is_shared`: it is replicated to several buckets."""

    connection_id: str
    bucket_name: str
    is_shared: bool

    def open(self) -> PipelineBucket:
        """The bucket, through the data pipeline's connection."""
        return open_bucket(self.connection_id, self.bucket_name)


@dataclass(frozen=True, kw_only=True)
class MissingReplica:
    """An object that isn't in the destination; without `origin` it is in no source either."""

    key: str
    origin: Origin | None = None
    replication: Replication | None = None

    def __str__(self) -> str:
        if self.origin is None or self.replication is None:
            return f"{self.key} (not in the source either)"
        status = self.replication.status or "without a replication status"
        return f"{self.key} ({status} in s3://{self.origin.bucket_name})"

    @property
    def is_lost(self) -> bool:
        """Whether S3 won't bring it any more.

        One status stands for all destinations: if another one failed, this replica may still come.
        """
        if self.origin is None or self.replication is None or self.replication.status == "PENDING":
            return False
        if self.replication.status == "FAILED" and not self.origin.is_shared:
            return True
        return datetime.now(UTC) - self.replication.written > USUAL_DURATION


def missing_keys(destination: PipelineBucket, keys: Sequence[str]) -> list[str]:
    """Those of `keys` that aren't in the destination."""
    folders = {key[: key.rfind("/") + 1] for key in keys}
    found = {key for folder in folders for key in destination.sizes(folder)}
    return [key for key in keys if key not in found]


def missing_replicas(
    destination: PipelineBucket, keys: Sequence[str], origins: Sequence[Origin]
) -> list[MissingReplica]:
    """What isn't in the destination, with what its source says of it."""
    missing = missing_keys(destination, keys)
    if not missing:
        return []
    asked = [*_asked(missing, origins)]
    # The last replicas may have arrived meanwhile.
    still = set(missing_keys(destination, missing))
    return [each for each in asked if each.key in still]


def _asked(keys: Sequence[str], origins: Sequence[Origin]) -> Iterator[MissingReplica]:
    buckets = [(origin, origin.open()) for origin in origins]
    for key in keys:
        found = ((origin, bucket.replication(key)) for origin, bucket in buckets)
        origin, replication = next((each for each in found if each[1]), (None, None))
        yield MissingReplica(key=key, origin=origin, replication=replication)
