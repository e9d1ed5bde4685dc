"""Waiting for a run's replicas, for as long as S3 may still bring them.

Between two looks the task is deferred, which takes no worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import BaseOperator

from cross_account.failure import PipelineError, failing_at_once
from cross_account.missing_replica import MissingReplica, Origin, missing_replicas
from cross_account.pipeline_bucket import open_bucket
from cross_account.settings import MAX_REPLICATION_WAITS, replication_pause
from cross_account.wording import some


class ReplicationError(PipelineError):
    """A replica hasn't arrived, or never will."""


class ReplicaSensor(BaseOperator):
    """Wait for `keys`, one or a list, in a bucket to which S3 replicates from `origins`.

    Its result are the seconds from the DAG run's start until all were there. Fails at the first
    look at which S3 has given up on one of them, else after two hours.
    """

    template_fields = ("keys",)

    def __init__(
        self,
        *,
        aws_conn_id: str,
        bucket_name: str,
        keys: Any,
        origins: Sequence[Origin],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.aws_conn_id = aws_conn_id
        self.bucket_name = bucket_name
        self.keys = keys
        self.origins = origins

    def execute(self, context: Any) -> float:
        """Look, then defer until the next look."""
        return self.look_again(context, waits=0)

    def look_again(self, context: Any, waits: int, **_event: Any) -> float:
        """Look after that many waits."""
        keys = [self.keys] if isinstance(self.keys, str) else list(self.keys)
        missing = missing_replicas(
            open_bucket(self.aws_conn_id, self.bucket_name), keys, self.origins
        )
        if missing:
            with failing_at_once():
                self._refuse(missing, waits)
            self.log.info("Missing: %s", some([str(each) for each in missing]))
            self.defer(
                trigger=TimeDeltaTrigger(replication_pause(waits)),
                method_name="look_again",
                kwargs={"waits": waits + 1},
            )
        waited = datetime.now(UTC) - context["dag_run"].start_date
        return float(waited.total_seconds())

    def _refuse(self, missing: Sequence[MissingReplica], waits: int) -> None:
        """Raise where waiting is in vain, or has lasted long enough."""
        if lost := [str(each) for each in missing if each.is_lost]:
            raise ReplicationError(
                f"S3 won't replicate any more to s3://{self.bucket_name}: {some(lost)}. Repair "
                "what keeps S3 from replicating, then `python -m operate replicate` the run, and "
                "clear this task."
            )
        if waits >= MAX_REPLICATION_WAITS:
            raise ReplicationError(
                f"Missing in s3://{self.bucket_name} after two hours: "
                f"{some([str(each) for each in missing])}. Clear this task to wait for what is "
                "PENDING; for what isn't in the source, start its data-processing DAG."
            )
