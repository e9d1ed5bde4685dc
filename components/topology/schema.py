"""The JSON Schema of a stack file, for editors: `python -m components.topology.schema` writes it.

It comes from the model alone. An editor sees types, names and the limits of single values; the
rules between values are checked when the stack is loaded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from components.topology.model import Topology

SCHEMA_FILE = Path(__file__).parents[2] / "stacks" / "topology.schema.json"


class _WithoutFieldTitles(GenerateJsonSchema):
    """A field's title would only repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def stack_file_schema() -> dict[str, Any]:
    """The schema of a whole Pulumi stack file, whose other keys are Pulumi's."""
    topology = Topology.model_json_schema(schema_generator=_WithoutFieldTitles)
    definitions = topology.pop("$defs")
    return {
        # The draft that yaml-language-server supports best.
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A Pulumi stack file of unified-pipelines",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "required": ["unified-pipelines:topology"],
                "properties": {
                    "unified-pipelines:topology": {"$ref": "#/$defs/Topology"},
                    "unified-pipelines:endpoint": {
                        "type": "string",
                        "description": "An address that answers for all of AWS. "
                        "The local run sets it.",
                    },
                },
            }
        },
        "$defs": {**definitions, "Topology": topology},
    }


def schema_text() -> str:
    """The schema as it stands in `SCHEMA_FILE`."""
    return json.dumps(stack_file_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
