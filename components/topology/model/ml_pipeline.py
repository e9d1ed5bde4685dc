"""An ML pipeline: a model trained on a data pipeline's output, by Amazon SageMaker AI."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from components.topology import limits
from components.topology.model.fields import MlRegion, Model, within
from components.topology.model.training import Training


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
