"""The stack files of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from components.aws.naming import Names
from components.topology.loading import load_topology
from tests.components.topology.changed_topologies import NAMES
from tests.topologies import STACKS, stack_topology


class TestStackFiles:
    """Every stack file in the repository loads, and none lets a default provider in."""

    @pytest.mark.parametrize(
        "file", sorted(STACKS.glob("Pulumi.*.yaml")), ids=lambda file: file.name
    )
    def test_loads(self, file: Path) -> None:
        stack = file.name.split(".")[1]
        config = yaml.safe_load(file.read_text(encoding="utf-8"))["config"]
        assert config["pulumi:disable-default-providers"] == ["*"]
        load_topology(
            config["unified-pipelines:topology"],
            names=Names(project="unified-pipelines", stack=stack),
            root=STACKS.parent,
        )

    def test_the_three_stacks_are_there(self) -> None:
        assert {file.name for file in STACKS.glob("Pulumi.*.yaml")} == {
            "Pulumi.dev.yaml",
            "Pulumi.local.yaml",
            "Pulumi.prod.yaml",
        }

    def test_local_and_dev_have_one_shape(self) -> None:
        local, dev = stack_topology("local"), stack_topology("dev")
        del local["ml_pipelines"]["west2"]["training"]
        del local["data_pipelines"]["east1"]["start"]
        del local["hub"]["backup"]
        assert local == dev

    def test_prod_protects_its_data_and_spans_accounts_and_regions(self) -> None:
        prod = load_topology(stack_topology("prod"), names=NAMES, root=STACKS.parent)
        assert prod.protect_data
        data, models = prod.data_pipelines.values(), prod.ml_pipelines.values()
        accounts = {part.account for part in data} | {part.account for part in models}
        assert accounts | {prod.hub.account} == {"central", "analytics", "research"}
        assert len({part.region for part in data} | {part.region for part in models}) == 5
        assert (len(data), len(models)) == (2, 3)

    def test_the_project_file_names_the_folder_of_the_stacks(self) -> None:
        project = yaml.safe_load((STACKS.parent / "Pulumi.yaml").read_text(encoding="utf-8"))
        assert project["name"] == "unified-pipelines"
        assert project["stackConfigDir"] == STACKS.name
        assert project["runtime"] == {"name": "python", "options": {"virtualenv": ".venv"}}
