"""The alarms of what starts runs on uploads, as data. Doesn't import Pulumi."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from components.monitoring.alarm import Alarm, function_errors, switched_on
from components.monitoring.metrics import RUNS
from components.uploads import names

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite
    from components.topology.model import Alarms


def upload_alarms(settings: Alarms, hub: PipelineSite, pipelines: Iterable[str]) -> Iterator[Alarm]:
    """The alarms of queue, function and rules of `pipelines` that `settings` doesn't switch off."""
    function = {"FunctionName": names.function_name(hub)}
    alarms = (
        Alarm(
            purpose="oldest-upload",
            description="An upload has waited for its run. The log of the function that starts "
            "runs says why; the messages stay in the queue meanwhile.",
            namespace=RUNS,
            # The function's own: SQS's metric leaves out a message that was received three times.
            metric="UploadAge",
            dimensions=function,
            statistic="Maximum",
            threshold=settings.oldest_upload_seconds,
            periods=1,
            # Two attempts are at most a quarter of an hour apart.
            period_seconds=1800,
        ),
        Alarm(
            purpose="dead-uploads",
            description="Uploads have started no run and are no longer tried. The runbook says "
            "how to start them, before the queue drops them.",
            namespace="AWS/SQS",
            metric="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": names.dead_letter_queue_name(hub)},
            statistic="Maximum",
            threshold=settings.dead_uploads,
            periods=1,
        ),
        function_errors(
            names.function_name(hub),
            purpose="start-function-errors",
            description="The function that starts runs fails as a whole: its log says why.",
            threshold=settings.start_function_errors,
        ),
        *(_lost(settings, hub, pipeline) for pipeline in pipelines),
    )
    return switched_on(alarms)


def _lost(settings: Alarms, hub: PipelineSite, pipeline: str) -> Alarm:
    stack = hub.settings.names
    return Alarm(
        purpose=f"{pipeline}-lost-uploads",
        description=f"EventBridge couldn't put uploads to {pipeline} into the hub's queue, and "
        "doesn't try again. See whether the policies of queue and key are as deployed, then start "
        "the runs with `python -m operate backfill`.",
        namespace="AWS/Events",
        metric="FailedInvocations",
        dimensions={
            "EventBusName": names.bus_name(stack),
            "RuleName": names.rule_name_of(stack, pipeline),
        },
        statistic="Sum",
        threshold=settings.lost_uploads,
        periods=1,
    )
