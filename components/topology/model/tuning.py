"""How hyperparameters are tuned: which of them, by what, in how many training jobs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
from pydantic_core import CoreSchema, PydanticKnownError

from components.topology import limits
from components.topology.model.fields import Expected, Model, Scalar, within


def _as_number(value: object) -> str:
    """A number as JSON writes it: AWS takes strings, and 3 stands for integers, 3.0 doesn't."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PydanticKnownError("float_type")
    return json.dumps(value)


_A_LIST = "a list"
"""What stands for the one key that isn't written as a key, in errors, too."""


class _OrList:
    """The metadata of a mapping that may also be a list of values."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        values = {"type": ["string", "number", "boolean"]}
        return {"anyOf": [handler(schema), {"type": "array", "items": values}]}


def _read_list(value: object) -> object:
    return {_A_LIST: tuple(value)} if isinstance(value, list | tuple) else value


Number = Annotated[str, BeforeValidator(_as_number), WithJsonSchema({"type": "number"})]


class TunedParameter(Model):
    """The values that a hyperparameter may take: from `min` to `max`, or a list in its place."""

    min: Number | None = None
    """The least value. It and `max` without a decimal point: integers."""

    max: Number | None = None
    """The greatest value."""

    scale: Annotated[
        Literal["auto", "linear", "logarithmic", "reverse_logarithmic"], Expected("a scale")
    ] = "auto"
    """How the values from `min` to `max` are spread; auto leaves it to SageMaker."""

    values: SkipJsonSchema[tuple[Scalar, ...]] = Field(default=(), validation_alias=_A_LIST)
    """The values of a list."""

    @property
    def is_whole(self) -> bool:
        """Whether both ends are integers."""
        return all(end is not None and end.lstrip("-").isdigit() for end in (self.min, self.max))


class Objective(Model):
    """What makes one training job better than another."""

    metric: str
    """A metric of the training: of xgboost one such as validation:auc, else one of `metrics`."""

    goal: Annotated[Literal["maximize", "minimize"], Expected("a goal")]
    """Whether the best job has the greatest value or the least."""


class Tuning(Model):
    """A search for the best hyperparameters; the best training job's model is the run's."""

    objective: Objective
    """The metric that decides, and whether more of it is better."""

    parameters: Mapping[str, Annotated[TunedParameter, BeforeValidator(_read_list), _OrList()]]
    """The hyperparameters that are searched, each with a range or with a list of values."""

    jobs: Annotated[int, within(limits.TUNING_JOBS)] = 10
    """Number of training jobs, each of which is billed."""

    parallel: Annotated[int, within(limits.PARALLEL_TUNING_JOBS)] = 1
    """How many of them run at the same time. What one has shown, the next ones use."""

    @property
    def rounds(self) -> int:
        """How many jobs run one after the other."""
        return -(-self.jobs // self.parallel)
