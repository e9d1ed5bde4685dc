"""What is watched in the hub, and who hears of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.topology import limits
from components.topology.model.fields import Expected, Model, pattern, within

EmailAddress = Annotated[str, pattern(limits.EMAIL_PATTERN)]
HttpsAddress = Annotated[str, pattern(limits.HTTPS_ENDPOINT_PATTERN)]


class Alarms(Model):
    """The CloudWatch alarms in the hub. `null` switches one off."""

    scheduler_heartbeat_minutes: Annotated[int | None, within(limits.HEARTBEAT_MINUTES)] = 10
    """Minutes without a sign of the scheduler, in steps of five."""

    import_errors: Annotated[int | None, within(limits.ALARM_COUNT)] = 0
    """More DAG files than this can't be imported."""

    oldest_queued_task_seconds: Annotated[int | None, within(limits.ALARM_SECONDS)] = 1800
    """A task has been waiting for a worker for more than this, for 15 minutes."""

    starving_tasks: Annotated[int | None, within(limits.ALARM_COUNT)] = 0
    """More tasks than this find no free slot in their pool, for 15 minutes."""

    failed_tasks_per_hour: Annotated[int | None, within(limits.ALARM_COUNT)] = 10
    """More attempts of tasks than this fail in an hour."""

    cpu_percent: Annotated[int | None, within(limits.PERCENT)] = 95
    """Schedulers, workers, web servers or the database use more processor time than this."""

    memory_percent: Annotated[int | None, within(limits.PERCENT)] = 95
    """Schedulers, workers or web servers use more memory than this."""

    database_free_memory_mib: Annotated[int | None, within(limits.MEBIBYTES)] = 512
    """The database has less free memory than this, in MiB."""

    replication_seconds: Annotated[int | None, within(limits.ALARM_SECONDS)] = 1800
    """A run's files took longer than this to get to an ML pipeline."""

    rotation_errors: Annotated[int | None, within(limits.ALARM_COUNT)] = 0
    """More attempts than this to rotate an ExternalId fail in five minutes."""

    oldest_upload_seconds: Annotated[int | None, within(limits.ALARM_SECONDS)] = 3600
    """An upload has been waiting for its run for more than this."""

    dead_uploads: Annotated[int | None, within(limits.ALARM_COUNT)] = 0
    """More uploads than this have started no run, and are no longer tried."""

    start_function_errors: Annotated[int | None, within(limits.ALARM_COUNT)] = 0
    """The function that starts runs fails more often than this in five minutes."""

    lost_uploads: Annotated[int | None, within(limits.ALARM_COUNT)] = 0
    """More uploads than this didn't reach the hub's queue in five minutes."""


class Notifications(Model):
    """Who is told: addresses of a topic that the stack makes, or a topic that is there already."""

    emails: Annotated[
        tuple[EmailAddress, ...],
        Field(strict=False),
        Expected("an e-mail address", "an address such as data-platform@example.com"),
    ] = ()
    """E-mail addresses. Each has to confirm once, by the link that Amazon SNS sends."""

    https_endpoints: Annotated[
        tuple[HttpsAddress, ...],
        Field(strict=False),
        Expected("an HTTPS endpoint", "an address such as https://example.com/hooks/aws"),
    ] = ()
    """HTTPS endpoints that take Amazon SNS's messages. Each has to confirm its subscription."""

    topic_arn: str | None = None
    """An existing Amazon SNS topic in the hub's account and Region, instead of addresses."""

    @property
    def has_addresses(self) -> bool:
        """Whether the stack makes a topic for them."""
        return bool(self.emails or self.https_endpoints)

    @property
    def has_topic(self) -> bool:
        """Whether there is a topic to tell."""
        return self.has_addresses or self.topic_arn is not None
