"""Training as the container does it: what it reads, what it refuses, what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xgboost

from local.gateway.sagemaker.xgboost_training import UserError, load, plain, train

_ROWS = "".join(f"{number % 2},{number % 2 * 10},{number}\n" for number in range(100))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the container finds, below a path with a space in it."""
    made = tmp_path / "opt ml"
    for part in ("input/config", "input/data/train", "model", "output"):
        (made / part).mkdir(parents=True)
    _write(made, "train/part-00000.csv", _ROWS)
    return made


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / "input/data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _train(folder: Path, **parameters: str) -> dict[str, float]:
    configuration = folder / "input/config/hyperparameters.json"
    configuration.write_text(json.dumps(parameters), encoding="utf-8")
    train(folder)
    metrics: dict[str, float] = json.loads((folder / "output/metrics.json").read_text())
    return metrics


@pytest.mark.parametrize(
    ("parameters", "metrics"),
    [
        ({}, {"train:rmse"}),
        ({"objective": "reg:squarederror"}, {"train:rmse"}),
        ({"objective": "binary:logistic"}, {"train:logloss"}),
        ({"objective": "multi:softprob", "num_class": "2"}, {"train:mlogloss"}),
        (
            {"objective": "binary:logistic", "eval_metric": "auc,error"},
            {"train:auc", "train:error"},
        ),
    ],
)
def test_every_objective_has_its_metrics(
    folder: Path, parameters: dict[str, str], metrics: set[str]
) -> None:
    assert set(_train(folder, num_round="2", **parameters)) == metrics


def test_the_label_comes_first_and_the_channels_are_told_apart(folder: Path) -> None:
    _write(folder, "validation/part-00000.csv", "1,0,1\n0,10,1\n")
    metrics = _train(folder, objective="binary:logistic", num_round="20", eval_metric="error")
    assert metrics == {"train:error": 0.0, "validation:error": 1.0}


def test_it_stops_early_when_asked(folder: Path) -> None:
    _write(folder, "validation/part-00000.csv", "1,0,1\n0,10,1\n")
    _train(folder, objective="binary:logistic", num_round="500", early_stopping_rounds="1")
    booster = xgboost.Booster(model_file=bytearray((folder / "model/xgboost-model").read_bytes()))
    assert booster.num_boosted_rounds() < 10


def test_every_file_of_a_channel_is_read_down_to_three_folders(folder: Path) -> None:
    _write(folder, "train/a/b/c/part-00001.csv", "1,2,3\n")
    _write(folder, "train/a/b/c/d/part-00002.csv", "1,2,3\n")
    assert load(folder / "input/data/train", weights=False).num_row() == 101


def test_weights_come_second(folder: Path) -> None:
    _write(folder, "train/part-00000.csv", "1,0.5,3\n0,0.25,4\n")
    loaded = load(folder / "input/data/train", weights=True)
    assert list(loaded.get_weight()) == [0.5, 0.25]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_out(folder: Path, delimiter: str) -> None:
    _write(folder, "train/part-00000.csv", delimiter.join(("1", "2.5", "3")) + "\n")
    assert load(folder / "input/data/train", weights=False).num_col() == 2


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "Hyperparameter num_round is required."),
        (
            {"num_round": "none"},
            "Hyperparameter num_round: expected an integer of at least 1, got 'none'",
        ),
        (
            {"num_round": "0"},
            "Hyperparameter num_round: expected an integer of at least 1, got '0'",
        ),
        (
            {"num_round": "1", "objective": "multi:softmax"},
            "num_class is required with objective multi:softmax",
        ),
    ],
)
def test_hyperparameters_that_the_caller_has_to_fix(
    folder: Path, parameters: dict[str, str], reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        _train(folder, **parameters)


def test_an_objective_that_there_is_not(folder: Path) -> None:
    with pytest.raises(xgboost.core.XGBoostError, match="Unknown objective function: `none:such`"):
        _train(folder, num_round="1", objective="none:such")


def test_a_failures_reason_holds_xgboosts_whole_sentence(folder: Path) -> None:
    _write(folder, "train/part-00000.csv", "-1,0.5\n2,0.25\n")
    with pytest.raises(xgboost.core.XGBoostError) as failure:
        _train(folder, num_round="1", objective="binary:logistic")
    reason = plain(failure.value)
    assert reason.startswith("/")
    assert "label must be in [0,1] for logistic regression" in reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("label,a,b\n1,2,3\n", "is not numeric CSV: the label comes first, and there is no header"),
        ("", "Channel train has no data"),
        ("1,2,3\n1,2\nabc", "Failed to load csv data of channel train"),
    ],
)
def test_data_that_the_caller_has_to_fix(folder: Path, text: str, reason: str) -> None:
    _write(folder, "train/part-00000.csv", text)
    with pytest.raises(UserError, match=reason):
        _train(folder, num_round="1")


def test_no_training_channel(folder: Path) -> None:
    (folder / "input/data/train").rename(folder / "input/data/test")
    with pytest.raises(UserError, match="Channel train is required"):
        _train(folder, num_round="1")
