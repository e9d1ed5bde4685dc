"""Everything that a run's page shows, as one JSON document."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from operate.connection import Connection
from operate.explanation import explanation_of
from operate.gathering import GatheredRun
from operate.history import last_runs
from operate.job_logs import job_logs
from operate.model_archive import UnreadableModelError, feature_importance
from operate.outputs import MlPipeline
from operate.timeline import Lane, timeline
from operate.training_rounds import Curve, metrics_by_round


def report_of(connection: Connection, found: GatheredRun) -> dict[str, Any]:
    """A run of a data pipeline, or of one of its ML pipelines alone."""
    lanes = timeline(connection, found, found.tasks(connection))
    explanation = explanation_of(connection, found)
    return {
        **explanation,
        "pipeline": found.source,
        "environment": connection.stack.environment_name,
        "written": datetime.now(UTC).isoformat(),
        "source": found.manifest and found.manifest.content["source"],
        "timeline": [_lane(each) for each in lanes],
        "training": {
            name: _training(connection, found, name, each)
            for name, each in found.ml_pipelines.items()
        },
        "last_runs": last_runs(connection, found),
    }


def _lane(lane: Lane) -> dict[str, Any]:
    bars = [
        {
            **asdict(bar),
            "started": bar.started.isoformat(),
            "ended": bar.ended and bar.ended.isoformat(),
        }
        for bar in lane.bars
    ]
    return {**asdict(lane), "bars": bars}


def _training(
    connection: Connection, found: GatheredRun, name: str, pipeline: MlPipeline
) -> dict[str, Any]:
    importance, reason = _importance(connection, found, name, pipeline)
    return {
        "rounds": _rounds(connection, found, name),
        "importance": importance,
        "no_importance": reason,
    }


def _rounds(connection: Connection, found: GatheredRun, name: str) -> dict[str, dict[str, Curve]]:
    """Those of the model's training job, else of the last one.

    From the first of its instances' logs that has any.
    """
    jobs = [job for job in found.jobs if job.pipeline == name]
    model = (found.summaries[name] or {}).get("training_job_name")
    last = [job for job in jobs if model in (None, job.name)][-1:]
    logs = job_logs(connection, name, "train", last[0].run) if last else {}
    own = sorted(stream for stream in logs if stream.startswith(f"{last[0].name}/"))
    return next((read for stream in own if (read := metrics_by_round(logs[stream]))), {})


def _importance(
    connection: Connection, found: GatheredRun, name: str, pipeline: MlPipeline
) -> tuple[dict[str, float], str | None]:
    """The features' shares, or why there are none."""
    artifact = found.artifact(name)
    if not artifact:
        return {}, "there is no model"
    columns = found.manifest.content["columns"] if found.manifest else []
    try:
        return feature_importance(connection, pipeline, artifact, columns), None
    except UnreadableModelError as error:
        return {}, str(error)
    except ClientError as error:
        return {}, f"the model can't be read: {error}"
