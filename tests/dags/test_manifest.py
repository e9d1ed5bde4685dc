from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from cross_account.manifest import ManifestError, check_files, read_manifest

from tests.dags import example_data
from tests.dags.example_data import RUN, folder

GOOD = example_data.manifest()


def changed(path: str, value: object) -> dict[str, Any]:
    """The good manifest with one value changed, or removed where `value` is `...`."""
    content: Any = copy.deepcopy(GOOD)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = content
    for part in parents:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return dict(content)


def test_a_good_manifest() -> None:
    manifest = read_manifest(RUN, GOOD)
    assert manifest.rows["train"] == 3
    assert manifest.channels["train"] == f"{folder()}train/"
    assert manifest.files == {key: len(body) for key, body in example_data.files().items()}


@pytest.mark.parametrize("content", [None, [], "text", 1])
def test_no_object_at_all(content: object) -> None:
    with pytest.raises(ManifestError, match="the whole file"):
        read_manifest(RUN, content)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("version", 2, "version is 2"),
        ("run", "20260101T000000000000", "run is '20260101"),
        ("attempt", "", "attempt is ''"),
        ("attempt", "a/b", "attempt is 'a/b'"),
        ("channels", ..., "channels is None"),
        ("channels.train", "transformed/", "channels is"),
        ("rows", ..., "rows is None"),
        ("rows.input", 8, "8 rows came in, but"),
        ("rows.train", -1, "rows.train is -1"),
        ("rows.train", True, "rows.train is True"),
        ("rows.train", 3.0, "rows.train is 3.0"),
        ("files", ..., "files is None"),
        ("files", [], "at least one file in train"),
        ("files.0", "key", "files[0] is 'key'"),
        ("files.0.size", ..., "files[0].size is None"),
        ("files.0.key", f"{folder()}other/part-00000.csv", "files[0].key is"),
        ("files.0.key", f"{folder()}train/deeper/part-00000.csv", "files[0].key is"),
        ("files.0.key", f"{folder()}train/", "files[0].key is"),
        ("files.0.key", f"{folder()}train/part-00001.csv", "listed once"),
        ("files.2", {"key": f"{folder()}train/x", "size": 1}, "at least one file in validation"),
    ],
)
def test_a_wrong_manifest_names_what_is_wrong(path: str, value: object, named: str) -> None:
    with pytest.raises(ManifestError) as raised:
        read_manifest(RUN, changed(path, value))
    assert named in str(raised.value)
    assert f"transformed/run={RUN}/_manifest.json" in str(raised.value)


class TestFiles:
    """A bucket holds a run exactly if every listed file is there, whole, and no other."""

    manifest = read_manifest(RUN, GOOD)

    def test_complete(self) -> None:
        check_files(self.manifest, {**self.manifest.files, f"{folder()[:-1]}_manifest": 1})

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"train/part-00000.csv": None}, "missing: "),
            ({"train/part-00000.csv": 1}, "of another size: "),
            ({"train/_SUCCESS": 0}, "not in the manifest: "),
        ],
    )
    def test_incomplete(self, change: dict[str, int | None], named: str) -> None:
        found: dict[str, int] = dict(self.manifest.files)
        for name, size in change.items():
            found.pop(folder() + name, None)
            if size is not None:
                found[folder() + name] = size
        with pytest.raises(ManifestError) as raised:
            check_files(self.manifest, found)
        assert named + folder() + next(iter(change)) in str(raised.value)

    def test_any_loss_is_noticed(self) -> None:
        dice = random.Random(2)
        keys = list(self.manifest.files)
        for _ in range(50):
            kept = dice.sample(keys, dice.randrange(len(keys)))
            with pytest.raises(ManifestError, match="missing"):
                check_files(self.manifest, {key: self.manifest.files[key] for key in kept})

    def test_many_problems_are_counted(self) -> None:
        extra = {f"{folder()}train/extra-{number:03}": 1 for number in range(50)}
        with pytest.raises(ManifestError, match="and 47 more"):
            check_files(self.manifest, {**self.manifest.files, **extra})
