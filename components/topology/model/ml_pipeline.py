"""An ML pipeline: a model trained on a data pipeline's output, by Amazon SageMaker AI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from components.topology import limits
from components.topology.model.fields import MlRegion, Model, Scalar, within

DEFAULT_HYPERPARAMETERS: Mapping[str, str] = {
    "objective": "binary:logistic",
    "num_round": "50",
    "max_depth": "5",
    "eta": "0.2",
}


class Training(Model):
    """How a model is trained with SageMaker's XGBoost algorithm."""

    image: str | None = None
    """An image in the pipeline's Region, with a tag (not latest) or a digest. AWS's XGBoost
    without it."""

    hyperparameters: Mapping[str, Scalar] = Field(default_factory=dict)
    """XGBoost's hyperparameters, over the defaults `objective: binary:logistic`,
    `num_round: 50`, `max_depth: 5`, `eta: 0.2`."""

    instance_type: str = Field(default="ml.m5.xlarge", examples=["ml.m5.xlarge"])
    """An instance type for training, without local disks."""

    instance_count: Annotated[int, within(limits.INSTANCES)] = 1
    """Number of instances of one training job."""

    volume_size_gb: Annotated[int, within(limits.VOLUME_GIGABYTES)] = 30
    """Size of each instance's volume in GB."""

    max_runtime_seconds: Annotated[int, within(limits.MAX_RUNTIME_SECONDS)] = 3600
    """Seconds after which SageMaker stops a training job."""

    @property
    def merged_hyperparameters(self) -> Mapping[str, str]:
        """The chosen hyperparameters over `DEFAULT_HYPERPARAMETERS`, by name."""
        return dict(sorted({**DEFAULT_HYPERPARAMETERS, **self.hyperparameters}.items()))


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
