"""IAM policy documents, found by their content in a resource's inputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Statement = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PolicyDocument:
    """A document in a resource's inputs."""

    path: str
    """The input that holds it, such as `policy`, or `rules.0.policy` in a structure."""

    text: str
    """As the resource gets it."""

    statements: list[Statement]

    @property
    def of_identity(self) -> bool:
        """Whether it is an identity policy, which says what its holder may do."""
        return not any({"Principal", "NotPrincipal"} & set(each) for each in self.statements)

    @property
    def is_trust(self) -> bool:
        """Whether it is a role's trust policy: about a resource that no statement has to name."""
        return not self.of_identity and not any("Resource" in each for each in self.statements)


def policy_documents(value: Any, path: str = "") -> Iterator[PolicyDocument]:
    """Every policy document in a value, however deep: any string that parses as one."""
    if isinstance(value, str):
        if (statements := _statements(value)) is not None:
            yield PolicyDocument(path=path, text=value, statements=statements)
    elif isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from policy_documents(item, f"{path}.{key}" if path else str(key))


def _statements(text: str) -> list[Statement] | None:
    """The statements, if the text is a policy document."""
    if '"Statement"' not in text:
        return None
    try:
        parsed = json.loads(text)
    except ValueError:
        return None
    if not isinstance(parsed, dict) or "Statement" not in parsed:
        return None
    statements = parsed["Statement"]
    return statements if isinstance(statements, list) else [statements]
