"""What SageMaker tunes of AWS's XGBoost image: hyperparameters, and metrics with their goals.

From AWS's page "Tune an XGBoost model" and the container's own table (the repository
`aws/sagemaker-xgboost-container`, `hyperparameter_validation.py` and `xgb_constants.py`).
CreateHyperParameterTuningJob refuses others for this image, also where it runs a script (issue
2226 of `aws/sagemaker-python-sdk`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tunable:
    """A hyperparameter that can be tuned, and what its values may be."""

    least: float
    most: float = math.inf
    is_whole: bool = False
    above_least: bool = False
    """Whether `least` itself is too small."""


_SHARE = Tunable(0, 1, above_least=True)

TUNABLE: Mapping[str, Tunable] = {
    "alpha": Tunable(0),
    "colsample_bylevel": _SHARE,
    "colsample_bynode": _SHARE,
    "colsample_bytree": _SHARE,
    "eta": Tunable(0, 1),
    "gamma": Tunable(0),
    "lambda": Tunable(0),
    "max_delta_step": Tunable(0),
    "max_depth": Tunable(0, is_whole=True),
    "min_child_weight": Tunable(0),
    "num_round": Tunable(1, is_whole=True),
    "subsample": _SHARE,
}

_MAXIMIZED = (
    *("accuracy", "auc", "aucpr", "balanced_accuracy", "f1", "f1_binary", "f1_macro", "map"),
    *("ndcg", "precision", "precision_macro", "precision_micro", "r2"),
    *("recall", "recall_macro", "recall_micro"),
)
_MINIMIZED = (
    *("error", "gamma-deviance", "gamma-nloglik", "logloss", "mae", "mape", "merror"),
    *("mlogloss", "mphe", "mse", "poisson-nloglik", "rmse", "rmsle", "tweedie-nloglik"),
)

METRIC_GOALS: Mapping[str, str] = {
    **{f"validation:{name}": "maximize" for name in _MAXIMIZED},
    **{f"validation:{name}": "minimize" for name in _MINIMIZED},
}
"""Without those of survival times, which the training data doesn't have."""
