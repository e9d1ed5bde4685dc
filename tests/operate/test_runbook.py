"""Each failure leads to an entry that the runbook has."""

from __future__ import annotations

import pytest

from operate.runbook import ENTRIES, GENERAL, entry_of, link_to, text_of

SENTENCES = {
    "Connection aws_crossaccount_role_conn_east1: no role_arn [no_role]": "Refresh",
    "arn:aws:sts::1:assumed-role/x is not authorized to perform: s3:PutObject on": (
        "A permission is missing"
    ),
    "Run jr_1 of Glue job x ended as FAILED: Input refused: the file is empty": (
        "The raw file is wrong"
    ),
    "Training job x-2026 ended as Failed: AlgorithmError": "Training failed",
    "The training data of run 2026 was deleted after a successful training, see": (
        "Train again on a run"
    ),
    "S3 won't replicate any more to s3://x: y (FAILED in s3://z). Repair": ("Files are missing"),
    "something else": GENERAL,
}


@pytest.mark.parametrize(("sentence", "heading"), SENTENCES.items())
def test_a_sentence_has_an_entry(sentence: str, heading: str) -> None:
    assert entry_of(sentence) == heading


@pytest.mark.parametrize("heading", [heading for _, heading in ENTRIES] + [GENERAL])
def test_the_runbook_has_the_entry(heading: str) -> None:
    assert text_of(heading)


def test_a_link_is_written_as_github_writes_it() -> None:
    assert link_to("Enable an opt-in Region").endswith("README.md#enable-an-opt-in-region")
