"""Training as in SageMaker's XGBoost container, in a process of its own.

`python xgboost_training.py FOLDER`: FOLDER has the layout of the container's /opt/ml. Reads
`input/config/hyperparameters.json` and the channels under `input/data/`, writes
`model/xgboost-model` and `output/metrics.json`; a failure's reason goes to `output/failure`.
Exit status: 1 for a failure of the algorithm, 2 for one that the caller has to fix.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

import xgboost

_DEPTH = 3
"""Levels of folders that the container reads; deeper files are left out with a warning."""

_SAMPLE = 80
"""Characters of a line that a message quotes."""

_OBJECTIVE_METRIC = "_tuning_objective_metric"
"""The hyperparameter that names the metric of a tuning, such as validation:auc."""

_NOT_PARAMETERS = frozenset(
    {"num_round", "early_stopping_rounds", "csv_weights", "eval_metric", _OBJECTIVE_METRIC}
)
"""Hyperparameters that the container reads itself, or that are lists."""

_TIME = re.compile(r"^\[[0-9:]+\]")

_WITH_CLASSES = ("multi:softmax", "multi:softprob")


class UserError(Exception):
    """Hyperparameters or data that the caller has to fix."""


def _positive_integer(parameters: dict[str, str], name: str) -> int | None:
    value = parameters.get(name)
    if value is None:
        return None
    if not value.isdigit() or int(value) < 1:
        message = f"Hyperparameter {name}: expected an integer of at least 1, got {value!r}."
        raise UserError(message)
    return int(value)


def check(parameters: dict[str, str]) -> None:
    """Raise `UserError` for hyperparameters that the container refuses."""
    if _positive_integer(parameters, "num_round") is None:
        message = "Hyperparameter num_round is required."
        raise UserError(message)
    objective = parameters.get("objective", "reg:squarederror")
    if objective in _WITH_CLASSES and _positive_integer(parameters, "num_class") is None:
        message = f"Hyperparameter num_class is required with objective {objective}."
        raise UserError(message)


def _files(channel: Path) -> list[Path]:
    """The files of a channel as the container finds them, down to `_DEPTH` levels of folders."""
    found = sorted(path for path in channel.rglob("*") if path.is_file())
    near = [path for path in found if len(path.relative_to(channel).parts) <= _DEPTH + 1]
    for path in set(found) - set(near):
        print(f"WARNING: {path.name} is more than {_DEPTH} folders deep: left out")
    return near


def _delimiter(file: Path) -> str:
    with file.open(encoding="utf-8") as lines:
        first = lines.readline()
    try:
        delimiter = csv.Sniffer().sniff(first).delimiter
    except csv.Error as error:
        message = f"Could not determine the delimiter on line {first[:_SAMPLE]!r}: {error}."
        raise UserError(message) from error
    try:
        [float(value or "nan") for value in first.strip().split(delimiter)]
    except ValueError:
        message = (
            f"First line {first[:_SAMPLE]!r} of file {file.name} is not numeric CSV: "
            "the label comes first, and there is no header."
        )
        raise UserError(message) from None
    return delimiter


def load(channel: Path, *, weights: bool) -> xgboost.DMatrix:
    """A channel's rows: the label in the first column, a weight in the second with `weights`."""
    files = [path for path in _files(channel) if path.stat().st_size]
    if not files:
        message = f"Channel {channel.name} has no data: no file, or only empty ones."
        raise UserError(message)
    delimiter = _delimiter(files[0])
    linked = _linked(channel, files)
    address = f"{linked}?format=csv&label_column=0&delimiter={delimiter}"
    try:
        return xgboost.DMatrix(address + ("&weight_column=1" if weights else ""))
    except xgboost.core.XGBoostError as error:
        message = f"Failed to load csv data of channel {channel.name}: {plain(error)}"
        raise UserError(message) from error


def _linked(channel: Path, files: list[Path]) -> Path:
    """One folder with a link to every file, as in the container: XGBoost reads no subfolders."""
    folder = channel.parents[1] / "linked" / channel.name
    folder.mkdir(parents=True)
    for number, file in enumerate(files):
        (folder / f"{number:05d}.csv").symlink_to(file)
    return folder


def plain(error: Exception) -> str:
    """XGBoost's message without its time and its stack."""
    lines = [line for line in str(error).splitlines() if line and "Stack trace" not in line]
    return _TIME.sub("", lines[0]).strip() if lines else repr(error)


def train(folder: Path) -> None:
    """Train on the channels of `folder` and write model and metrics into it."""
    configuration = folder / "input/config/hyperparameters.json"
    parameters: dict[str, str] = json.loads(configuration.read_text(encoding="utf-8"))
    check(parameters)
    data, weights = folder / "input/data", parameters.get("csv_weights") == "1"
    if not (data / "train").is_dir():
        message = "Channel train is required."
        raise UserError(message)
    sets = {
        name: load(data / name, weights=weights)
        for name in ("train", "validation")
        if (data / name).is_dir()
    }
    settings: dict[str, Any] = {
        name: value for name, value in parameters.items() if name not in _NOT_PARAMETERS
    }
    metrics = _metrics(parameters)
    if metrics:
        settings["eval_metric"] = metrics
    history: dict[str, dict[str, list[float]]] = {}
    booster = xgboost.train(
        settings | {"nthread": 2},
        sets["train"],
        num_boost_round=_positive_integer(parameters, "num_round") or 1,
        evals=[(matrix, name) for name, matrix in sets.items()],
        early_stopping_rounds=_positive_integer(parameters, "early_stopping_rounds"),
        evals_result=history,
    )
    _write(folder, booster, history)


def _metrics(parameters: dict[str, str]) -> list[str]:
    """Those that are asked for, and that of a tuning; none for XGBoost's own."""
    asked = parameters["eval_metric"].split(",") if "eval_metric" in parameters else []
    tuned = parameters.get(_OBJECTIVE_METRIC, "").partition(":")[2]
    # As the container: in their order, unless there is a tuning.
    return sorted({*asked, tuned}) if tuned else asked


def _write(
    folder: Path, booster: xgboost.Booster, history: dict[str, dict[str, list[float]]]
) -> None:
    metrics = {
        f"{name}:{metric}": values[-1]
        for name, of_set in history.items()
        for metric, values in of_set.items()
    }
    (folder / "output/metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    # XGBoost takes the format from the suffix, which the container's file doesn't have.
    model = folder / "model/xgboost-model.ubj"
    booster.save_model(model)
    model.rename(model.with_suffix(""))


def main() -> int:
    """Train, or write the reason of the failure; returns the exit status."""
    folder = Path(sys.argv[1])
    try:
        train(folder)
    except UserError as error:
        return _failed(folder, f"ClientError: {error}", 2)
    except xgboost.core.XGBoostError as error:
        return _failed(folder, f"AlgorithmError: {plain(error)}", 1)
    return 0


def _failed(folder: Path, reason: str, status: int) -> int:
    print(reason, file=sys.stderr)
    (folder / "output/failure").write_text(reason, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
