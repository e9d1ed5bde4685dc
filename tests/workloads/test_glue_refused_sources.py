"""Sources that are refused before Spark is started: one sentence, and nothing published."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.workloads.glue_job import GlueJob, good_rows
from tests.workloads.loading import glue_script

GOOD = "label,a\n" + good_rows(100)

REFUSED = {
    "an empty file": (b"", "is empty"),
    "gzip under a .csv name": (gzip.compress(GOOD.encode()), "not a CSV file but gzip"),
    "a zip archive": (b"PK\x03\x04rest", "a zip archive or a spreadsheet"),
    "Parquet": (b"PAR1rest", "not a CSV file but Parquet"),
    "Zstandard": (b"\x28\xb5\x2f\xfdrest", "not a CSV file but Zstandard"),
    "UTF-16 with its mark": (GOOD.encode("utf-16"), "not a CSV file but UTF-16"),
    "UTF-16 without its mark": (GOOD.encode("utf-16-le"), "The header of .* holds zero bytes"),
    "a header that is not UTF-8": ("läbel,a\n1,2\n".encode("latin-1"), "not valid UTF-8"),
    "no label column": (
        b"age,Lable,income\n1,2,3\n",
        (
            r"no label column 'label': its columns are 'age', 'Lable', 'income'; "
            r"the closest is 'Lable'\."
        ),
    ),
    "another separator": (b"label;a\n1;2\n", "cells must be separated by commas"),
    "a name twice": (b"label,a,a\n1,2,3\n", "more than one column of the name 'a'"),
    "a name twice but for white space": (b"label,a, a\n1,2,3\n", "of the name 'a'"),
    "a column without a name": (b"label,,b\n1,2,3\n", r"Column 2 of .* has no name"),
    "no names at all": (b",\n1,2\n", "has no header"),
    "blank lines only": (b"\n\n\n", "has no header"),
    "the label alone": (b"label\n1\n0\n", "the label alone"),
    "a header without an end": (b"label,a" + b"a" * 2**20, "doesn't end within 1048576 bytes"),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=list(REFUSED))
def test_a_source_is_refused_with_a_sentence(
    glue_job: GlueJob, content: bytes, sentence: str
) -> None:
    glue_job.pipeline.put(glue_job.key, content)
    with pytest.raises(glue_script.JobError, match=sentence) as failure:
        glue_job.start()
    assert re.fullmatch(r"[^\n]+\.", str(failure.value))
    assert glue_job.traces() == []


def test_a_missing_source_is_named(glue_job: GlueJob) -> None:
    with pytest.raises(glue_script.JobError, match=f"There is no object s3://.*{glue_job.key}"):
        glue_job.start()


def test_the_label_is_found_by_its_exact_name(glue_job: GlueJob) -> None:
    glue_job.pipeline.put(glue_job.key, b"Label,a\n1,2\n")
    with pytest.raises(glue_script.JobError, match="the closest is 'Label'"):
        glue_job.start()


WRONG_ARGUMENTS = {
    "bucket_name": ["", "My_Bucket", "a"],
    "source_key": [
        *("", "/raw/a.csv", "raw//a.csv", "raw/*.csv", "raw/a[1].csv", "raw/_a.csv"),
        *("raw/.a.csv", "raw/../a.csv", "raw/", "raw/a:b.csv"),
    ],
    "run": [
        "",
        "20261122T12333612345",
        "20261122T1233361234567",
        "2026-11-22",
        "\u0662\u0660\u0662\u06661122T123336123456",
    ],
    "max_rejected_fraction": ["-0.1", "1.1", "nan", "many"],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in WRONG_ARGUMENTS.items() for value in values],
)
def test_a_wrong_argument_is_refused(glue_job: GlueJob, name: str, value: str) -> None:
    arguments = glue_job.arguments()
    arguments[arguments.index(f"--{name}") + 1] = value
    with pytest.raises(glue_script.JobError, match=name):
        glue_script.parse_arguments(arguments)


@pytest.mark.parametrize(
    "name", ["bucket_name", "source_key", "run", "label_column", "max_rejected_fraction"]
)
def test_an_argument_left_out_is_named(glue_job: GlueJob, name: str) -> None:
    arguments = glue_job.arguments()
    place = arguments.index(f"--{name}")
    del arguments[place : place + 2]
    with pytest.raises(glue_script.JobError, match=name):
        glue_script.parse_arguments(arguments)


def test_arguments_are_not_guessed_from_their_beginning(glue_job: GlueJob) -> None:
    job = glue_script.parse_arguments([*glue_job.arguments(), "--label", "other"])
    assert job.label == "label"
