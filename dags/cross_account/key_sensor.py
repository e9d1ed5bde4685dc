"""Waiting for objects, and naming those that are missing in the end.

Where the stock sensor times out, its error is only `Trigger timeout`.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor

try:
    from airflow.sdk.exceptions import AirflowSensorTimeout
except ImportError:  # Airflow 3.0 has it elsewhere
    from airflow.exceptions import AirflowSensorTimeout  # type: ignore[no-redef]

from cross_account.wording import some

__all__ = ["AirflowSensorTimeout", "CrossAccountKeySensor"]


class CrossAccountKeySensor(S3KeySensor):
    """`S3KeySensor` whose time-out names the missing keys, and `next_step`."""

    def __init__(self, *, next_step: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.next_step = next_step

    def resume_execution(
        self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any
    ) -> Any:
        """Resume after the wait; where it timed out, look once more before failing."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except AirflowSensorTimeout as error:
            missing = self._missing()
            if not missing:
                return None
            raise AirflowSensorTimeout(
                f"Missing in bucket {self.bucket_name} after {self.timeout / 60:.0f} minutes: "
                f"{some(missing)}. {self.next_step}"
            ) from error

    def _missing(self) -> list[str]:
        keys = [self.bucket_key] if isinstance(self.bucket_key, str) else self.bucket_key
        return [key for key in keys if self.hook.head_object(key, self.bucket_name) is None]
