"""A JSON policy document in the project: what an access's role may do. Doesn't import Pulumi."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from components.aws.policy_document import Statement, statement
from components.topology.model.fields import Scalar


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


_Strings = Annotated[list[Scalar], BeforeValidator(_listed), Field(min_length=1)]
"""One string or several, as IAM takes them; a boolean or number in a condition may be one, too."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PolicyStatement(_Part):
    """A statement that allows: nothing else belongs into it, as a boundary is made of it, too."""

    sid: Annotated[str, Field(alias="Sid", pattern="^[A-Za-z0-9]+$")]
    effect: Annotated[Literal["Allow"], Field(alias="Effect")]
    actions: Annotated[_Strings, Field(alias="Action")]
    resources: Annotated[_Strings, Field(alias="Resource")]
    condition: Annotated[Mapping[str, Mapping[str, _Strings]], Field(alias="Condition")] = {}

    def as_written(self) -> Statement:
        """The statement as every policy of the stack is written."""
        return statement(self.sid, self.actions, self.resources, self.condition or None)


class PolicyFile(_Part):
    """The whole file."""

    version: Annotated[Literal["2012-10-17"], Field(alias="Version")]
    statements: Annotated[
        list[PolicyStatement],
        BeforeValidator(_listed),
        Field(alias="Statement", min_length=1),
    ]


def read_policy(file: Path) -> PolicyFile:
    """The policy in `file`; pydantic's ValidationError names all that isn't one in it."""
    return PolicyFile.model_validate_json(file.read_bytes())


def statements_of(file: Path) -> list[Statement]:
    """The statements of a file that the topology's rules accept."""
    return [each.as_written() for each in read_policy(file).statements]
