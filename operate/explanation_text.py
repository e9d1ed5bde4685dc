"""An explanation for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from operate.columns_text import print_table
from operate.output import line, seconds, table
from operate.runbook import GENERAL, text_of

_REASONS = 10
"""Reasons for rejecting rows that are shown."""


def print_explanation(to: Console, found: dict[str, Any]) -> None:
    """Runs, rows, jobs, models, and why something failed."""
    line(to, f"run {found['run']}: {found['state']}")
    table(
        to,
        ["DAG", "DAG run", "state", "seconds"],
        [
            [each["dag_id"], each["dag_run_id"], each["state"], seconds(each["seconds"])]
            for each in found["dag_runs"]
        ],
    )
    _print_rows(to, found)
    if found["jobs"]:
        _print_jobs(to, found["jobs"])
    for name, model in found["models"].items():
        _print_model(to, name, model)
    for failure in found["failures"]:
        _print_failure(to, failure)


def _print_rows(to: Console, found: dict[str, Any]) -> None:
    rows, rejected = found["rows"], found["rejected"]
    if rows is None:
        line(to, "The run has no manifest: no rows are published.")
    else:
        table(to, list(rows), [[str(count) for count in rows.values()]])
    if found["split"]:
        line(to, "split " + ", ".join(f"{key}: {value}" for key, value in found["split"].items()))
    if found["columns"]:
        print_table(to, found["columns"])
    if rejected["reasons"]:
        line(to, f"rejected rows: {rejected['location']}{_counted_in(rejected['counted_in'])}")
    for reason, count in list(rejected["reasons"].items())[:_REASONS]:
        line(to, f"  {count}: {reason}{_example(rejected['examples'].get(reason))}")
    if len(rejected["reasons"]) > _REASONS:
        line(to, f"  and {len(rejected['reasons']) - _REASONS} more reasons: --json has them")


def _counted_in(rows: int | None) -> str:
    return "" if rows is None else f", reasons of the first {rows}"


def _example(example: dict[str, Any] | None) -> str:
    return "" if example is None else f"; for example row {example['record']}: {example['text']!r}"


def _print_jobs(to: Console, jobs: list[dict[str, Any]]) -> None:
    cells = []
    for job in jobs:
        billed = job["compute_seconds"]
        compute = "-" if billed is None else f"{billed:.0f} s of {job['unit']}"
        cells.append([job["pipeline"], job["name"], job["state"], seconds(job["seconds"]), compute])
    table(to, ["pipeline", "job", "state", "seconds", "compute"], cells)


def _print_model(to: Console, name: str, model: dict[str, Any] | None) -> None:
    if model is None or not model["model_artifact"]:
        line(to, f"{name}: no model")
        return
    line(to, f"{name}: {_metrics(model)}")
    line(to, f"  {model['model_artifact']}")
    if len(model["trainings"]) > 1:
        line(to, f"  of {len(model['trainings'])} trainings on this run:")
        for each in model["trainings"]:
            line(to, f"    {_training(each)}")
    if model["rows_kept_until"]:
        line(to, f"  its rows are there until {model['rows_kept_until']}, to be trained on again")


def _metrics(found: dict[str, Any]) -> str:
    metrics = sorted(found["metrics"].items())
    return ", ".join(f"{name} {value:.4f}" for name, value in metrics) or "no metric"


def _training(found: dict[str, Any]) -> str:
    if found["outcome"] != "success":
        return f"{found['training']}: {found['outcome']}"
    given = (found["trained_with"] or {}).get("hyperparameters", {})
    shown = ", ".join(f"{name}={value}" for name, value in sorted(given.items()))
    return f"{found['training']}: {_metrics(found)}; {shown}"


def _print_failure(to: Console, failure: dict[str, Any]) -> None:
    line(to, f"{failure['dag_id']} {failure['task_id']} failed:")
    line(to, f"  {failure['sentence'] or 'its log has no exception'}")
    entry = failure["runbook"]
    line(to, f"What to do: {entry['entry']} ({entry['link']})")
    if entry["entry"] != GENERAL:
        line(to, text_of(entry["entry"]))
