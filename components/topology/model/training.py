"""How a model is trained: by AWS's XGBoost, by an image of a team's own, or by a team's script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from components.topology import limits
from components.topology.model.fields import (
    Expected,
    Model,
    Scalar,
    editor_hint,
    names_like,
    within,
)
from components.topology.model.tuning import Tuning


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

Algorithm = Annotated[Literal["xgboost", "custom", "script"], Expected("an algorithm")]


CHANNELS = ("train", "validation", "schema")
"""What of a run's data can be a channel: its rows, and the description of its columns."""


class Channel(Model):
    """How one of a run's channels reaches the training."""

    content_type: str | None = None
    """The content type that the request names: text/csv, and application/json for `schema`."""

    input_mode: Annotated[Literal["File", "FastFile"], Expected("an input mode")] = "File"
    """File copies the channel before the training starts; FastFile reads it as it is asked for."""


class Training(Model):
    """How a model is trained, and on what."""

    algorithm: Algorithm = "xgboost"
    """xgboost is AWS's; custom is an image of your own; script is a Python script of your own."""

    image: str | None = None
    """An image in the pipeline's Region, with a tag (not latest) or a digest. AWS's XGBoost
    without it, which runs scripts, too."""

    source_dir: str | None = None
    """Of a script: the folder with all of its files, relative to the project's directory."""

    entry_point: str = "train.py"
    """Of a script: the file in `source_dir` that is run."""

    hyperparameters: Hyperparameters = Field(default_factory=dict)
    """The algorithm's hyperparameters: with xgboost over the defaults
    `objective: binary:logistic`, `num_round: 50`, `max_depth: 5`, `eta: 0.2`, otherwise these
    alone. `eval_metric` may be a list."""

    tuning: Tuning | None = None
    """A search for the best hyperparameters, in place of one training."""

    channels: Annotated[Mapping[str, Channel], names_like("|".join(CHANNELS))] = Field(
        default_factory=dict
    )
    """The channels that custom and script are given, of train, validation and schema. Without it:
    train and validation, and schema for a script."""

    environment: Mapping[str, Scalar] = Field(default_factory=dict)
    """The environment variables of custom and script."""

    metrics: Mapping[str, str] = Field(default_factory=dict)
    """The metrics of custom and script: regular expressions that find their values in the log."""

    instance_type: str = Field(default="ml.m5.xlarge", examples=["ml.m5.xlarge"])
    """An instance type for training, without local disks."""

    instance_count: Annotated[int, within(limits.INSTANCES)] = 1
    """Number of instances of one training job."""

    volume_size_gb: Annotated[int, within(limits.VOLUME_GIGABYTES)] = 30
    """Size of each instance's volume in GB."""

    max_runtime_seconds: Annotated[int, within(limits.MAX_RUNTIME_SECONDS)] = 3600
    """Seconds after which SageMaker stops a training job."""

    spot: bool = False
    """Whether to train on spot instances, which AWS may take back: the job goes on from its last
    checkpoint."""

    max_wait_seconds: Annotated[int | None, within(limits.MAX_RUNTIME_SECONDS)] = None
    """Of spot: seconds for the training and the waits for instances together; without it twice
    `max_runtime_seconds`."""

    @property
    def longest_seconds(self) -> int:
        """How long a training job may take in all, waits for spot instances included."""
        if not self.spot:
            return self.max_runtime_seconds
        twice = min(2 * self.max_runtime_seconds, limits.MAX_RUNTIME_SECONDS[1])
        return self.max_wait_seconds or twice

    @property
    def keeps_checkpoints(self) -> bool:
        """Whether a job that AWS interrupts goes on from its last checkpoint.

        AWS doesn't say whether the jobs of a tuning keep theirs apart: they have none (ADR 122).
        """
        return self.spot and self.tuning is None

    @property
    def sent_channels(self) -> Mapping[str, Channel]:
        """The channels that a training job has, in their order."""
        if self.channels:
            return {name: self.channels[name] for name in CHANNELS if name in self.channels}
        names = CHANNELS if self.algorithm == "script" else ("train", "validation")
        return {name: Channel() for name in names}
