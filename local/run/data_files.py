"""`DATA=`: one CSV file for every data pipeline, or `<pipeline>=<file>,<pipeline>=<file>`.

What a pipeline's script reads besides, `glue.inputs`, is `<pipeline>.<input>=<file>`. The set-up
reads `DATA=`, too, before any package is installed: the standard library is all it needs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.run.errors import UsageError

_NAME = r"[a-z][a-z0-9]*(?:\.[A-Za-z0-9_]+)?"


@dataclass(frozen=True, kw_only=True)
class DataFiles:
    """The raw files that were asked for; a pipeline without one gets a sample."""

    for_all: Path | None = None
    by_pipeline: Mapping[str, Path] = field(default_factory=dict)
    """By the pipelines' names, and those of their further inputs."""

    def of(self, pipeline: str) -> Path | None:
        """The file of a data pipeline, if one was asked for."""
        return self.by_pipeline.get(pipeline, self.for_all)


def read_data_files(wish: str | None, stack_text: str, cleared: Sequence[Path]) -> DataFiles:
    """Read `DATA=`; raises UsageError with everything that is wrong.

    A name that `stack_text` doesn't contain as a key is wrong for certain. Whether a key is a data
    pipeline's is checked once YAML can be read, by `check_pipelines`.
    """
    if not wish:
        return DataFiles()
    pairs = [] if Path(wish).expanduser().is_file() else _pairs(wish)
    problems = [
        problem
        for path in ([Path(path) for _, path in pairs] or [Path(wish)])
        if (problem := _problem(_absolute(path), cleared))
    ]
    names = [name for name, _ in pairs]
    problems += [f"{name} is named twice" for name in sorted(set(names)) if names.count(name) > 1]
    problems += [
        f"the stack has no {'input' if '.' in name else 'data pipeline'} {name}"
        for name in names
        if not _is_key(name, stack_text)
    ]
    if problems:
        raise UsageError("\n".join(f"DATA: {problem}" for problem in problems))
    if not pairs:
        return DataFiles(for_all=_absolute(Path(wish)))
    return DataFiles(by_pipeline={name: _absolute(Path(path)) for name, path in pairs})


def check_pipelines(
    files: DataFiles,
    pipelines: Collection[str],
    *,
    without_sample: Collection[str] = (),
    inputs: Collection[str] = (),
) -> None:
    """Raise UsageError where a file is for nothing, or a pipeline or an input has none.

    `inputs` are the further inputs as `DATA=` names them.
    """
    unknown = sorted(set(files.by_pipeline) - {*pipelines, *inputs})
    if unknown:
        raise UsageError(
            f"DATA: the stack has no data pipeline {', '.join(unknown)}: expected names of "
            f"{', '.join(sorted([*pipelines, *inputs]))}"
        )
    if lacking := sorted(set(inputs) - set(files.by_pipeline)):
        raise UsageError(
            f"DATA: the scripts read {', '.join(lacking)} as well: give a file for each, as "
            f"DATA={lacking[0]}=<file>"
        )
    if missing := [name for name in without_sample if files.of(name) is None]:
        raise UsageError(
            f"DATA: the sample is plain CSV, and {', '.join(sorted(missing))} reads another input: "
            f"give a file, as DATA={min(missing)}=<file>"
        )


def _pairs(wish: str) -> list[tuple[str, str]]:
    """The names and paths of `east1=a.csv,west1=b.csv`; none where `wish` has another form."""
    parts = re.split(rf",(?={_NAME}=)", wish)
    found = [re.fullmatch(rf"({_NAME})=(.+)", part) for part in parts]
    return [(match[1], match[2]) for match in found if match] if all(found) else []


def _is_key(name: str, stack_text: str) -> bool:
    return all(
        re.search(rf"(?<![\w-])[\"']?{part}[\"']?\s*:", stack_text) for part in name.split(".")
    )


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


def _problem(path: Path, cleared: Sequence[Path]) -> str | None:
    """Why a run can't use the file at `path`, if it can't."""
    for folder in cleared:
        if path.is_relative_to(folder):
            return f"{path} lies in {folder}, which every run clears first: copy it elsewhere"
    if path.is_dir():
        return f"{path} is a directory: give the path of a CSV with a header"
    if not path.is_file():
        return f"there is no file {path}: give the path of a CSV with a header"
    try:
        with path.open("rb") as file:
            first = file.read(1)
    except OSError as error:
        return f"{path} can't be read: {error.strerror}"
    return None if first else f"{path} is empty: give a CSV with a header"
