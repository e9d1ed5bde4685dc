"""XGBoost trains on what the job writes, read the way SageMaker's container reads it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
import xgboost

from tests.workloads.bad_files import FOREIGN_LABELS
from tests.workloads.file_cases import ForeignLabel
from tests.workloads.glue_job import GlueJob, good_rows
from tests.workloads.training_files import download, read
from workloads.sample_data import TASKS, write_sample

pytestmark = [pytest.mark.spark, pytest.mark.verification]


# The objective, its metric, and the range in which a trained model ends.
LEARNING = {
    "binary": ("binary:logistic", "auc", 0.8, 1.0),
    "regression": ("reg:squarederror", "rmse", 20.0, 60.0),
    "multiclass": ("multi:softmax", "merror", 0.0, 0.15),
}
CLASSES = {"multiclass": {"num_class": 3}}


@pytest.mark.parametrize("task", sorted(TASKS))
def test_a_model_trains_on_the_parts(spark_job: GlueJob, tmp_path: Path, task: str) -> None:
    write_sample(tmp_path / "data.csv", 3000, 7, task=task)
    outcome = spark_job.convert((tmp_path / "data.csv").read_bytes(), TASKS[task].label, 0.1)
    channels = {
        name: read(download(spark_job, outcome, name, tmp_path)) for name in ("train", "validation")
    }
    for name, matrix in channels.items():
        assert matrix.num_row() == outcome.rows[name]
        assert matrix.num_col() == len(TASKS[task].columns) - 1
    objective, metric, least, most = LEARNING[task]
    parameters = {"objective": objective, "eval_metric": metric, "max_depth": 5, "eta": 0.2}
    history: dict[str, dict[str, list[float]]] = {}
    xgboost.train(
        {**parameters, **CLASSES.get(task, {}), "nthread": 1},
        channels["train"],
        50,
        evals=[(channels["validation"], "validation")],
        evals_result=history,
        verbose_eval=False,
    )
    assert least <= history["validation"][metric][-1] <= most


def coarse_rows() -> list[str]:
    """1,300 rows of a few kinds; the more of the three, the more often the label is 1."""
    random = Random(5)
    rows = []
    for _ in range(1300):
        group, adult = random.choice((1, 2, 3, 3, 3, 3)), random.choice((0, 1, 1, 1, 1))
        cells = (group, random.randint(0, 1), adult)
        rows.append(f"{','.join(map(str, cells))},{int(random.random() < sum(cells) / 6)}")
    return rows


def test_a_model_trains_on_every_row_of_coarse_columns(spark_job: GlueJob, tmp_path: Path) -> None:
    """Equal rows are observations: dropping them would drop nearly all, and the base rate."""
    rows = coarse_rows()
    assert len(set(rows)) < 30
    spark_job.options["min_rows"] = "10"
    spark_job.split = {"by": "record"}
    outcome = spark_job.convert("\n".join(["group,sex,adult,label", *rows]))
    written = [f"{row[-1]},{row[:-2]}" for row in rows]
    assert outcome.lines == sorted(written)
    often = {line for line, count in Counter(written).items() if count > 65}
    assert len(often) > 3
    assert often <= set(outcome.train) & set(outcome.validation)
    channels = {
        name: read(download(spark_job, outcome, name, tmp_path)) for name in ("train", "validation")
    }
    rates = [float(matrix.get_label().mean()) for matrix in channels.values()]
    assert rates[0] == pytest.approx(rates[1], abs=0.2)
    history: dict[str, dict[str, list[float]]] = {}
    xgboost.train(
        {"objective": "binary:logistic", "eval_metric": "auc", "nthread": 1},
        channels["train"],
        20,
        evals=[(channels["validation"], "validation")],
        evals_result=history,
        verbose_eval=False,
    )
    assert history["validation"]["auc"][-1] > 0.6


def test_an_empty_cell_is_a_missing_value(spark_job: GlueJob, tmp_path: Path) -> None:
    rows = "".join(f"{row % 2},{row},,{row}\n" for row in range(1, 60))
    outcome = spark_job.convert(f"label,a,b,c\n{rows}")
    matrix = read(download(spark_job, outcome, "train", tmp_path))
    assert matrix.num_nonmissing() == 2 * matrix.num_row()
    assert matrix.num_col() == 3


@pytest.mark.parametrize("case", FOREIGN_LABELS.values(), ids=list(FOREIGN_LABELS))
def test_a_label_that_is_no_class_ends_the_training(
    spark_job: GlueJob, tmp_path: Path, case: ForeignLabel
) -> None:
    """The job knows no classes: those are the model's, and several may be trained on one file."""
    outcome = spark_job.convert(f"label,a\n{good_rows(60)}{case.label},5.5\n")
    assert outcome.rows["rejected"] == 0
    channel = "train" if f"{case.label},5.5" in outcome.train else "validation"
    matrix = read(download(spark_job, outcome, channel, tmp_path))
    with pytest.raises(xgboost.core.XGBoostError) as failure:
        xgboost.train({**case.parameters, "nthread": 1}, matrix, 1)
    assert case.sentence in str(failure.value)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [((-1, 1), "label must be in [0,1]"), ((1, 2), "base_score must be in (0,1)")],
)
def test_two_classes_of_other_numbers_end_a_binary_training(
    spark_job: GlueJob, tmp_path: Path, labels: tuple[int, int], sentence: str
) -> None:
    """The sentences that the runbook explains, and after which the DAG doesn't retry."""
    random = Random(5)
    rows = [f"{random.gauss(0, 1):.4f},{labels[number % 2]}" for number in range(300)]
    outcome = spark_job.convert("\n".join(["x,label", *rows]))
    matrix = read(download(spark_job, outcome, "train", tmp_path))
    with pytest.raises(xgboost.core.XGBoostError) as failure:
        xgboost.train({"objective": "binary:logistic", "nthread": 1}, matrix, 1)
    assert sentence in str(failure.value)
