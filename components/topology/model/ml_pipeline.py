"""An ML pipeline: a model trained on a data pipeline's output, by Amazon SageMaker AI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from components.topology import limits
from components.topology.model.fields import MlRegion, Model, Scalar, editor_hint, within


def _with_joined_metrics(value: object) -> object:
    """`value` with a list of metrics as XGBoost's container takes it: names between commas."""
    if isinstance(value, dict):
        metrics = value.get("eval_metric")
        if isinstance(metrics, list) and metrics and all(isinstance(one, str) for one in metrics):
            return {**value, "eval_metric": ",".join(metrics)}
    return value


_METRICS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

Hyperparameters = Annotated[
    Mapping[str, Scalar],
    BeforeValidator(_with_joined_metrics),
    editor_hint(properties={"eval_metric": _METRICS}),
]


class Training(Model):
    """How a model is trained: with AWS's XGBoost, or with an image of your own."""

    image: str | None = None
    """An image in the pipeline's Region, with a tag (not latest) or a digest. AWS's XGBoost
    without it."""

    hyperparameters: Hyperparameters = Field(default_factory=dict)
    """The algorithm's hyperparameters: with AWS's XGBoost over the defaults
    `objective: binary:logistic`, `num_round: 50`, `max_depth: 5`, `eta: 0.2`, with another image
    these alone. `eval_metric` may be a list."""

    instance_type: str = Field(default="ml.m5.xlarge", examples=["ml.m5.xlarge"])
    """An instance type for training, without local disks."""

    instance_count: Annotated[int, within(limits.INSTANCES)] = 1
    """Number of instances of one training job."""

    volume_size_gb: Annotated[int, within(limits.VOLUME_GIGABYTES)] = 30
    """Size of each instance's volume in GB."""

    max_runtime_seconds: Annotated[int, within(limits.MAX_RUNTIME_SECONDS)] = 3600
    """Seconds after which SageMaker stops a training job."""


class MlPipeline(Model):
    """A model trained on a data pipeline's output, in one account and Region.

    They may be those of its source: the ML pipeline has its own bucket all the same.
    """

    account: str
    """The alias of an account."""

    region: MlRegion
    """The Region of the bucket and the training jobs."""

    source: str
    """The data pipeline whose output the model is trained on."""

    training: Training = Field(default_factory=Training)
    """How the model is trained."""

    expect_every_hours: Annotated[int | None, within(limits.EXPECT_EVERY_HOURS)] = None
    """Hours within which a run has to succeed; an alarm after that."""

    protect_data: bool | None = None
    """Whether its bucket and key are protected from removal and replacement; else the stack's."""
