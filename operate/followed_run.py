"""A data pipeline's run that is followed to the models, with its progress."""

from __future__ import annotations

import time

from rich.console import Console

from operate.connection import Connection
from operate.dag_runs import DagRun
from operate.errors import OperateError
from operate.following import Flow, follow, look
from operate.live import shown


def followed(connection: Connection, pipeline: str, started: DagRun, to: Console) -> Flow:
    """The end of a run that is started."""
    ml_pipelines = connection.stack.ml_pipelines_of(pipeline)
    triggered = {
        connection.dag_id(name): each.triggered_by(pipeline, started.run)
        for name, each in ml_pipelines.items()
    }
    with shown(to) as show:
        return follow(lambda: look(connection.airflow, started, triggered), show, time.sleep)


def refuse_paused(connection: Connection, pipeline: str) -> None:
    """A run of a paused DAG would wait, and following it would never end."""
    pipelines = [pipeline, *connection.stack.ml_pipelines_of(pipeline)]
    paused = {name: connection.airflow.is_paused(connection.dag_id(name)) for name in pipelines}
    unknown = [connection.dag_id(name) for name, value in paused.items() if value is None]
    if unknown:
        raise OperateError(
            f"Airflow hasn't loaded {', '.join(unknown)}: {connection.command('status')} shows why"
        )
    waiting = [name for name, value in paused.items() if value]
    if waiting:
        unpause = connection.command(f"unpause {' '.join(waiting)}")
        raise OperateError(f"paused: {', '.join(waiting)}; call {unpause}")
