"""What the models share: their configuration, and kinds of field."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from components.topology.regions import REGIONS, regions_with


class Model(BaseModel):
    """A part of the topology. The docstring of a field is its description in the JSON Schema."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        strict=True,
        use_attribute_docstrings=True,
    )


@dataclass(frozen=True)
class Expected:
    """A field's value in the words of an error: `"x" is not {what}; expected {form}. {advice}`."""

    what: str
    form: str = ""
    advice: str = ""


def within(bounds: tuple[int, int]) -> Any:
    """The metadata of an integer that lies between both bounds or on one of them."""
    low, high = bounds
    return Field(ge=low, le=high)


def pattern(expression: str) -> Any:
    """The metadata of a string that matches `expression` as a whole."""
    return Field(pattern=f"^(?:{expression})$")


def editor_hint(**keywords: object) -> Any:
    """JSON Schema keywords for a limit that a rule checks."""
    return Field(json_schema_extra=dict[str, Any](keywords))


def one_of(values: Sequence[str | int]) -> Any:
    """The hint of a value that a rule looks up in a long list."""
    return editor_hint(enum=list(values))


def names_like(expression: str) -> Any:
    """The hint of a mapping whose keys a rule matches with `expression`."""
    return editor_hint(propertyNames={"pattern": f"^(?:{expression})$"})


def _as_string(value: object) -> object:
    """A number or boolean as JSON writes it (`50`, `0.2`, `true`); anything else unchanged.

    AWS takes strings only, and `num_round: 50` should need no quotes.
    """
    if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return json.dumps(value)
    return value


Scalar = Annotated[
    str,
    BeforeValidator(_as_string),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
"""A string that may be written as a number or boolean."""

AnyRegion = Annotated[str, one_of(REGIONS)]
HubRegion = Annotated[str, one_of(regions_with("mwaa"))]
DataRegion = Annotated[str, one_of(regions_with("glue"))]
MlRegion = Annotated[str, one_of(regions_with("sagemaker"))]
