"""What algorithms know of hyperparameters, for the deployment and for the DAGs.

The names of AWS's XGBoost are those of AWS's page "XGBoost hyperparameters", of the container's own
check (the repository `aws/sagemaker-xgboost-container`) and of XGBoost 3.0 (ADR 78). Nothing here
imports Airflow.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

SCRIPT_MODES_OWN = "sagemaker_"
"""What the names of script mode's own hyperparameters begin with."""

XGBOOST_NAMES = frozenset(
    {
        # Of the container.
        *("num_round", "csv_weights", "early_stopping_rounds", "save_model_on_termination"),
        *("use_dask_gpu_training", "_kfold", "_num_cv_round", "_tuning_objective_metric"),
        # Of XGBoost, in general.
        *("booster", "device", "disable_default_eval_metric", "nthread", "validate_parameters"),
        *("seed", "seed_per_iteration", "verbosity"),
        # Of trees.
        *("alpha", "colsample_bylevel", "colsample_bynode", "colsample_bytree", "eta", "gamma"),
        *("grow_policy", "interaction_constraints", "lambda", "learning_rate", "max_bin"),
        *("max_cached_hist_node", "max_cat_threshold", "max_cat_to_onehot", "max_delta_step"),
        *("max_depth", "max_leaves", "min_child_weight", "min_split_loss"),
        *("monotone_constraints", "multi_strategy", "num_parallel_tree", "process_type"),
        *("refresh_leaf", "reg_alpha", "reg_lambda", "sampling_method", "scale_pos_weight"),
        *("subsample", "tree_method", "updater"),
        # Of the boosters dart and gblinear.
        *("normalize_type", "one_drop", "rate_drop", "sample_type", "skip_drop"),
        *("feature_selector", "lambda_bias", "top_k"),
        # Of objectives.
        *("base_score", "eval_metric", "huber_slope", "num_class", "objective", "quantile_alpha"),
        "tweedie_variance_power",
        # Of earlier versions of the image.
        *("deterministic_histogram", "dsplit", "predictor", "prob_buffer_row"),
        *("single_precision_histogram", "sketch_eps"),
    }
)

XGBOOST_OBJECTIVES = frozenset(
    {
        *("binary:hinge", "binary:logistic", "binary:logitraw", "count:poisson"),
        *("multi:softmax", "multi:softprob", "reg:absoluteerror", "reg:gamma", "reg:linear"),
        *("reg:logistic", "reg:pseudohubererror", "reg:quantileerror", "reg:squarederror"),
        *("reg:squaredlogerror", "reg:tweedie"),
    }
)
"""Those that learn from rows with one label each."""

UNSUPPORTED_OBJECTIVES: Mapping[str, str] = {
    "rank:": "the groups of rows to rank",
    "survival:": "the bounds of each survival time",
}
"""By the start of their names: what they need besides a label. Without it XGBoost trains all the
same, and the model is worthless."""


def as_json(value: str) -> str:
    """A value that is JSON already, such as 5 or 0.2, stays: the script is given a number."""
    try:
        json.loads(value)
    except ValueError:
        return json.dumps(value)
    return value
