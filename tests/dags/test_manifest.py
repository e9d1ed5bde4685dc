from __future__ import annotations

import random

import pytest
from cross_account.manifest import Manifest, ManifestError, check_files, read_manifest
from pydantic import ValidationError

from tests.dags import example_data
from tests.dags.changes import changed
from tests.dags.example_data import RUN, folder

GOOD = example_data.manifest()


def test_a_good_manifest() -> None:
    manifest = read_manifest(RUN, GOOD)
    assert manifest.rows.train == 3
    assert manifest.channels["train"] == f"{folder()}train/"
    assert manifest.sizes == {key: len(body) for key, body in example_data.files().items()}


@pytest.mark.parametrize("content", [None, [], "text", 1])
def test_no_object_at_all(content: object) -> None:
    with pytest.raises(ManifestError, match=f"transformed/run={RUN}/_manifest.json"):
        read_manifest(RUN, content)


@pytest.mark.parametrize(
    ("path", "value", "place", "code"),
    [
        ("version", 2, "version", "literal_error"),
        ("run", "20260101T000000000000", "", "other_run"),
        ("run", 7, "run", "string_type"),
        ("attempt", "", "attempt", "string_pattern_mismatch"),
        ("attempt", "a/b", "attempt", "string_pattern_mismatch"),
        ("attempt", 7, "attempt", "string_type"),
        ("attempt", "another", "", "other_run"),
        ("source", None, "source", "model_type"),
        ("source.etag", 7, "source.etag", "string_type"),
        ("source.version_id", 7, "source.version_id", "string_type"),
        ("channels", ..., "channels", "missing"),
        ("channels.train", "transformed/", "", "other_run"),
        ("rows", ..., "rows", "missing"),
        ("rows", [], "rows", "model_type"),
        ("rows.input", 8, "rows", "rows_lost"),
        ("rows.input", 6, "rows", "rows_lost"),
        ("rows.train", -1, "rows.train", "greater_than_equal"),
        ("rows.train", True, "rows.train", "int_type"),
        ("rows.train", 3.0, "rows.train", "int_type"),
        ("schema", {"key": "k", "size": 1}, "", "other_schema"),
        ("classes", 0, "classes", "greater_than"),
        ("files", ..., "files", "missing"),
        ("files", {}, "files", "list_type"),
        ("files", [], "", "empty_channel"),
        ("files.0", "key", "files.0", "model_type"),
        ("files.0.size", ..., "files.0.size", "missing"),
        ("files.1.size", "9", "files.1.size", "int_type"),
        ("files.1.key", 7, "files.1.key", "string_type"),
        ("files.0.key", f"{folder()}other/part-00000.csv", "", "file_in_no_channel"),
        ("files.0.key", f"{folder()}train/deeper/part-00000.csv", "", "file_in_no_channel"),
        ("files.0.key", f"{folder()}train/", "", "file_in_no_channel"),
        ("files.0.key", f"{folder()}train/part-00001.csv", "", "file_twice"),
        ("files.2", {"key": f"{folder()}train/x", "size": 1}, "", "empty_channel"),
    ],
)
def test_a_wrong_value_is_found(path: str, value: object, place: str, code: str) -> None:
    content = changed(GOOD, path, value)
    with pytest.raises(ValidationError) as raised:
        Manifest.model_validate(content, context=RUN)
    (found,) = raised.value.errors()
    assert (".".join(map(str, found["loc"])), found["type"]) == (place, code)
    with pytest.raises(ManifestError, match=f"transformed/run={RUN}/_manifest.json"):
        read_manifest(RUN, content)


def test_the_schema_is_one_of_the_files_to_wait_for() -> None:
    key = f"{folder()}schema.json"
    manifest = read_manifest(RUN, {**GOOD, "schema": {"key": key, "size": 7}})
    assert manifest.sizes[key] == 7
    assert key not in {file.key for file in manifest.files}


class TestFiles:
    """A bucket holds a run exactly if every listed file is there, whole, and no other."""

    manifest = read_manifest(RUN, GOOD)

    def test_complete(self) -> None:
        check_files(self.manifest, {**self.manifest.sizes, f"{folder()[:-1]}_manifest": 1})

    @pytest.mark.parametrize(
        ("name", "size"), [("train/part-00000.csv", None), ("train/part-00000.csv", 1)]
    )
    def test_incomplete(self, name: str, size: int | None) -> None:
        found = {**self.manifest.sizes, folder() + name: size}
        present = {key: size for key, size in found.items() if size is not None}
        with pytest.raises(ManifestError, match=folder() + name):
            check_files(self.manifest, present)

    @pytest.mark.parametrize("name", ["train/_SUCCESS", "validation/deeper/x"])
    def test_a_file_that_is_not_listed(self, name: str) -> None:
        with pytest.raises(ManifestError, match=folder() + name):
            check_files(self.manifest, {**self.manifest.sizes, folder() + name: 0})

    def test_any_loss_is_noticed(self) -> None:
        dice = random.Random(2)
        sizes = self.manifest.sizes
        for _ in range(50):
            kept = dice.sample(list(sizes), dice.randrange(len(sizes)))
            lost = next(key for key in sizes if key not in kept)
            with pytest.raises(ManifestError, match=lost):
                check_files(self.manifest, {key: sizes[key] for key in kept})
