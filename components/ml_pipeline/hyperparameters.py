"""The hyperparameters of a training job, and those that AWS's XGBoost knows.

The names are those of AWS's page "XGBoost hyperparameters", of the container's own check (the
repository `aws/sagemaker-xgboost-container`) and of XGBoost 3.0 (ADR 78).
"""

from __future__ import annotations

from collections.abc import Mapping

from components.topology.model import MlPipeline, Topology

XGBOOST_DEFAULTS: Mapping[str, str] = {
    "objective": "binary:logistic",
    "num_round": "50",
    "max_depth": "5",
    "eta": "0.2",
}

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


def xgboost_trainings(topology: Topology, data_pipeline: str) -> Mapping[str, Mapping[str, str]]:
    """The hyperparameters of each ML pipeline that trains on `data_pipeline` with AWS's XGBoost."""
    names = topology.ml_pipelines_of(data_pipeline)
    pipelines = {name: topology.ml_pipelines[name] for name in names}
    return {
        name: hyperparameters_of(pipeline)
        for name, pipeline in pipelines.items()
        if pipeline.training.algorithm == "xgboost"
    }


def hyperparameters_of(pipeline: MlPipeline) -> Mapping[str, str]:
    """What each training job of `pipeline` is given: for AWS's XGBoost, over its defaults.

    Without those that a tuning searches.
    """
    training = pipeline.training
    defaults = XGBOOST_DEFAULTS if training.algorithm == "xgboost" else {}
    tuned = training.tuning.parameters if training.tuning else {}
    fixed = {name: value for name, value in defaults.items() if name not in tuned}
    return dict(sorted({**fixed, **training.hyperparameters}.items()))
