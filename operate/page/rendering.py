"""A run's document as a page; everything from the data is escaped."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from operate.page.model_charts import importance_chart, rounds_chart
from operate.page.run_charts import last_runs_chart, rows_chart
from operate.page.timeline_chart import timeline_chart

_COMPARED = ("seconds", "glue_seconds", "training_seconds")


def page(reports: list[dict[str, Any]]) -> str:
    """The HTML of one run or several, one below the other."""
    environment = Environment(
        loader=PackageLoader("operate.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    runs = [{**report, "charts": _charts(report), **_compared(report)} for report in reports]
    return environment.get_template("run.html").render(runs=runs)


def _charts(report: dict[str, Any]) -> dict[str, Any]:
    return {
        "timeline": timeline_chart(report["timeline"], datetime.fromisoformat(report["written"])),
        "rows": report["rows"] and rows_chart(report["rows"]),
        "rounds": {name: rounds_chart(each["rounds"]) for name, each in report["training"].items()},
        "importance": {
            name: importance_chart(each["importance"]) for name, each in report["training"].items()
        },
        "last_runs": last_runs_chart(report["last_runs"]),
    }


def _compared(report: dict[str, Any]) -> dict[str, Any]:
    """This run's row among the last ones, and the median of the others that succeeded."""
    (this,) = [run for run in report["last_runs"] if run["is_this"]] or [None]
    others = [
        run for run in report["last_runs"] if not run["is_this"] and run["state"] == "success"
    ]
    values = {name: [run[name] for run in others if run[name] is not None] for name in _COMPARED}
    return {
        "this": this,
        "median": {name: median(found) if found else None for name, found in values.items()},
    }
