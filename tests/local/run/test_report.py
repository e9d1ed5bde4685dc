"""What a run shows at its end."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from local.deployment.program import Deployment
from local.deployment.stack_file import Stack
from local.run.flow import Outcome
from local.run.following import Flow
from local.run.live import shown
from local.run.progress import Progress
from local.run.report import print_failures, print_kept, print_report, write_summary
from local.run.results import Model, Results
from local.run.run_directory import RunDirectory
from tests.local.run.fake_airflow import DATA, ML, PLAN, RUN, dag_run, task

DATA_RUN = dag_run(DATA.dag_id, "manual", "success")
ML_RUN = dag_run(ML.dag_id, "east1__run", "failed")
ROWS = {"input": 12, "train": 7, "validation": 2, "rejected": 1, "duplicates": 2}


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    model = Model(
        pipeline="west2",
        bucket="ml",
        key="models/[run]/model.tar.gz",
        file=tmp_path / "model.tar.gz",
        metrics={"validation:auc": 0.87654},
    )
    return Outcome(
        endpoint="http://127.0.0.1:4566",
        deployment=Deployment(
            outputs={"airflow_webserver_url": "127.0.0.1:8080"},
            existing=(),
            stack=Stack("project", "test", {}),
            endpoint="http://127.0.0.1:4566",
        ),
        flow=Flow(
            data_runs={"east1": DATA_RUN},
            ml_runs={("west2", "east1"): ML_RUN},
            tasks=(task(DATA_RUN, "raw_to_transform", "success"), task(ML_RUN, "train", "failed")),
        ),
        results=Results(rows={"east1": ROWS}, models=(model,)),
        job_failures=("training job x failed: out of memory",),
    )


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=60)


def test_everything_is_told_on_a_narrow_screen(console: Console, outcome: Outcome) -> None:
    progress = Progress(lambda _: None, clock=iter([0.0, 1.0, 3.5, 3.5, 9.0]).__next__)
    progress.end(progress.begin("deployment"), at=3.5)

    print_report(console, PLAN, progress, outcome.flow, outcome.results)

    text = text_of(console)
    assert f"{DATA.dag_id}: success, 8.0 s" in text
    assert f"{ML.dag_id}: failed, 8.0 s" in text
    lines = [line.replace("│", " ").split() for line in text.splitlines()]
    assert ["raw_to_transform", "success", "1", "1.5"] in lines
    assert ["train", "failed", "1", "1.5"] in lines
    assert ["east1", "12", "7", "2", "1", "2"] in lines
    assert "model of west2: validation:auc 0.8765" in text
    # A key isn't cut off, and its brackets are no markup.
    assert "  s3://ml/models/[run]/model.tar.gz\n" in text
    assert "deployment 2.5 s; in total 9.0 s" in text


def test_the_log_of_what_failed(console: Console, outcome: Outcome, tmp_path: Path) -> None:
    run_directory = RunDirectory(tmp_path)
    folder = run_directory.aws / "airflow" / "environment" / "logs" / f"dag_id={ML.dag_id}"
    log = folder / "run_id=east1__run" / "task_id=train" / "attempt=1.log"
    log.parent.mkdir(parents=True)
    raised = {"exc_type": "ValueError", "exc_value": "not [that] way"}
    entry = {
        "timestamp": "2026-01-02T03:04:05Z",
        "level": "error",
        "event": "Task failed",
        "error_detail": [raised],
    }
    log.write_text(f"{json.dumps(entry)}\nno JSON at all\n")

    print_failures(console, run_directory, outcome)

    text = text_of(console)
    assert "03:04:05 ERROR   Task failed\n" in text
    assert "ValueError: not [that] way\n" in text
    assert "no JSON at all\n" in text
    assert f"The whole log: {log}\n" in text
    assert "training job x failed: out of memory\n" in text


def test_a_failed_spark_says_why_and_where_its_log_is(
    console: Console, outcome: Outcome, tmp_path: Path
) -> None:
    run_directory, name = RunDirectory(tmp_path), f"jr_{'0' * 64}"
    folder = run_directory.aws / "airflow" / "environment" / "logs" / f"dag_id={ML.dag_id}"
    log = folder / "run_id=east1__run" / "task_id=train" / "attempt=1.log"
    log.parent.mkdir(parents=True)
    chain = [
        {"exc_type": "RuntimeError", "exc_value": f"Run {name} ended as FAILED: no [Java]"},
        {"exc_type": "AirflowException", "exc_value": "Glue job failed"},
    ]
    entry = {"level": "error", "event": "Task failed", "error_detail": chain}
    log.write_text(f"noise\n{json.dumps(entry)}\n")
    spark = run_directory.aws / "glue" / f"{name}.log"
    spark.parent.mkdir()
    spark.touch()

    print_failures(console, run_directory, outcome)

    assert text_of(console).splitlines()[1:4] == [
        f"RuntimeError: Run {name} ended as FAILED: no [Java]",
        f"Spark's log: {spark}",
        f"The whole log: {log}",
    ]


def test_a_failure_without_a_log(console: Console, outcome: Outcome, tmp_path: Path) -> None:
    print_failures(console, RunDirectory(tmp_path), outcome)

    assert f"It has no log; Airflow's own logs are below {tmp_path / 'aws'}\n" in text_of(console)


def test_how_to_use_what_stays(console: Console, outcome: Outcome) -> None:
    print_kept(console, PLAN, outcome)

    text = text_of(console)
    assert "http://127.0.0.1:8080\n" in text
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:4566\n" in text
    assert "AWS_ACCESS_KEY_ID=222222222222" in text
    assert "make stop" in text


def test_the_same_as_a_file(outcome: Outcome, tmp_path: Path) -> None:
    run_directory = RunDirectory(tmp_path)
    logs = run_directory.aws / "airflow" / "environment" / "logs"
    for folder in (run_directory.result, logs):
        folder.mkdir(parents=True)
    progress = Progress(lambda _: None)
    with progress.phase("deployment"):
        pass

    write_summary(run_directory, progress, outcome)

    summary = json.loads(run_directory.summary.read_text())
    assert summary["task_logs"] == str(logs)
    assert summary["seconds"].keys() == {"deployment"}
    assert summary["rows"] == {"east1": ROWS}
    assert [run["run"] for run in summary["dag_runs"]] == [RUN, RUN]
    assert summary["dag_runs"][1]["tasks"] == {"train": {"state": "failed", "seconds": 1.5}}
    assert summary["models"][0]["key"] == "models/[run]/model.tar.gz"


class TestProgress:
    """Lines without a terminal, a picture in one."""

    def test_lines_carry_the_seconds_since_the_start(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with shown(Console(file=io.StringIO())) as progress:
            progress.clock = iter([61.0, 61.0, 64.5, 64.5]).__next__
            progress._start = 0.0
            with progress.phase("deployment") as phase:
                phase.detail = "3 resources"

        assert capfd.readouterr().out.splitlines() == [
            "  61.0 s  deployment: started",
            "  64.5 s  deployment: done (3 resources, 3.5 s)",
        ]

    def test_a_picture_shows_phases_and_tasks(self) -> None:
        console = Console(file=io.StringIO(), force_terminal=True, width=80)
        with shown(console) as progress:
            with progress.phase("deployment"):
                pass
            progress.begin("machine learning")
            progress.task(task(DATA_RUN, "one", "x").key, "deferred")

        text = text_of(console)
        for expected in ("deployment", "machine learning", DATA.dag_id, "one", "deferred"):
            assert expected in text

    def test_a_failed_phase_is_not_done(self) -> None:
        lines: list[str] = []
        progress = Progress(lines.append)

        with pytest.raises(ValueError, match="no"), progress.phase("deployment"):
            raise ValueError("no")

        assert progress.phases[0].failed
        assert progress.phases[0].seconds is None
        assert len(lines) == 1
