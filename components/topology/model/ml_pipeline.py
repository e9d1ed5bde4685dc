"""An ML pipeline: a model trained on data pipelines' output, by Amazon SageMaker AI."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from components.topology import limits
from components.topology.model.fields import Expected, MlRegion, Model, within
from components.topology.model.pipeline_network import PipelineNetwork
from components.topology.model.training import Training


class MlPipeline(Model):
    """A model trained on the output of one data pipeline or several, in one account and Region.

    They may be those of a source: the ML pipeline has its own bucket all the same.
    """

    account: str
    """The alias of an account."""

    region: MlRegion
    """The Region of the bucket and the training jobs."""

    source: str | None = None
    """The data pipeline whose output the model is trained on; or `sources`."""

    sources: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """The data pipelines whose output the model is trained on together, in place of `source`."""

    trains_when: Annotated[Literal["all", "any"], Expected("when to train")] = "all"
    """Of `sources`: train once each has a new run, or at each new run with the others' newest."""

    training: Training = Field(default_factory=Training)
    """How the model is trained."""

    network: PipelineNetwork | None = None
    """The network of the training jobs and of the clean-up function; without it, they run in AWS's
    own."""

    keep_training_data_days: Annotated[int, within(limits.KEEP_TRAINING_DATA_DAYS)] = 7
    """Days that a run's rows are kept after they were made, once it has a model, so that it can be
    trained on again; 0 deletes them at once."""

    expect_every_hours: Annotated[int | None, within(limits.EXPECT_EVERY_HOURS)] = None
    """Hours within which a run has to succeed; an alarm after that."""

    protect_data: bool | None = None
    """Whether its bucket and key are protected from removal and replacement; else the stack's."""

    @property
    def source_key(self) -> str:
        """The key that names its data pipelines."""
        return "sources" if self.source is None else "source"

    def data_pipelines(self) -> tuple[str, ...]:
        """The names of the data pipelines that it trains on: of one, or of several."""
        return self.sources if self.source is None else (self.source,)
