"""Whatever a file holds: every row is counted once, and the same file gives the same result.

A second reading of the file, by Python's own parser, says what must come out.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.workloads.glue_job import GlueJob, Published, new_run
from workloads.sample_data import TASKS, write_sample

pytestmark = [pytest.mark.spark, pytest.mark.verification]

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
CELLS = (
    *("0", "1", "2.5", "-3e2", " 7 ", "", "1.0", "1e0", "0.1", ".5", "5."),
    *("x", "a,b", 'so "called"', "two\nlines", "two\r\nlines", "é", "NaN", "1e39", "-", '"'),
)


def random_file(random: Random) -> bytes:
    """Rows of every kind, well-formed as CSV; many numbers, so that enough rows are usable."""
    end = random.choice(["\n", "\r\n"])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end, quoting=random.choice([0, 1]))
    text.write(f"a,label,b{end}")
    for _ in range(random.randint(300, 2000)):
        width = random.choices([3, 1, 2, 4], [40, 1, 1, 1])[0]
        usual = [f"{random.randint(0, 30) / 2}" for _ in range(width)]
        odd = random.choice(CELLS)
        writer.writerow([odd if random.random() < 0.05 else cell for cell in usual])
        if random.random() < 0.02:
            text.write(end)
    return text.getvalue().encode()


def expected(content: bytes) -> tuple[Counter[tuple[float | None, ...]], list[list[str]]]:
    """The usable rows as numbers, label first, with how often each occurs; the other rows."""
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    next(rows)
    usable: Counter[tuple[float | None, ...]] = Counter()
    rejected = []
    for row in rows:
        if len(row) < 2 and not "".join(row).strip():
            continue
        cells = [cell.strip() for cell in row]
        good = len(row) == 3 and cells[1] and all(not c or NUMBER.fullmatch(c) for c in cells)
        values = [float(cell) if cell else None for cell in cells] if good else []
        if good and all(value is None or abs(value) <= 3.4e38 for value in values):
            usable[values[1], values[0], values[2]] += 1
        else:
            rejected.append(row)
    return usable, rejected


def numbers(line: str) -> tuple[float | None, ...]:
    return tuple(float(cell) if cell else None for cell in line.split(","))


def check(outcome: Published, content: bytes, *, dropped: bool = False) -> None:
    usable, rejected = expected(content)
    kept_once = sorted(usable if dropped else usable.elements(), key=repr)
    assert sorted(map(numbers, outcome.lines), key=repr) == kept_once
    assert outcome.rows == {
        "input": usable.total() + len(rejected),
        "train": len(outcome.train),
        "validation": len(outcome.validation),
        "rejected": len(rejected),
        "duplicates": usable.total() - len(usable) if dropped else 0,
    }
    kept = sorted(outcome.rejected, key=lambda row: row["record"])
    for row, found in zip(rejected, kept, strict=True):
        again = found.get("cells") or next(csv.reader(io.StringIO(found["text"], newline="")))
        assert [as_kept(cell or "", content) for cell in again] == [
            as_kept(cell, content) for cell in row
        ]


def as_kept(cell: str, content: bytes) -> str:
    """A cell but for the kind of its line breaks, which Spark makes one in files with CRLF."""
    return cell.replace("\r\n", "\n") if b"label,b\r\n" in content else cell


@pytest.mark.parametrize("seed", range(4))
def test_every_row_of_a_random_file_is_accounted_for(spark_job: GlueJob, seed: int) -> None:
    content = random_file(Random(seed))
    dropped = seed % 2 == 1
    spark_job.split = {"by": "record" if seed < 2 else "content"}
    spark_job.options["drop_duplicates"] = "true" if dropped else "false"
    check(spark_job.convert(content), content, dropped=dropped)


def test_every_row_of_a_file_of_many_partitions_is_accounted_for(
    spark_job: GlueJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workloads.glue.staging.BYTES_PER_PARTITION", 5000)
    content = random_file(Random(99))
    outcome = spark_job.convert(content)
    check(outcome, content)
    assert len(outcome.manifest["files"]) > 4


def test_a_large_file_has_no_more_than_so_many_parts(
    spark_job: GlueJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workloads.glue.staging.BYTES_PER_PARTITION", 100)
    monkeypatch.setattr("workloads.glue.staging.MAXIMUM_PARTITIONS", 3)
    spark_job.options["drop_duplicates"] = "true"
    content = random_file(Random(99))
    outcome = spark_job.convert(content)
    check(outcome, content, dropped=True)
    train = outcome.manifest["channels"]["train"]
    assert len([file for file in outcome.manifest["files"] if file["key"].startswith(train)]) == 3


@pytest.mark.parametrize("partition", [10**9, 100_000])
def test_the_same_file_gives_the_same_parts(
    spark_job: GlueJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partition: int
) -> None:
    monkeypatch.setattr("workloads.glue.staging.BYTES_PER_PARTITION", partition)
    write_sample(tmp_path / "data.csv", 5000, 7)
    content = (tmp_path / "data.csv").read_bytes()
    first = spark_job.convert(content)
    again = GlueJob(spark_job.pipeline, spark_job.spark).convert(content)
    assert (first.train, first.validation) == (again.train, again.validation)
    assert first.manifest["attempt"] != again.manifest["attempt"]


@pytest.mark.parametrize("drop_duplicates", ["false", "true"])
def test_every_attempt_splits_a_version_by_its_records_alike(
    spark_job: GlueJob, monkeypatch: pytest.MonkeyPatch, drop_duplicates: str
) -> None:
    monkeypatch.setattr("workloads.glue.staging.BYTES_PER_PARTITION", 5000)
    spark_job.options["drop_duplicates"] = drop_duplicates
    spark_job.split = {"by": "record"}
    first = spark_job.convert(random_file(Random(99)))
    again = replace(spark_job, run_id=new_run())
    again.start()
    second = again.published()
    assert (first.train, first.validation) == (second.train, second.validation)


def test_equal_rows_are_in_one_channel_where_the_content_decides(spark_job: GlueJob) -> None:
    rows = "".join(f"{number % 2},{number % 40}\n" for number in range(2000))
    outcome = spark_job.convert(f"label,a\n{rows}")
    assert len(outcome.lines) == 2000
    assert set(outcome.train).isdisjoint(outcome.validation)


def test_the_same_rows_in_another_order_give_the_same_parts(spark_job: GlueJob) -> None:
    """Their order is the job's own, so it can't depend on which task was quicker."""
    rows = [f"{number % 2},{number}\n" for number in range(400)]
    first = spark_job.convert("label,a\n" + "".join(rows))
    again = GlueJob(spark_job.pipeline, spark_job.spark)
    second = again.convert("label,a\n" + "".join(reversed(rows)))
    assert (first.train, first.validation) == (second.train, second.validation)


def test_a_row_goes_the_same_way_whatever_stands_around_it(spark_job: GlueJob) -> None:
    rows = [f"{number % 2},{number}" for number in range(400)]
    first = spark_job.convert("label,a\n" + "\n".join(rows))
    again = GlueJob(spark_job.pipeline, spark_job.spark)
    half = again.convert("label,a\n" + "\n".join(reversed(rows[:200])))
    assert set(half.validation) == set(first.validation) & set(rows[:200])


@pytest.mark.parametrize("split_by", ["record", "content"])
def test_about_a_fifth_of_the_rows_is_for_validation(spark_job: GlueJob, split_by: str) -> None:
    rows = "".join(f"{number % 2},{number}\n" for number in range(5000))
    spark_job.split = {"by": split_by}
    outcome = spark_job.convert(f"label,a\n{rows}")
    assert 850 < len(outcome.validation) < 1150


@pytest.mark.parametrize("drop_duplicates", ["false", "true"])
def test_all_rows_of_a_group_are_in_one_channel(spark_job: GlueJob, drop_duplicates: str) -> None:
    """Also where their column is no feature; a number is one group however it is written."""
    spark_job.options["drop_duplicates"] = drop_duplicates
    spark_job.split = {"by": "group", "column": "customer"}
    spark_job.settings["columns"] = {"customer": {"kind": "drop"}}
    written = ["{}", "{}.0", "0{}", " {} ", "no {}"]
    customers = [written[row % 5].format(row % 90) for row in range(900)]
    rows = [f"{row % 2},{row},{customer}\n" for row, customer in enumerate(customers)]
    outcome = spark_job.convert("label,a,customer\n" + "".join(rows) + "1,7,\n")
    assert outcome.reasons == ["customer: missing, and the split needs it"]
    assert outcome.manifest["split"] == spark_job.split
    groups = [
        {customers[int(line.split(",")[1])].strip().replace(".0", "").lstrip("0") for line in lines}
        for lines in (outcome.train, outcome.validation)
    ]
    assert groups[0].isdisjoint(groups[1])
    assert 10 < len(groups[1]) < 40
    assert len(outcome.lines) == 900


TIMES = (
    *("2026-03-01", "2026-02-28T23:59:59.9Z", "2026-03-01T00:30+01:00", "2026-03-01 00:00 Z"),
    *("1772323200", "1772323199", "2030-01-01", " 2025-01-01 "),
)
LATER = {"2026-03-01", "2026-03-01 00:00 Z", "1772323200", "2030-01-01"}


@pytest.mark.parametrize("kind", ["drop", "timestamp"])
def test_rows_from_a_moment_on_are_for_validation(spark_job: GlueJob, kind: str) -> None:
    spark_job.split = {"by": "time", "column": "at", "validation_from": "2026-03-01"}
    spark_job.settings["columns"] = {"at": {"kind": kind}}
    rows = [f"{row % 2},{row},{TIMES[row % len(TIMES)]}\n" for row in range(80)]
    bad = ["1,80,\n", "1,81,March\n", "1,82,2026-02-30\n"]
    outcome = spark_job.convert("label,a,at\n" + "".join(rows + bad))
    assert {int(line.split(",")[1]) for line in outcome.validation} == {
        row for row in range(80) if TIMES[row % len(TIMES)] in LATER
    }
    assert outcome.rows["train"] == 40
    unread = "at: not a timestamp, and the split needs one"
    assert outcome.reasons == ["at: missing, and the split needs it", unread, unread]


@pytest.mark.parametrize("task", sorted(TASKS))
def test_the_samples_pass_the_usual_limit(spark_job: GlueJob, tmp_path: Path, task: str) -> None:
    write_sample(tmp_path / "data.csv", 3000, 7, task=task)
    content = (tmp_path / "data.csv").read_bytes()
    spark_job.options["drop_duplicates"] = "true"
    outcome = spark_job.convert(content, label=TASKS[task].label, limit=0.1)
    assert outcome.rows["input"] == 3000
    assert min(outcome.rows.values()) > 20
