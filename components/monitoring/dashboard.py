"""The dashboard of a stack: a row of its environment, then one for each pipeline.

All its metrics are in the hub's account and Region. Nothing here imports Pulumi.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.aws.naming import DASHBOARD_NAME_LIMIT, HUB_OWNER, Names
from components.monitoring.alarm import HOUR_SECONDS, PERIOD_SECONDS
from components.monitoring.metrics import RUNS, of_pipeline
from components.topology.model import Topology

_COLUMNS, _HEIGHT = 24, 6
_CLUSTERS = ("Scheduler", "BaseWorker", "AdditionalWorker", "WebServer")
_ROWS = ("InputRows", "TrainingRows", "ValidationRows", "RejectedRows", "DuplicateRows")

_Metric = list[Any]
"""A metric, or an expression, as CloudWatch's dashboards have it."""


@dataclass(frozen=True, kw_only=True)
class _Graph:
    title: str
    metrics: Sequence[_Metric]
    statistic: str
    period_seconds: int = HOUR_SECONDS


def dashboard_name(names: Names) -> str:
    """The name of the stack's dashboard, which belongs to no Region."""
    return names.of(HUB_OWNER, "runs", limit=DASHBOARD_NAME_LIMIT)


def dashboard_body(names: Names, topology: Topology) -> str:
    """The dashboard's definition."""
    rows = [_environment(names.environment())]
    rows += [_data(names, pipeline) for pipeline in sorted(topology.data_pipelines)]
    rows += [_ml(names, pipeline) for pipeline in sorted(topology.ml_pipelines)]
    widgets = [
        _widget(graph, topology.hub.region, x=number * _COLUMNS // len(row), y=y * _HEIGHT)
        | {"width": _COLUMNS // len(row), "height": _HEIGHT}
        for y, row in enumerate(rows)
        for number, graph in enumerate(row)
    ]
    return json.dumps({"widgets": widgets}, sort_keys=True, separators=(",", ":"))


def _widget(graph: _Graph, region: str, *, x: int, y: int) -> dict[str, Any]:
    properties = {
        "title": graph.title,
        "region": region,
        "metrics": graph.metrics,
        "stat": graph.statistic,
        "period": graph.period_seconds,
    }
    return {"type": "metric", "x": x, "y": y, "properties": properties}


def _metric(namespace: str, name: str, dimensions: Mapping[str, str], **options: str) -> _Metric:
    named = [part for pair in dimensions.items() for part in pair]
    return [namespace, name, *named, *([options] if options else [])]


def _environment(environment: str) -> list[_Graph]:
    def graph(title: str, statistic: str, metrics: list[_Metric]) -> _Graph:
        return _Graph(
            title=title, metrics=metrics, statistic=statistic, period_seconds=PERIOD_SECONDS
        )

    of = {"Environment": environment}
    use = {
        metric: [
            _metric("AWS/MWAA", metric, {**of, "Cluster": cluster}, label=cluster)
            for cluster in _CLUSTERS
        ]
        for metric in ("CPUUtilization", "MemoryUtilization")
    }
    executor = {"Function": "Executor", **of}
    tasks = [_metric("AmazonMWAA", name, executor) for name in ("QueuedTasks", "RunningTasks")]
    heartbeat = _metric("AmazonMWAA", "SchedulerHeartbeat", {"Function": "Scheduler", **of})
    return [
        graph("Scheduler heartbeat", "Sum", [heartbeat]),
        graph("Tasks", "Maximum", tasks),
        graph("Processor, %", "Average", use["CPUUtilization"]),
        graph("Memory, %", "Average", use["MemoryUtilization"]),
    ]


def _data(names: Names, pipeline: str) -> list[_Graph]:
    of = of_pipeline(names, pipeline)
    rows = [_metric(RUNS, name, of) for name in _ROWS]
    return [
        _runs(pipeline, of),
        _seconds(pipeline, of, "RunSeconds"),
        _Graph(title=f"{pipeline}: rows", metrics=rows, statistic="Sum"),
    ]


def _ml(names: Names, pipeline: str) -> list[_Graph]:
    of = of_pipeline(names, pipeline)
    wanted = " ".join(f'{name}="{value}"' for name, value in of.items())
    schema = ",".join([RUNS, *of])
    # The names depend on the objective, but XGBoost's metrics all begin with the channel.
    found = f"SEARCH('{{{schema}}} {wanted} (train OR validation)', 'Average', {HOUR_SECONDS})"
    model = [[{"expression": found, "id": "metrics"}]]
    return [
        _runs(pipeline, of),
        _seconds(pipeline, of, "RunSeconds", "ReplicationSeconds", "TrainingSeconds"),
        _Graph(title=f"{pipeline}: model", metrics=model, statistic="Average"),
    ]


def _runs(pipeline: str, of: Mapping[str, str]) -> _Graph:
    metrics = [_metric(RUNS, name, of) for name in ("SuccessfulRuns", "FailedRuns")]
    return _Graph(title=f"{pipeline}: runs", metrics=metrics, statistic="Sum")


def _seconds(pipeline: str, of: Mapping[str, str], *names: str) -> _Graph:
    metrics = [_metric(RUNS, name, of) for name in names]
    return _Graph(title=f"{pipeline}: seconds", metrics=metrics, statistic="Average")
