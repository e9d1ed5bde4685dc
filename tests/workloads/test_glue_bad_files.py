"""A bad file gives either right rows or a failed run with a plain sentence, and loses nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest

from tests.verification import Table
from tests.workloads.bad_files import BY_THE_ROWS, CHANGES, CONVERTED, FOREIGN_LABELS, NAMES
from tests.workloads.file_cases import BASE, GOOD, HEADER, Converted, Refused
from tests.workloads.glue_job import GlueJob, all_numbers, good_rows
from tests.workloads.refused_files import BEFORE_SPARK
from tests.workloads.row_examples import UNUSABLE, USABLE
from workloads.glue.errors import JobError

spark = pytest.mark.spark

TEXT = """
What becomes of bad files and rows. Each line is a test of its own, with the Glue job's script on
real Spark, an S3 stand-in that enforces IAM, and the Glue role's permissions, in `tests/workloads`:
`test_glue_bad_files.py`, `test_glue_rows.py` (the lines that begin with `row:`) and
`test_glue_training.py` (labels).

A run that fails leaves nothing behind but its rejected rows: no manifest, without which no ML
pipeline takes anything up, and no part of a file. In a run that succeeds, the rows that go in are
those that come out and are rejected, and each rejected row is kept word for word. A file holds 60
good rows besides what is described, unless its line says otherwise.
"""


def refusal(job: GlueJob, limit: float = 1.0) -> str:
    """The sentence with which the job fails, without the addresses in it.

    What it leaves is where the sentence says that its rejected rows are, or nothing.
    """
    with pytest.raises(JobError) as failure:
        job.start(limit=limit)
    sentence = str(failure.value)
    assert "\n" not in sentence
    bucket = f"s3://{job.pipeline.bucket}/"
    rejected = re.search(rf"(?<={bucket})rejected/run={job.run_id}/\w{{32}}/", sentence)
    # Neither a manifest nor a part, under any prefix: nothing that a model could be trained on.
    assert job.traces() == (job.pipeline.keys(rejected[0]) if rejected else [])
    named = sentence.replace(f"{bucket}{job.key}", "{source}").replace(job.key, "{key}")
    return named.replace(f"{bucket}{rejected[0]}", "{rejected}") if rejected else named


def rejected_rows(job: GlueJob) -> list[str]:
    """The rows that the run kept as rejected."""
    parts = job.pipeline.keys(f"rejected/run={job.run_id}/")
    return [row for key in parts for row in job.pipeline.get(key).decode().splitlines()]


@pytest.mark.parametrize("file", BEFORE_SPARK.values(), ids=list(BEFORE_SPARK))
def test_a_file_is_refused_before_spark_starts(glue_job: GlueJob, file: Refused) -> None:
    glue_job.pipeline.put(glue_job.key, file.content)
    assert refusal(glue_job) == file.sentence


@spark
@pytest.mark.verification
@pytest.mark.parametrize("file", BY_THE_ROWS.values(), ids=list(BY_THE_ROWS))
def test_a_file_is_refused_for_its_rows(spark_job: GlueJob, file: Refused) -> None:
    spark_job.pipeline.put(spark_job.key, file.content)
    spark_job.settings = all_numbers(*file.numbers)
    assert refusal(spark_job, file.limit) == file.sentence
    assert len(rejected_rows(spark_job)) == file.rejected


@spark
@pytest.mark.verification
@pytest.mark.parametrize("file", CONVERTED.values(), ids=list(CONVERTED))
def test_a_file_loses_no_row(spark_job: GlueJob, file: Converted) -> None:
    outcome = spark_job.convert(file.content)
    assert outcome.manifest["columns"] == ["label", "a"]
    assert outcome.lines == sorted([*BASE.splitlines(), *file.lines])
    kept = sorted(outcome.rejected, key=lambda row: row["record"])
    assert [(row["reason"], row.get("text", row.get("cells"))) for row in kept] == [*file.rejected]
    assert {row["encoding"] for row in kept} <= {file.encoding}
    found = outcome.rows
    assert {**found, "out": found["train"] + found["validation"]}.items() >= file.rows.items()
    assert found["input"] == sum(count for name, count in found.items() if name != "input")


@spark
@pytest.mark.verification
@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_source_that_changes_while_it_is_read_is_read_as_it_was(
    spark_job: GlueJob, change: Callable[[GlueJob], None]
) -> None:
    spark_job.pipeline.put(spark_job.key, GOOD.encode())
    before = spark_job.version()
    spark_job.before_spark = lambda: change(spark_job)
    spark_job.start()
    outcome = spark_job.published()
    assert outcome.lines == sorted(BASE.splitlines())
    assert outcome.manifest["source"]["version_id"] == before


@spark
@pytest.mark.verification
def test_a_channel_of_fewer_rows_than_asked_for_is_not_published(spark_job: GlueJob) -> None:
    spark_job.options |= {"min_rows": "10", "drop_duplicates": "true"}
    content = HEADER + good_rows(4) + "1,2\n" * 96
    spark_job.pipeline.put(spark_job.key, content.encode())
    sentence = refusal(spark_job)
    assert "96 duplicates were dropped" in sentence
    assert "min_rows asks for 10" in sentence


@spark
@pytest.mark.verification
@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
def test_a_file_may_have_any_name(spark_job: GlueJob, name: str) -> None:
    spark_job.key = f"raw/{spark_job.run_id}/{name}"
    spark_job.pipeline.put(f"{spark_job.key}/part-0.csv", b"label,a\n7,7\n")
    outcome = spark_job.convert(GOOD)
    assert outcome.lines == sorted(BASE.splitlines())
    assert outcome.manifest["source"]["key"] == spark_job.key


@spark
@pytest.mark.verification
def test_only_the_named_object_is_read(spark_job: GlueJob) -> None:
    for neighbour in (f"{spark_job.key}.bak", f"{spark_job.key}1", f"{spark_job.key[:-1]}"):
        spark_job.pipeline.put(neighbour, b"label,a\n7,7\n")
    assert spark_job.convert(GOOD).lines == sorted(BASE.splitlines())


@spark
@pytest.mark.verification
def test_files_of_different_column_orders_keep_their_own(spark_job: GlueJob) -> None:
    rows = [f"{row % 2},{row},{row + 0.5}" for row in range(60)]
    first = spark_job.convert("\n".join(["label,a,b", *rows]))
    turned = [",".join(reversed(row.split(","))) for row in rows]
    again = GlueJob(spark_job.pipeline, spark_job.spark)
    second = again.convert("\n".join(["b,a,label", *turned]))
    assert first.manifest["columns"] == ["label", "a", "b"]
    assert second.manifest["columns"] == ["label", "b", "a"]
    assert first.lines == sorted(rows)
    assert second.lines == sorted(f"{row % 2},{row + 0.5},{row}" for row in range(60))


def test_the_page(hold_table: Callable[[Table], None]) -> None:
    rows = [*_refused_files(), *_converted_files(), *_foreign_labels(), *_kinds_of_rows()]
    hold_table(
        Table(
            name="bad_data",
            title="Bad data",
            text=TEXT,
            columns=["case", "what goes in", "outcome"],
            rows=rows,
        )
    )


Line = tuple[str, str, str]


def _refused_files() -> Iterator[Line]:
    for name, refused in {**BEFORE_SPARK, **BY_THE_ROWS}.items():
        yield name, refused.goes_in, _failed(refused.sentence)


def _converted_files() -> Iterator[Line]:
    for name, converted in CONVERTED.items():
        counts = ", ".join(f"{count} {what}" for what, count in converted.rows.items())
        reasons = sorted({reason for reason, _ in converted.rejected})
        yield name, converted.goes_in, counts + (f" ({'; '.join(reasons)})" if reasons else "")
    for change in CHANGES:
        yield f"a source that is {change} during the run", "a right file", "read as it was before"
    for what, name in NAMES.items():
        yield f"a name with {what}", f"a right file `{name}`, `{name}/part-0.csv` beside it", "used"


def _foreign_labels() -> Iterator[Line]:
    for objective, case in FOREIGN_LABELS.items():
        yield (
            f"a label that is no class of {objective}",
            f"a label {case.label}, {case.parameters}",
            f"refused if an ML pipeline has the objective; else a training fails: {case.sentence}",
        )


def _kinds_of_rows() -> Iterator[Line]:
    for name, (row, line) in USABLE.items():
        yield f"row: {name}", _shown(row), f"used, as {_shown(line)}"
    for name, (row, reason, _) in UNUSABLE.items():
        yield f"row: {name}", _shown(row), f"rejected: {reason}"


def _failed(sentence: str) -> str:
    places = {"source": "s3://BUCKET/KEY", "key": "KEY"}
    return "failed: " + sentence.format(**places, rejected="s3://BUCKET/rejected/run=RUN/ATTEMPT/")


def _shown(row: str) -> str:
    """A row of label, ID, a and b as one readable line."""
    text = json.dumps(row.removesuffix("\n"), ensure_ascii=False)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:40]}...` ({len(row):,} characters)"
