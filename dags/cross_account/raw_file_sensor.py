"""Waiting for a run's raw file. A given version is there, or it never will be.

Where the stock sensor times out, its error is only `Trigger timeout`.
"""

from __future__ import annotations

import glob
from typing import Any

from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor

try:
    from airflow.sdk.exceptions import AirflowSensorTimeout
except ImportError:  # Airflow 3.0 has it elsewhere
    from airflow.exceptions import AirflowSensorTimeout  # type: ignore[no-redef]

from cross_account.aws_error import ClientError, code_of
from cross_account.failure import failing_at_once
from cross_account.pipeline_bucket import open_bucket
from cross_account.raw_file import require_version
from cross_account.raw_file_choice import check_choice
from cross_account.run import run_of

__all__ = ["AirflowSensorTimeout", "RawFileSensor"]


class RawFileSensor(S3KeySensor):
    """`S3KeySensor` that doesn't wait where a run has a `version_id`.

    A key that ends in a slash stands for every object below it: the first ends the wait. A time-out
    names the key.
    """

    template_fields = (*S3KeySensor.template_fields, "version_id")

    def __init__(self, *, version_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.version_id = version_id

    def execute(self, context: Any) -> None:
        """Look for the given version once, or wait for the key."""
        with failing_at_once():
            check_choice(context["dag_run"])
        try:
            if self.version_id:
                self._find_version(context)
            else:
                self._wait(context)
        except ClientError as error:
            if code_of(error) != "403":
                raise
            raise RuntimeError(
                f"Airflow may not read s3://{self.bucket_name}/{self.bucket_key}: it may read what "
                "the pipeline's raw_key names in the topology, and versions of what "
                "start.on_upload matches. Trigger a new DAG run with such a key, and its version, "
                "or change the topology."
            ) from error

    def resume_execution(
        self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any
    ) -> Any:
        """Resume after the wait; where it timed out, look once more before failing."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except AirflowSensorTimeout as error:
            self._match_below_prefix()
            if self.poke(context):
                return None
            raise AirflowSensorTimeout(
                f"Missing in bucket {self.bucket_name} after {self.timeout / 60:.0f} minutes: "
                f"{self.bucket_key}. Upload it, then clear this task."
            ) from error

    def _wait(self, context: Any) -> None:
        self._match_below_prefix()
        super().execute(context)

    def _match_below_prefix(self) -> None:
        """Wait for any object below the key, if that ends in a slash."""
        key = str(self.bucket_key)
        if key.endswith("/"):
            self.wildcard_match = True
            self.bucket_key = f"{glob.escape(key)}*"

    def _find_version(self, context: Any) -> None:
        bucket, key = open_bucket(self.aws_conn_id, str(self.bucket_name)), str(self.bucket_key)
        with failing_at_once():
            require_version(bucket, run_of(context["dag_run"]), key, self.version_id)
