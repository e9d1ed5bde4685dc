"""What became of a run, from what Airflow, S3, Glue and SageMaker say."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from rich.console import Console
from typer.testing import CliRunner

from operate.application import application
from operate.columns_text import print_column
from operate.dag_runs import Task
from operate.errors import OperateError, UsageError
from operate.explanation import explained
from operate.explanation_text import print_explanation
from operate.taken_columns import selected, why
from operate.task_logs import task_log
from tests.operate.answers import (
    DATA_BUCKET,
    ML_BUCKET,
    RUN,
    FakeAirflow,
    FakeConnection,
    client,
    dag_run_row,
    task_row,
)

ROWS = {"input": 10, "train": 6, "validation": 2, "rejected": 2, "duplicates": 0}
REJECTED_KEY = f"rejected/run={RUN}/1/part-0.jsonl"
REASON = "age: not a number"
CELLS = [None, "young", "Rome"]
AGAIN = "20260103T000000000000"
MODEL: dict[str, Any] = {
    "outcome": "success",
    "training_job_name": f"stack-west2-{RUN}",
    "model_artifact": f"s3://{ML_BUCKET}/models/model.tar.gz",
    "metrics": {"validation:auc": 0.8756},
    "rows_kept_until": "2026-01-10",
    "trainings": [
        {
            "training": RUN,
            "outcome": "success",
            "metrics": {"validation:auc": 0.8},
            "trained_with": {"hyperparameters": {"eta": "0.2", "max_depth": "5"}},
        },
        {
            "training": AGAIN,
            "outcome": "success",
            "metrics": {"validation:auc": 0.8756},
            "trained_with": {"hyperparameters": {"eta": "0.1", "max_depth": "4"}},
        },
    ],
}


def column(name: str, kind: str, **cells: int) -> dict[str, Any]:
    return {"name": name, "kind": kind, "pinned": False, "cells": cells}


MANIFEST = {
    "attempt": "1",
    "columns": ["label", "age", "city=Rome"],
    "split": {"by": "group", "column": "city"},
    "rows": ROWS,
    "reasons": {REASON: 312, "label: missing": 1},
    "taken": [
        column("label", "number", missing=1, numbers=9),
        column("age", "number", missing=4, numbers=5688, texts=312, different_texts=2),
        {
            **column("city", "category", missing=0, numbers=3, texts=7, different_texts=1),
            "levels": {"kept": 2, "others": True, "most_frequent": {"Rome\x1b[2J": 7, "3": 2}},
        },
    ],
}
REJECTED = [
    {"file": "raw/a.csv", "record": 5, "reason": f"label: missing; {REASON}", "cells": CELLS},
    {"file": "raw/a.csv", "record": 3, "reason": REASON, "cells": ["1", "old", "Rome"]},
]
SENTENCE = "arn:aws:sts::1:assumed-role/x is not authorized to perform: s3:PutObject"


class Bucket:
    """A stubbed S3 with some objects."""

    def __init__(self) -> None:
        self.s3 = client("s3")
        self.stubber = Stubber(self.s3)
        self.stubber.activate()

    def lists(self, keys: list[str]) -> None:
        found = [{"Key": key, "LastModified": datetime(2026, 1, 2, tzinfo=UTC)} for key in keys]
        self.stubber.add_response("list_objects_v2", {"Contents": found})

    def has(self, bucket: str, key: str, text: str) -> None:
        body = StreamingBody(io.BytesIO(text.encode()), len(text.encode()))
        self.stubber.add_response("get_object", {"Body": body}, {"Bucket": bucket, "Key": key})

    def document(self, bucket: str, key: str, content: Any) -> None:
        self.lists([key])
        self.has(bucket, key, json.dumps(content))


def glue_with(*arguments: str) -> Any:
    """Glue with a job run for each run."""
    glue = client("glue")
    stubber = Stubber(glue)
    runs = [
        {
            "Id": f"jr_{number}",
            "JobRunState": "SUCCEEDED",
            "Arguments": {"--run": run},
            "StartedOn": datetime(2026, 1, 2, 3, 5, tzinfo=UTC),
            "ExecutionTime": 30,
            "WorkerType": "G.2X",
            "NumberOfWorkers": 3,
        }
        for number, run in enumerate(arguments)
    ]
    stubber.add_response("get_job_runs", {"JobRuns": runs}, {"JobName": "job"})
    stubber.activate()
    return glue


def sagemaker_with(*jobs: str) -> Any:
    """SageMaker with a failed job of each of these trainings, and no other."""
    sagemaker = client("sagemaker")
    stubber = Stubber(sagemaker)
    missing: Any = {"expected_params": {"TrainingJobName": ANY}}
    for name in jobs:
        job = {
            "TrainingJobName": name,
            "TrainingJobArn": f"arn:aws:sagemaker:us-west-2:222222222222:training-job/{name}",
            "TrainingJobStatus": "Failed",
            "SecondaryStatus": "Failed",
            "ModelArtifacts": {"S3ModelArtifacts": "s3://nothing"},
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "ResourceConfig": {
                "InstanceType": "ml.m5.large",
                "InstanceCount": 2,
                "VolumeSizeInGB": 1,
            },
            "StoppingCondition": {},
            "CreationTime": datetime(2026, 1, 2, tzinfo=UTC),
            "TrainingTimeInSeconds": 40,
            "BillableTimeInSeconds": 50,
        }
        stubber.add_response("describe_training_job", job, {"TrainingJobName": name})
        stubber.add_client_error("describe_training_job", "ValidationException", **missing)
    stubber.add_client_error("describe_training_job", "ValidationException", **missing)
    stubber.activate()
    return sagemaker


@pytest.fixture
def good() -> FakeConnection:
    """A run that came to its model."""
    bucket = Bucket()
    bucket.document(ML_BUCKET, f"runs/{RUN}/summary.json", MODEL)
    bucket.document(DATA_BUCKET, f"transformed/run={RUN}/_manifest.json", MANIFEST)
    bucket.lists([REJECTED_KEY])
    bucket.has(DATA_BUCKET, REJECTED_KEY, "\n".join(map(json.dumps, REJECTED)))
    ended = [
        dag_run_row("data_east1", "success"),
        dag_run_row("ml_west2", "success", conf={"run": RUN}),
    ]
    return FakeConnection(
        airflow_at(ended),
        {
            "s3": bucket.s3,
            "glue": glue_with(RUN, "20250102T030405000000"),
            "sagemaker": sagemaker_with(*(f"stack-west2-{name}" for name in (RUN, AGAIN))),
        },
    )


def airflow_at(dag_runs: list[dict[str, Any]], *tasks: dict[str, Any]) -> FakeAirflow:
    airflow = FakeAirflow([dag_runs], list(tasks))
    airflow.dag_run("data_east1", RUN)
    return airflow


def failed(folder: Path) -> FakeConnection:
    """A run whose Glue task failed, with its log in `folder`."""
    log = folder / f"dag_id=data_east1/run_id={RUN}/task_id=raw_to_transform/attempt=2.log"
    log.parent.mkdir(parents=True)
    errors = [
        {"exc_type": "RuntimeError", "exc_value": SENTENCE},
        {"exc_type": "ClientError", "exc_value": "its cause"},
    ]
    entries = [{"event": "starting"}, {"event": "Task failed", "error_detail": errors}]
    log.write_text("\n".join(map(json.dumps, entries)))
    bucket = Bucket()
    for _ in range(3):
        bucket.lists([])
    tasks = [
        task_row("data_east1", "raw_to_transform", "failed"),
        task_row("data_east1", "check_transformed_data", "upstream_failed"),
    ]
    return FakeConnection(
        airflow_at([dag_run_row("data_east1", "failed")], *tasks),
        {"s3": bucket.s3, "glue": glue_with(), "sagemaker": sagemaker_with()},
        folder,
    )


def test_every_row_job_and_model_of_a_good_run(good: FakeConnection) -> None:
    found = explained(good, "east1", RUN)

    assert found["state"] == "success"
    assert found["rows"] == ROWS
    assert found["rejected"] == {
        "location": f"s3://{DATA_BUCKET}/rejected/run={RUN}/",
        "reasons": {REASON: 312, "label: missing": 1},
        "counted_in": None,
        "examples": {
            REASON: {"file": "raw/a.csv", "record": 3, "text": "1,old,Rome"},
            "label: missing": {"file": "raw/a.csv", "record": 5, "text": ",young,Rome"},
        },
    }
    assert [column["kind"] for column in found["columns"]] == ["number", "number", "category"]
    glue, training, again = found["jobs"]
    assert again["name"] == f"stack-west2-{AGAIN}"
    assert (glue["name"], glue["seconds"], glue["compute_seconds"]) == ("jr_0", 30, 180)
    assert (training["state"], training["compute_seconds"]) == ("Failed", 100)
    assert found["models"] == {"west2": MODEL}
    assert found["failures"] == []


def test_a_failure_is_its_own_sentence_and_has_an_entry(tmp_path: Path) -> None:
    found = explained(failed(tmp_path), "east1", RUN)

    assert (found["state"], found["rows"], found["models"]) == ("failed", None, {"west2": None})
    (failure,) = found["failures"]
    assert failure == {
        "dag_id": "data_east1",
        "task_id": "raw_to_transform",
        "attempts": 2,
        "sentence": SENTENCE,
        "runbook": {
            "entry": "A permission is missing",
            "link": "docs/runbooks/README.md#a-permission-is-missing",
        },
    }


@pytest.mark.parametrize("which", ["good", "failed"])
def test_people_read_the_same(good: FakeConnection, which: str, tmp_path: Path) -> None:
    connection = good if which == "good" else failed(tmp_path)
    to = Console(file=io.StringIO(), width=140)

    print_explanation(to, explained(connection, "east1", RUN))

    text = to.file.getvalue()  # type: ignore[attr-defined]
    expected = {
        "good": (
            f"312: {REASON}; for example row 3: '1,old",
            "split by: group",
            "180 s of DPU",
            "validation:auc 0.8756",
            MODEL["model_artifact"],
            "of 2 trainings on this run",
            f"{AGAIN}: validation:auc 0.8756; eta=0.1, max_depth=4",
            "its rows are there until 2026-01-10",
        ),
        "failed": ("no manifest", SENTENCE, "Refresh", "#a-permission-is-missing"),
    }
    for part in expected[which]:
        assert str(part) in text


def test_one_column_says_what_it_was_taken_as_and_why(good: FakeConnection) -> None:
    found = explained(good, "east1", RUN)
    to = Console(file=io.StringIO(), width=140)

    for each in selected(found, ["age", "city"]):
        print_column(to, each)

    assert to.file.getvalue().splitlines() == [  # type: ignore[attr-defined]
        "age: number; of 6000 values, 5688 are numbers",
        "  6000 values, 4 missing",
        f"  rejected 312 rows: {REASON}; row 3 of raw/a.csv has 'old'",
        f"city: category; {found['columns'][2]['why']}",
        "  10 values, 0 missing",
        "  2 levels, and one for all others; the most frequent: Rome\\x1b[2J (7), 3 (2)",
    ]
    with pytest.raises(UsageError, match="no column 'agee'; the closest are age"):
        selected(found, ["agee"])


def test_the_command_shows_one_column_alone(
    good: FakeConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operate.commands.explain.connect", lambda *_, **__: good)
    arguments = ["explain", RUN, "--pipeline", "east1", "--column", "age", "--json"]

    found = json.loads(CliRunner().invoke(application, arguments).stdout)

    (age,) = found["columns"]
    example = {"file": "raw/a.csv", "record": 3, "value": "old"}
    assert age["rejected"] == {REASON: {"rows": 312, "example": example}}


def test_a_run_without_a_manifest_says_so_of_its_columns(tmp_path: Path) -> None:
    found = explained(failed(tmp_path), "east1", RUN)

    with pytest.raises(OperateError, match=f"run {RUN} doesn't say"):
        selected(found, ["age"])


WHY = {
    "pinned": ("category", {"numbers": 5}, "the topology pins it"),
    "empty": ("number", {"missing": 5, "numbers": 0}, "it has no value"),
    "truth": ("boolean", {"texts": 5, "booleans": 5}, "of 5 values, 5 are truth values, and none"),
    "both": ("category", {"numbers": 1, "texts": 9, "booleans": 9}, "9 are truth values, but 1"),
    "dates": ("timestamp", {"texts": 9, "timestamps": 9}, "of 9 values, 9 are dates or times"),
    "names": ("drop", {"texts": 99, "different_texts": 98}, "98 are different texts: names"),
    "label": ("category", {"texts": 9}, "0 are numbers, not nine of ten, so each text is a class"),
}


@pytest.mark.parametrize("case", WHY)
def test_every_kind_has_a_reason(case: str) -> None:
    kind, cells, reason = WHY[case]
    taken = column("x", kind, **{"numbers": 0, **cells}) | {"pinned": case == "pinned"}
    assert reason in why(taken, is_label=case == "label")


def test_on_aws_a_tasks_log_is_a_stream_of_the_environment() -> None:
    logs = client("logs")
    stubber = Stubber(logs)
    stubber.add_response(
        "get_log_events",
        {"events": [{"message": "hello\n"}]},
        {
            "logGroupName": "airflow-environment-Task",
            "logStreamName": (
                "dag_id=data_east1/run_id=scheduled__2026-01-02T03_04_05+00_00/task_id=x/"
                "attempt=2.log"
            ),
            "startFromHead": False,
        },
    )
    stubber.activate()
    row = task_row("data_east1", "x", "success")
    task = Task.model_validate({**row, "dag_run_id": "scheduled__2026-01-02T03:04:05+00:00"})

    assert task_log(FakeConnection(FakeAirflow([]), {"logs": logs}), task) == ["hello"]
