"""The one setting that a run changes."""

from __future__ import annotations

import json

import pytest

from local.deployment.stack_file import Stack
from local.run.changed_stack import with_change


@pytest.mark.parametrize(
    ("glue", "minutes"),
    [
        ({}, 61),
        ({"glue": None}, 61),
        ({"glue": {"timeout_minutes": 10}}, 11),
        ({"glue": {"timeout_minutes": 10_080}}, 10_079),
    ],
)
def test_one_pipelines_glue_job_gets_another_time_out(
    glue: dict[str, object], minutes: int
) -> None:
    pipelines = {"b": {"region": "us-east-1"}, "a": {"region": "us-west-2", **glue}}
    config = {"project:topology": json.dumps({"data_pipelines": pipelines}), "other": "kept"}

    changed = with_change(Stack("project", "test", config)).config

    assert changed["other"] == "kept"
    assert json.loads(changed["project:topology"]) == {
        "data_pipelines": {
            "b": {"region": "us-east-1"},
            "a": {"region": "us-west-2", "glue": {"timeout_minutes": minutes}},
        }
    }
