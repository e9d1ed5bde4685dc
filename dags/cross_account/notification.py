"""One message per failed run, to the topic that the topology names, and one in its metrics.

Airflow calls this when a task has failed for good, in the task's own process, or in the DAG
processor if that process died, which Airflow 3.0 can't do yet. Both have the environment's
execution role.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from airflow.providers.amazon.aws.hooks.sns import SnsHook

from cross_account.metrics import report_failure
from cross_account.topology_file import HubEntry, PipelineEntry

_Hook: Any = SnsHook
"""Its methods have no types."""

_SUBJECT_LENGTH = 100
"""Characters, in ASCII (Amazon SNS API reference, Publish)."""

_MESSAGE_LENGTH = 10_000
"""Characters of a reason. Amazon SNS takes messages of 256 KB."""

_NO_REASON = "Its process ended without one; the task's log has the end of it."

Callback = Callable[[Any], None]


def telling(pipeline: PipelineEntry, hub: HubEntry) -> Callback:
    """The `on_failure_callback` of a pipeline's tasks."""

    def tell(context: Any) -> None:
        if not _is_first(context["ti"]):
            return
        try:
            _publish(hub, pipeline, context)
        finally:
            report_failure(hub, pipeline.name)

    return tell


def _publish(hub: HubEntry, pipeline: PipelineEntry, context: Any) -> None:
    if hub.notification_topic_arn is None:
        return
    # Without a connection: the message is the hub's, and not of the pipeline's account.
    hook = _Hook(aws_conn_id=None, region_name=hub.region)
    hook.publish_to_target(
        target_arn=hub.notification_topic_arn,
        message=_message(pipeline, context),
        subject=_subject(context),
    )


def _is_first(ti: Any) -> bool:
    """Whether no other task of the run has failed: the clean-up also runs after a failure."""
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id]).get(ti.run_id, {})
    return not any(state == "failed" for task_id, state in states.items() if task_id != ti.task_id)


def _subject(context: Any) -> str:
    ti = context["ti"]
    subject: str = f"{ti.dag_id} failed at {ti.task_id}"
    return subject[:_SUBJECT_LENGTH]


def _message(pipeline: PipelineEntry, context: Any) -> str:
    ti = context["ti"]
    reason = str(context.get("exception") or context.get("reason") or _NO_REASON)
    lines = [
        f"Pipeline: {pipeline.name}, in account {pipeline.account_id}, {pipeline.region}",
        f"DAG run: {ti.run_id} of {ti.dag_id}",
        f"Task: {ti.task_id}, attempt {ti.try_number}",
        f"Reason: {_plain(reason)[:_MESSAGE_LENGTH]}",
        "What to do: what the reason says, then clear the task; docs/runbooks has the rest.",
        f"Log: {ti.log_url}",
    ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """`text` without the control characters that SNS doesn't take in a message."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text)
