"""Wrong arguments, and sources that don't exist."""

from __future__ import annotations

import pytest

from tests.workloads.glue_job import GlueJob
from workloads.glue.arguments import parse_arguments
from workloads.glue.errors import InputError, JobError
from workloads.glue.source import unreadable


def test_a_missing_source_is_named(glue_job: GlueJob) -> None:
    with pytest.raises(JobError, match=f"s3://.*{glue_job.key}"):
        glue_job.start()


def test_a_missing_version_is_named_and_refused(glue_job: GlueJob) -> None:
    glue_job.pipeline.put(glue_job.key, b"label,a\n1,2\n")
    glue_job.options["source_version"] = "no-such-version"
    with pytest.raises(InputError, match=f"'no-such-version' of s3://.*{glue_job.key}"):
        glue_job.start()
    assert glue_job.traces() == []


@pytest.mark.parametrize("code", ["404", "NoSuchVersion", "405", "400"])
def test_every_answer_that_there_is_no_such_version(glue_job: GlueJob, code: str) -> None:
    glue_job.options["source_version"] = "v"
    job = parse_arguments(glue_job.arguments())
    assert isinstance(unreadable(job, job.source_key, code), InputError)
    assert unreadable(job, job.source_key, "SlowDown") is None


@pytest.mark.parametrize("code", ["NoSuchVersion", "405", "400"])
def test_the_current_version_is_no_missing_one(glue_job: GlueJob, code: str) -> None:
    job = parse_arguments(glue_job.arguments())
    assert unreadable(job, job.source_key, code) is None


def test_the_label_is_found_by_its_exact_name(glue_job: GlueJob) -> None:
    glue_job.pipeline.put(glue_job.key, b"Label,a\n1,2\n")
    with pytest.raises(JobError, match="'Label'"):
        glue_job.start()


WRONG_ARGUMENTS = {
    "bucket_name": ["", "My_Bucket", "a"],
    "source_key": [""],
    "run": [
        "",
        "20261122T12333612345",
        "20261122T1233361234567",
        "2026-11-22",
        "\u0662\u0660\u0662\u06661122T123336123456",
    ],
    "max_rejected_fraction": ["-0.1", "1.1", "nan", "many"],
    "min_rows": ["", "ten", "1.5"],
    "drop_duplicates": ["", "True", "1"],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in WRONG_ARGUMENTS.items() for value in values],
)
def test_a_wrong_argument_is_refused(glue_job: GlueJob, name: str, value: str) -> None:
    arguments = glue_job.arguments()
    arguments[arguments.index(f"--{name}") + 1] = value
    with pytest.raises(JobError, match=name):
        parse_arguments(arguments)


@pytest.mark.parametrize("name", [*WRONG_ARGUMENTS, "label_column"])
def test_an_argument_left_out_is_named(glue_job: GlueJob, name: str) -> None:
    arguments = glue_job.arguments()
    index = arguments.index(f"--{name}")
    del arguments[index : index + 2]
    with pytest.raises(JobError, match=name):
        parse_arguments(arguments)


def test_arguments_are_not_guessed_from_their_beginning(glue_job: GlueJob) -> None:
    job = parse_arguments([*glue_job.arguments(), "--label", "other"])
    assert job.label == "label"
