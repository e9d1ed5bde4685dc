"""The page of a run in a browser: nothing is fetched, and nothing of the data is taken for HTML."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from docs.images.pictures import PictureError, browser
from operate.page.rendering import page

RUN = "20260102T030405000000"
HOSTILE = "<script>document.title = 'taken'</script><img src=http://evil.example/x.png> $x$ \x01"
OWN_REQUESTS = "not an origin"
"""What Chromium's log has as the initiator of what the browser itself asks for."""


def lane(service: str, *names: str, state: str = "success") -> dict[str, Any]:
    start, end = "2026-01-02T03:04:05+00:00", "2026-01-02T03:05:05+00:00"
    bars = [{"name": name, "state": state, "started": start, "ended": end} for name in names]
    return {"service": service, "of": "x", "where": "222222222222, us-east-1", "bars": bars}


def document(**changes: Any) -> dict[str, Any]:
    """The report of a run whose data contains HTML."""
    row = {
        "run": RUN,
        "is_this": True,
        "state": "success",
        "seconds": 60.0,
        "data_seconds": 30.0,
        "rows": 10,
        "glue_seconds": 20.0,
        "training_seconds": 5.0,
        "metrics": {"west2": {"validation:auc": 0.9}},
    }
    reason = f"{HOSTILE}: not a number"
    return {
        "run": RUN,
        "state": "success",
        "pipeline": "east1",
        "environment": "environment",
        "written": "2026-01-02T03:06:05+00:00",
        "source": {"bucket": "bucket", "key": "raw/a.csv", "version_id": "1"},
        "timeline": [lane("Airflow", "raw_to_transform"), lane("SageMaker", "training job")],
        "rows": {"input": 10, "train": 7, "validation": 2, "rejected": 1, "duplicates": 0},
        "rejected": {
            "location": "s3://bucket/rejected/",
            "reasons": {reason: 1},
            "counted_in": None,
            "examples": {reason: {"record": 3, "text": HOSTILE}},
        },
        "columns": [
            {"name": HOSTILE, "kind": "number", "why": HOSTILE, "cells": {"missing": 1}},
        ],
        "models": {
            "west2": {
                "training_job_name": "job",
                "model_artifact": "s3://bucket/model.tar.gz",
                "metrics": {"validation:auc": 0.9},
            }
        },
        "training": {
            "west2": {
                "rounds": {
                    "auc": {"train": [(0, 0.8), (1, 0.9)], "validation": [(0, 0.7), (1, 0.8)]}
                },
                "importance": {HOSTILE: 1.0},
                "no_importance": None,
            }
        },
        "failures": [],
        "last_runs": [row, {**row, "run": "20260101T030405000000", "is_this": False}],
        **changes,
    }


def charts(html: str) -> list[ET.Element]:
    encoded = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", html)
    return [ET.fromstring(base64.b64decode(each)) for each in encoded]  # noqa: S314 (our own)


def opened(html: str, folder: Path) -> tuple[str, list[str]]:
    """The document that Chromium makes of the page, and the addresses that the page asks for."""
    try:
        program = browser()
    except PictureError as error:
        pytest.skip(str(error))
    file, log = folder / "report.html", folder / "net.json"
    file.write_text(html, encoding="utf-8")
    dom = subprocess.run(
        [
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout
    recorded = json.loads(log.read_text(encoding="utf-8"))
    kind = recorded["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    events = [each.get("params", {}) for each in recorded["events"] if each["type"] == kind]
    return dom, [
        each["url"] for each in events if each.get("initiator", OWN_REQUESTS) != OWN_REQUESTS
    ]


def test_a_browser_fetches_nothing_and_runs_nothing_of_the_data(tmp_path: Path) -> None:
    dom, fetched = opened(page([document()]), tmp_path)

    assert fetched == []
    assert f"<title>Run {RUN} of east1</title>" in dom
    assert "<script" not in dom
    for section in (
        "timeline-east1",
        "rows-east1",
        "columns-east1",
        "model-west2",
        "last-runs-east1",
    ):
        assert f'<section id="{section}">' in dom
    assert len(charts(dom)) == 5


def test_what_a_page_fetches_would_be_seen(tmp_path: Path) -> None:
    _, fetched = opened("<img src='http://made-up.invalid/x.png'>", tmp_path)

    assert fetched == ["http://made-up.invalid/x.png"]


def test_everything_from_the_data_is_escaped_and_drawn_as_it_is() -> None:
    html = page([document()])

    assert "<script" not in html
    assert "evil.example" in html
    drawn = ["".join(chart.itertext()) for chart in charts(html)]
    assert any("<script>document.title = 'taken'" in text for text in drawn)


def test_the_rounds_and_the_model_of_another_image_cannot_be_read() -> None:
    reason = "the archive has no xgboost-model"
    training = {"west2": {"rounds": {}, "importance": {}, "no_importance": reason}}

    html = page([document(training=training)])

    assert "an image of your own says" in html
    assert f"None: {reason}." in html


def test_what_cannot_be_had_is_said_in_a_sentence() -> None:
    training = {"west2": {"rounds": {}, "importance": {}, "no_importance": "there is no model"}}
    failure = {
        "dag_id": "data_east1",
        "task_id": "raw_to_transform",
        "attempts": 2,
        "sentence": "AccessDenied",
        "runbook": {"entry": "A permission is missing", "link": "docs/runbooks/README.md#x"},
    }
    nothing = {"location": "s3://bucket/rejected/", "reasons": {}, "counted_in": 0, "examples": {}}
    html = page(
        [
            document(
                state="failed",
                source=None,
                timeline=[],
                rows=None,
                columns=[],
                rejected=nothing,
                models={"west2": None},
                training=training,
                failures=[failure],
                last_runs=[],
            )
        ]
    )

    for sentence in (
        "Nothing has started.",
        "no rows are published",
        "None: there is no model.",
        "A permission is missing",
    ):
        assert sentence in html
