"""The hyperparameters of a training job."""

from __future__ import annotations

from collections.abc import Mapping

from components.topology.model import MlPipeline, Topology

XGBOOST_DEFAULTS: Mapping[str, str] = {
    "objective": "binary:logistic",
    "num_round": "50",
    "max_depth": "5",
    "eta": "0.2",
}


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
