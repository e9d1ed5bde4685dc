"""The JSON Schema of a stack file, and what must mention every option of the model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml

from components.topology.codes import Code
from components.topology.loading import load_topology
from components.topology.schema import SCHEMA_FILE, schema_text, stack_file_schema
from tests.components.topology.changed_topologies import NAMES, changed, entries
from tests.topologies import STACKS

ROOT = STACKS.parent
EVERY_OPTION = STACKS / "every-option.yaml"
STACK_FILES = [
    *sorted(STACKS.glob("*.yaml")),
    *sorted((ROOT / "tests").glob("*/Pulumi.*.yaml")),
]
SCHEMA = stack_file_schema()
SEEN_IN_AN_EDITOR = {
    *(Code.NOT_A_BOOLEAN, Code.NOT_A_CHOICE, Code.NOT_A_LIST, Code.NOT_A_MAPPING),
    *(Code.NOT_A_NUMBER, Code.UNKNOWN_KEY, Code.UNKNOWN_REGION),
}
"""Codes of the mistakes that the schema shows as they are typed, all of them."""


def accepts(topology: object) -> bool:
    validator = jsonschema.Draft7Validator(SCHEMA)
    return validator.is_valid({"config": {"unified-pipelines:topology": topology}})


def options() -> Iterator[tuple[str, str]]:
    """Every key of the model, with the model that it belongs to."""
    for model, definition in SCHEMA["$defs"].items():
        for key in definition["properties"]:
            yield model, key


def test_the_file_is_what_the_model_says() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        f"{SCHEMA_FILE.relative_to(ROOT)} differs from the model; `make schema` writes it."
    )


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_option_is_described() -> None:
    described = {
        (model, key)
        for model, definition in SCHEMA["$defs"].items()
        for key, property_ in definition["properties"].items()
        if property_.get("description")
    }
    assert set(options()) == described


@pytest.mark.parametrize("file", STACK_FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_stack_file_names_the_schema_and_keeps_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named is not None
    assert (file.parent / named[1]).resolve() == SCHEMA_FILE
    jsonschema.Draft7Validator(json.loads(schema_text())).validate(yaml.safe_load(text))


@pytest.mark.parametrize("key", ["secretsprovider", "encryptionsalt", "environment"])
def test_other_keys_of_pulumi_are_allowed(key: str) -> None:
    file = yaml.safe_load((STACKS / "Pulumi.dev.yaml").read_text(encoding="utf-8"))
    file["config"]["aws:region"] = "us-east-1"
    assert jsonschema.Draft7Validator(SCHEMA).is_valid({key: "x", **file})


def test_a_topology_that_loads_is_accepted() -> None:
    refused = [entry for entry in entries("allowed_topologies.yaml") if not accepts(changed(entry))]
    assert refused == []


def test_mistakes_that_an_editor_can_see_are_refused() -> None:
    accepted = [
        entry
        for entry in entries("wrong_topologies.yaml")
        if entry["code"] in SEEN_IN_AN_EDITOR and accepts(changed(entry))
    ]
    assert accepted == []


def test_every_integer_has_its_limits() -> None:
    unlimited = [
        f"{model}.{key}"
        for model, key in options()
        if "'integer'" in (text := str(SCHEMA["$defs"][model]["properties"][key]))
        and not ("'minimum'" in text and "'maximum'" in text)
        and "'enum'" not in text
    ]
    assert unlimited == []


def test_the_file_with_every_option_loads() -> None:
    topology = yaml.safe_load(EVERY_OPTION.read_text(encoding="utf-8"))["config"]
    load_topology(topology["unified-pipelines:topology"], names=NAMES, root=ROOT)


def test_the_file_with_every_option_has_every_option() -> None:
    text = EVERY_OPTION.read_text(encoding="utf-8")
    missing = [
        f"{model}.{key}"
        for model, key in options()
        if not re.search(rf"^[ #]*{key}: ?", text, re.MULTILINE)
    ]
    assert missing == []


def test_the_guide_has_every_option() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    missing = [
        f"{model}.{key}" for model, key in options() if not re.search(rf"[`.]{key}[.`]", text)
    ]
    assert missing == []
