"""The options of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.run.data_files import DataFiles, check_pipelines
from local.run.errors import UsageError
from local.run.options import Options, StopOptions, read_options
from local.run.run_directory import DEFAULT_DIRECTORY


def run_options(*arguments: str, **environment: str) -> Options:
    options = read_options(["run", *arguments], environment)
    assert isinstance(options, Options)
    return options


def test_nothing_asked_for() -> None:
    expected = Options(stack="local", data=DataFiles(), keep=False, directory=DEFAULT_DIRECTORY)

    assert run_options() == expected
    # make hands on empty variables too.
    assert run_options(STACK="", DATA="", KEEP="") == expected


def test_the_environment_asks(tmp_path: Path) -> None:
    data = tmp_path / "my file.csv"
    data.write_text("label\n1\n")

    options = run_options(STACK="prod", DATA=str(data), KEEP="1")

    assert (options.stack, options.data, options.keep) == ("prod", DataFiles(for_all=data), True)


def test_the_command_line_comes_first(tmp_path: Path) -> None:
    options = run_options(
        "--stack", "dev", "--keep", "--directory", str(tmp_path), STACK="prod", KEEP="0"
    )

    assert (options.stack, options.keep, options.directory) == ("dev", True, tmp_path)


def test_stopping() -> None:
    assert read_options(["stop"], {}) == StopOptions(directory=DEFAULT_DIRECTORY)


@pytest.mark.parametrize(("value", "keep"), [("0", False), ("no", False), ("yes", True)])
def test_keep_is_yes_or_no(value: str, keep: bool) -> None:  # noqa: FBT001
    assert run_options(KEEP=value).keep is keep


def test_any_other_keep_is_refused() -> None:
    with pytest.raises(
        UsageError, match=r"KEEP=maybe is not allowed; expected 1 \(yes\) or 0 \(no\)"
    ):
        run_options(KEEP="maybe")


def test_data_has_to_be_a_file_with_something_in_it(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()

    for path, message in ((tmp_path, "is a directory"), (empty, "is empty")):
        with pytest.raises(UsageError, match=message):
            run_options(DATA=str(path))


def test_a_file_per_data_pipeline(tmp_path: Path) -> None:
    east, ireland = tmp_path / "a,b.csv", tmp_path / "b.csv"
    for file in (east, ireland):
        file.write_text("label\n1\n")

    files = run_options(STACK="prod", DATA=f"east1={east},ireland={ireland}").data

    assert [files.of(name) for name in ("east1", "ireland", "other")] == [east, ireland, None]


def test_a_file_per_input_of_a_script(tmp_path: Path) -> None:
    file, stack = tmp_path / "a.csv", tmp_path / "Pulumi.try.yaml"
    file.write_text("label\n1\n")
    stack.write_text("east1: {glue: {inputs: {old_orders: raw/orders.csv}}}")
    files = run_options(STACK=str(stack), DATA=f"east1.old_orders={file}").data
    assert (files.by_pipeline, files.of("east1")) == ({"east1.old_orders": file}, None)
    check_pipelines(files, ["east1"], inputs=["east1.old_orders"])
    with pytest.raises(UsageError, match=r"stack has no input east1\.other$"):
        run_options(STACK=str(stack), DATA=f"east1.other={file}")
    with pytest.raises(UsageError, match=r"read east1.b as well: .* as DATA=east1.b=<file>"):
        check_pipelines(DataFiles(), ["east1"], inputs=["east1.b"])


def test_a_file_may_have_an_equals_sign_in_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "day=1.csv"
    file.write_text("label\n1\n")

    assert run_options(DATA=file.name).data.of("any") == file


def test_everything_that_is_wrong_with_data_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("label\n1\n")

    with pytest.raises(UsageError) as refused:
        run_options(STACK="prod", DATA=f"east1={tmp_path}/no.csv,east1={file},paris={file}")

    assert str(refused.value).splitlines() == [
        f"DATA: there is no file {tmp_path}/no.csv: give the path of a CSV with a header",
        "DATA: east1 is named twice",
        "DATA: the stack has no data pipeline paris",
    ]


def test_data_that_the_run_would_clear_is_refused(tmp_path: Path) -> None:
    for folder in ("aws", "result"):
        data = tmp_path / folder / "deep" / "raw.csv"
        data.parent.mkdir(parents=True)
        data.write_text("a,b\n")
        (tmp_path / "lock").touch()
        wish = ["run", "--data", str(data), "--directory", str(tmp_path)]
        with pytest.raises(UsageError, match="which every run clears first: copy it elsewhere"):
            read_options(wish, {})


def test_a_directory_that_no_run_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "aws").mkdir()
    with pytest.raises(UsageError, match="no local run made the aws in it, which this one would"):
        read_options(["run", "--directory", str(tmp_path)], {})
    with pytest.raises(UsageError, match="is a file: name a new or an empty directory"):
        read_options(["run", "--directory", __file__], {})


def test_a_new_an_empty_and_an_earlier_run_s_directory_are_taken(tmp_path: Path) -> None:
    for folder in (tmp_path / "new", tmp_path):
        assert read_options(["run", "--directory", str(folder)], {}).directory == folder
    (tmp_path / "lock").touch()
    (tmp_path / "aws").mkdir()
    assert read_options(["run", "--directory", str(tmp_path)], {}).directory == tmp_path
