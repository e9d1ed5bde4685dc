"""What AWS answers to a resource that a test registers instead of creating it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.aws.account_region import AccountRegion

Outputs = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Mocked:
    """A registration in a test; its answers depend on nothing else, so they repeat."""

    token: str
    name: str
    inputs: Mapping[str, Any]
    account_region: AccountRegion | None
    """None where the provider isn't one of AWS."""

    @property
    def at(self) -> AccountRegion:
        """The account and Region; a ValueError where the provider has none."""
        if self.account_region is None:
            raise ValueError(f"{self.token} {self.name} has a provider without a Region")
        return self.account_region

    @property
    def physical_name(self) -> str:
        """The input `name`."""
        return str(self.inputs["name"])

    def generated(self, length: int) -> str:
        """Hexadecimal digits that differ by logical name, account and Region."""
        return hexadecimal(f"{self.name}{self.at}", length)


MockOutputs = Callable[[Mocked], Outputs]


def hexadecimal(text: str, length: int) -> str:
    """As many hexadecimal digits, always the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def only_an_id(mocked: Mocked) -> Outputs:
    """A resource of which the program uses no more than the id."""
    return {"id": hexadecimal(f"{mocked.token}{mocked.name}", 17)}


def named(service: str, resource: str) -> MockOutputs:
    """A resource whose id is its name, and whose ARN ends in `resource` and its name."""

    def outputs(mocked: Mocked) -> Outputs:
        name = mocked.physical_name
        return {"id": name, "arn": mocked.at.arn(service, f"{resource}{name}")}

    return outputs
