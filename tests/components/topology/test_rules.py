"""What single rules conclude from, and limits with many values."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.topology import limits
from components.topology.codes import Code
from components.topology.loading import load_topology
from components.topology.problems import dotted
from tests.components.topology.changed_topologies import NAMES, changed, refusal
from tests.topologies import minimal_topology

TRAINING = "ml_pipelines.west2.training"


@pytest.mark.parametrize(
    ("changes", "path", "relies_on"),
    [
        (
            {"accounts.central.deploy_role_arn": "deploy"},
            "accounts.central.deploy_role_arn",
            ["accounts.central.id", "hub.region"],
        ),
        (
            {"accounts.analytics.id": "111111111111"},
            "accounts.analytics.id",
            ["accounts.central.id"],
        ),
        ({"hub.account": "other"}, "hub.account", ["accounts.other"]),
        ({"hub.region": "cn-north-1"}, "data_pipelines.east1.region", ["hub.region"]),
        (
            {
                "hub.environment.airflow_version": "3.0.6",
                "hub.environment.webserver_access_mode": "PUBLIC_AND_PRIVATE",
            },
            "hub.environment.webserver_access_mode",
            ["hub.environment.airflow_version"],
        ),
        (
            {"hub.environment.schedulers": 9},
            "hub.environment.schedulers",
            ["hub.environment.class"],
        ),
        (
            {"hub.environment.min_workers": 9, "hub.environment.max_workers": 8},
            "hub.environment.min_workers",
            ["hub.environment.max_workers"],
        ),
        (
            {"hub.environment.min_webservers": 5, "hub.environment.max_webservers": 4},
            "hub.environment.min_webservers",
            ["hub.environment.max_webservers"],
        ),
        (
            {"ml_pipelines.west2.source": "other"},
            "ml_pipelines.west2.source",
            ["data_pipelines.other"],
        ),
        ({f"{TRAINING}.image": "mine"}, f"{TRAINING}.image", ["ml_pipelines.west2.region"]),
        (
            {"ml_pipelines.west2.region": "ap-southeast-6"},
            f"{TRAINING}.image",
            ["ml_pipelines.west2.region"],
        ),
    ],
)
def test_what_a_problem_is_concluded_from(
    changes: dict[str, object], path: str, relies_on: list[str], root: Path
) -> None:
    """Where one of these can't be read, the problem isn't reported."""
    found = refusal(changed({"set": changes}), root).problems
    (problem,) = [each for each in found if dotted(each.path) == path]
    assert [dotted(path) for path in problem.relies_on] == relies_on


@pytest.mark.parametrize(
    "family",
    [
        *("g5", "g6", "g6e", "g7", "g7e", "p5", "p5e", "p5en", "p6-b200", "p6-b300"),
        *("p6e-gb200", "trn1", "trn1n", "trn2", "m5d", "c6gd", "p4d", "p4de"),
    ],
)
def test_no_instance_has_a_local_disk(family: str, root: Path) -> None:
    changes = {f"{TRAINING}.instance_type": f"ml.{family}.48xlarge"}
    (problem,) = refusal(changed({"set": changes}), root).problems
    assert problem.code is Code.LOCAL_STORAGE


@pytest.mark.parametrize("role", ["größe", "rôle", "\u0661"])
def test_letters_and_digits_are_those_of_ascii(role: str, root: Path) -> None:
    arn = f"arn:aws:iam::111111111111:role/{role}"
    changes = {"accounts.central.deploy_role_arn": arn}
    (problem,) = refusal(changed({"set": changes}), root).problems
    assert (dotted(problem.path), problem.code) == (*changes, Code.MALFORMED)


def test_a_hyperparameter_may_have_capitals() -> None:
    allowed = {"Alpha_1": "x", "_A.b-C": "y"}
    topology = minimal_topology()
    image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/model:1"
    topology["ml_pipelines"]["west2"]["training"] = {
        "algorithm": "custom",
        "image": image,
        "hyperparameters": allowed,
    }
    loaded = load_topology(topology, names=NAMES, root=Path())
    assert loaded.ml_pipelines["west2"].training.hyperparameters == allowed


def test_plugins_have_a_gigabyte_at_most(tmp_path: Path) -> None:
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    with (plugins / "model.bin").open("wb") as file:
        file.truncate(limits.PLUGINS_BYTES)
    topology = minimal_topology()
    topology["hub"]["environment"] = {"plugins": "plugins"}
    load_topology(topology, names=NAMES, root=tmp_path)
    (plugins / "one_more.py").write_text("1")
    (problem,) = refusal(topology, tmp_path).problems
    assert (dotted(problem.path), problem.code) == ("hub.environment.plugins", Code.OUT_OF_RANGE)


def test_a_file_in_another_encoding_is_read_all_the_same(tmp_path: Path) -> None:
    text = "# Größe\n--constraint https://example.com/constraints-3.3.1/x.txt\n"
    (tmp_path / "requirements.txt").write_bytes(text.encode("latin-1"))
    topology = minimal_topology()
    topology["hub"]["environment"] = {"requirements_file": "requirements.txt"}
    load_topology(topology, names=NAMES, root=tmp_path)
