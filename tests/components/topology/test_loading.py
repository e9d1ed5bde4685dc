"""The topology as a person writes it: what loads, and what is refused with which words."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.aws.naming import Names
from components.topology.loading import load_topology
from components.topology.model import Topology
from components.topology.problems import TopologyError, dotted
from tests.topologies import STACKS, minimal_topology, stack_topology, topologies
from tests.verification import Table

HERE = Path(__file__).parent
NAMES = Names(project="unified-pipelines", stack="dev")
FILES = {
    "empty.txt": " \n",
    "commented.txt": "# --constraint constraints-3.2.1.txt\npandas\n",
    "unconstrained.txt": "pandas\n",
    "constrained.txt": 'pandas\n --constraint "https://example.com/constraints-3.3.1/x.txt"\n',
    "folder/other.txt": "--constraint constraints-9.9.9.txt\n",
    "folder/shipped.txt": "--constraint=/usr/local/airflow/dags/constraints.txt\npandas\n",
    "unshipped.txt": "--constraint /usr/local/airflow/dags/constraints-3.3.1.txt\npandas\n",
    "startup.sh": "export A=b\n",
}


def entries(file: str) -> list[dict[str, Any]]:
    """The entries of a data file."""
    text = (HERE / file).read_text(encoding="utf-8")
    # libyaml's: Python's own takes most of the time of collecting these tests.
    found: list[dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


def cases(file: str) -> list[Any]:
    """The entries of a data file, each named by its number and what it changes."""
    return [
        pytest.param(entry, id=f"{number}-{_title(entry)}")
        for number, entry in enumerate(entries(file), start=1)
    ]


def _title(entry: dict[str, Any]) -> str:
    return json.dumps(entry.get("set") or entry["remove"], default=str)[:60]


def changed(entry: dict[str, Any]) -> dict[str, Any]:
    """The minimal topology with the entry's changes."""
    topology = minimal_topology()
    for place, value in entry.get("set", {}).items():
        inner, key = _parent(topology, place)
        inner[key] = copy.deepcopy(value)
    for place in entry.get("remove", []):
        inner, key = _parent(topology, place)
        del inner[key]
    return topology


def _parent(topology: dict[str, Any], place: str) -> tuple[dict[str, Any], str]:
    *keys, last = place.split(".")
    for key in keys:
        topology = topology.setdefault(key, {})
    return topology, last


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's directory with a blank in its path, and a file beside it; nobody changes it."""
    outer = tmp_path_factory.mktemp("topology")
    project = outer / "a project"
    for name, text in FILES.items():
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    outside = outer / "outside.txt"
    outside.write_text(FILES["constrained.txt"], encoding="utf-8")
    (project / "link.txt").symlink_to(outside)
    return project


def refusal(value: object, root: Path) -> TopologyError:
    with pytest.raises(TopologyError) as caught:
        load_topology(value, names=NAMES, root=root)
    return caught.value


class TestOneMistake:
    """A single mistake gives a single error: the place, the value, what is allowed, what to do."""

    @pytest.mark.parametrize("entry", cases("wrong_topologies.yaml"))
    def test_is_refused(self, entry: dict[str, Any], root: Path) -> None:
        error = refusal(changed(entry), root)
        (problem,) = error.problems
        assert dotted(problem.path) == entry["path"]
        for word in entry["words"]:
            assert word in str(problem)
        assert str(error).endswith(f"has 1 error; nothing was deployed.\n  {problem}")

    @pytest.mark.parametrize("entry", cases("allowed_topologies.yaml"))
    def test_no_mistake_loads(self, entry: dict[str, Any], root: Path) -> None:
        load_topology(changed(entry), names=NAMES, root=root)

    def test_every_line_says_what_to_do(self, root: Path) -> None:
        error = refusal(changed({"set": {"hub.environment.max_workers": 0}}), root)
        assert str(error.problems[0]) == (
            "hub.environment.max_workers: 0 is not allowed: 1 to 25; choose a count in this range"
        )


def test_the_page(hold_table: Callable[[Table], None], root: Path) -> None:
    rows = []
    for entry in entries("wrong_topologies.yaml"):
        (problem,) = refusal(changed(entry), root).problems
        sentence = str(problem).removeprefix(f"{dotted(problem.path)}: ")
        rows.append((_change(entry), f"`{dotted(problem.path)}`", sentence))
    hold_table(
        Table(
            name="configuration",
            title="Wrong configuration",
            text="""
The wrong topologies of `tests/components/topology/wrong_topologies.yaml`: each changes the
topology of `stacks/Pulumi.dev.yaml` in one way, and is refused with one error before anything is
registered. The sentence says the value, what is allowed, and what to do. Several mistakes are told
at once. Those of `allowed_topologies.yaml`, on the allowed side of each limit, load.
""",
            columns=["what is wrong", "path", "sentence"],
            rows=rows,
        )
    )


def _change(entry: dict[str, Any]) -> str:
    """What an entry does to the topology, as YAML would write it in one line."""
    parts = [f"remove {place}" for place in entry.get("remove", [])]
    for place, value in entry.get("set", {}).items():
        text = json.dumps(value, ensure_ascii=False, default=str)
        shown = text if len(text) <= 90 else f"{text[:90]}..."
        parts.append(f"{place}: {shown}")
    return f"`{'; '.join(parts)}`"


class TestSeveralMistakes:
    """All mistakes are told at once, whether of shape or of rule, in the order of their places."""

    def test_all_are_listed(self, root: Path) -> None:
        error = refusal(
            changed(
                {
                    "set": {
                        "accounts.central.id": 111111111111,
                        "hub.environment.max_workers": 0,
                        "hub.environment.schedulers": "3",
                        "hub.environmnt": {},
                        "data_pipelines.east1.region": 5,
                        "data_pipelines.east1.raw_key": "x",
                        "ml_pipelines.west2.source": "east",
                        "ml_pipelines.other": {"account": "analytics"},
                        "tags": {"project": "x"},
                    }
                }
            ),
            root,
        )
        assert [dotted(problem.path) for problem in error.problems] == [
            "accounts.central.id",
            "data_pipelines.east1.raw_key",
            "data_pipelines.east1.region",
            "hub.environment.max_workers",
            "hub.environment.schedulers",
            "hub.environmnt",
            "ml_pipelines.other.region",
            "ml_pipelines.other.source",
            "ml_pipelines.west2.source",
            "tags.project",
        ]
        lines = str(error).splitlines()
        assert lines[0] == "The topology has 10 errors; nothing was deployed."
        assert lines[1:] == [f"  {problem}" for problem in error.problems]

    @pytest.mark.parametrize(
        ("misshapen", "would_follow"),
        [
            ({"accounts.analytics.id": 5}, {"accounts.central.id": "111111111111"}),
            ({"accounts": 5}, {}),
            ({"hub": 5}, {"data_pipelines.east1.region": "cn-north-1"}),
            ({"hub.region": 5}, {"data_pipelines.east1.region": "cn-north-1"}),
            (
                {"accounts.central.id": 5},
                {"accounts.central.deploy_role_arn": "arn:aws:iam::999999999999:role/x"},
            ),
            ({"data_pipelines": 5}, {}),
            ({"data_pipelines.east1": 5}, {}),
            ({"hub.environment.max_workers": "5"}, {"hub.environment.min_workers": 20}),
            ({"hub.environment.class": 5}, {"hub.environment.schedulers": 1}),
            (
                {"hub.environment.airflow_version": 3.0},
                {"hub.environment.requirements_file": "folder/other.txt"},
            ),
            (
                {"ml_pipelines.west2.region": 5},
                {"ml_pipelines.west2.training.image": "1" * 12 + ".dkr.ecr.eu-west-1.x/y:1"},
            ),
            (
                {"ml_pipelines.west2.training.hyperparameters": 5},
                {},
            ),
            (
                {"hub.network.subnet_ids": 5},
                {
                    "hub.network.vpc_id": "vpc-11111111",
                    "hub.network.security_group_ids": ["sg-11111111"],
                },
            ),
        ],
    )
    def test_nothing_is_concluded_from_what_cannot_be_read(
        self, misshapen: dict[str, Any], would_follow: dict[str, Any], root: Path
    ) -> None:
        error = refusal(changed({"set": {**misshapen, **would_follow}}), root)
        assert {dotted(problem.path) for problem in error.problems} == set(misshapen)


class TestWhatIsNoTopology:
    """Whatever stands in a stack's configuration, the answer is a sentence."""

    def test_none(self, root: Path) -> None:
        assert "stack dev has no `unified-pipelines:topology`" in str(refusal(None, root))

    @pytest.mark.parametrize("value", [[], "topology", 5, True])
    def test_no_mapping(self, value: object, root: Path) -> None:
        assert "a mapping of keys to values" in str(refusal(value, root))

    def test_empty(self, root: Path) -> None:
        paths = [problem.path for problem in refusal({}, root).problems]
        assert paths == [("accounts",), ("data_pipelines",), ("hub",)]

    @given(
        place=st.sampled_from(
            [
                "accounts",
                "accounts.central",
                "accounts.central.id",
                "hub",
                "hub.environment",
                "hub.network.subnet_ids",
                "data_pipelines.east1.glue",
                "ml_pipelines.west2.training.hyperparameters",
                "ml_pipelines",
                "tags",
            ]
        ),
        value=st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.text(max_size=5) | st.integers() | st.none() | st.booleans(),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=8,
        ),
    )
    def test_anything_anywhere_loads_or_is_refused(self, place: str, value: object) -> None:
        topology = changed({"set": {place: value}})
        before = copy.deepcopy(topology)
        with contextlib.suppress(TopologyError):
            load_topology(topology, names=NAMES, root=HERE)
        assert repr(topology) == repr(before)


class TestValues:
    """What was written arrives as AWS takes it."""

    def test_numbers_and_truth_values_become_texts_as_json_writes_them(self, root: Path) -> None:
        written = {"a": 50, "b": 0.2, "c": True, "d": False, "e": "1e-5", "f": 1e-05, "g": -1}
        loaded = load_topology(
            changed(
                {
                    "set": {
                        "ml_pipelines.west2.training.hyperparameters": written,
                        "hub.environment.configuration_options": {
                            f"core.{key}": value for key, value in written.items()
                        },
                    }
                }
            ),
            names=NAMES,
            root=root,
        )
        texts = {
            "a": "50",
            "b": "0.2",
            "c": "true",
            "d": "false",
            "e": "1e-5",
            "f": "1e-05",
            "g": "-1",
        }
        assert loaded.ml_pipelines["west2"].training.hyperparameters == texts
        assert loaded.hub.environment.configuration_options == {
            f"core.{key}": text for key, text in texts.items()
        }

    def test_hyperparameters_are_counted_with_the_defaults(self, root: Path) -> None:
        place = "ml_pipelines.west2.training.hyperparameters"
        most = {f"p{number}": 1 for number in range(96)}
        load_topology(changed({"set": {place: most}}), names=NAMES, root=root)
        (problem,) = refusal(changed({"set": {place: {**most, "one": 1}}}), root).problems
        assert str(problem).startswith(f"{place}: 101 hyperparameters are not allowed: 100 ")

    @pytest.mark.parametrize(
        ("place", "longest"),
        [
            ("data_pipelines.east1.raw_key", "raw/" + "x" * 1020),
            ("data_pipelines.east1.label_column", "x" * 255),
            ("hub.environment.configuration_options", {"core.x": "x" * 65_536}),
            ("ml_pipelines.west2.training.hyperparameters", {"x" * 256: "y" * 2500}),
            ("tags", {"x" * 128: "y" * 256}),
            ("accounts.central.deploy_role_arn", "arn:aws:iam::111111111111:role/" + "x" * 64),
            ("permissions_boundary", "x" * 128),
            (
                "ml_pipelines.west2.training.image",
                "1" * 12 + ".dkr.ecr.us-west-2.amazonaws.com/" + "x" * 205 + ":1234",
            ),
        ],
    )
    def test_longest_texts(self, place: str, longest: Any, root: Path) -> None:
        load_topology(changed({"set": {place: longest}}), names=NAMES, root=root)
        if isinstance(longest, str):
            too_long: list[Any] = [longest + "x"]
        else:
            ((key, value),) = longest.items()
            too_long = [{key + "x": value}, {key: value + "x"}]
        if place.endswith("configuration_options"):
            too_long = too_long[1:]
        for value in too_long:
            (problem,) = refusal(changed({"set": {place: value}}), root).problems
            assert dotted(problem.path).startswith(place)
            assert len(str(problem)) < 1000


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
        assert {file.name for file in STACKS.iterdir()} == {
            "Pulumi.dev.yaml",
            "Pulumi.local.yaml",
            "Pulumi.prod.yaml",
        }

    def test_local_and_dev_have_one_shape(self) -> None:
        local, dev = stack_topology("local"), stack_topology("dev")
        del local["ml_pipelines"]["west2"]["training"]
        assert local == dev

    def test_prod_protects_its_data_and_spans_accounts_and_regions(self) -> None:
        prod = load_topology(stack_topology("prod"), names=NAMES, root=STACKS.parent)
        assert prod.protect_data
        assert prod.permissions_boundary
        assert all(account.deploy_role_arn for account in prod.accounts.values())
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


@given(topologies())
def test_random_topologies_load(value: dict[str, Any]) -> None:
    loaded = load_topology(value, names=NAMES, root=HERE)
    assert isinstance(loaded, Topology)
    assert list(loaded.data_pipelines) == list(value["data_pipelines"])
    assert list(loaded.ml_pipelines) == list(value["ml_pipelines"])
