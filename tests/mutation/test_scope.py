"""No module of the kind that has to be tried is left out, and every named test is there."""

from __future__ import annotations

import pytest

from mutation.scope import AREAS, DAGS, MANIFEST, POLICIES, ROOT, TOPOLOGY, Area


@pytest.mark.parametrize(
    ("area", "patterns"),
    [
        (TOPOLOGY, ["components/topology*.py", "components/topology_rules/*.py"]),
        (POLICIES, ["components/iam_*.py"]),
        (DAGS, ["dags/cross_account/*.py"]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_module_is_tried(area: Area, patterns: list[str]) -> None:
    files = {file for pattern in patterns for file in ROOT.glob(pattern)}
    modules = {str(file.relative_to(ROOT)) for file in files if file.name != "__init__.py"}
    assert modules <= area.tests.keys(), "add it to mutation/scope.py with its tests"


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_every_name_is_a_file(area: Area) -> None:
    for path, tests in area.tests.items():
        assert (ROOT / path).is_file()
        assert tests
        for test in tests:
            assert (ROOT / test.split("::")[0]).is_file()


def test_modules_are_called_as_the_tests_import_them() -> None:
    assert TOPOLOGY.module("components/topology_rules/tags.py") == "components.topology_rules.tags"
    assert DAGS.module("dags/cross_account/run.py") == "cross_account.run"
    assert MANIFEST.module("workloads/glue/mwaa_glue_raw_to_transform.py") == (
        "glue_script_under_test"
    )


def test_an_area_may_be_a_part_of_a_module() -> None:
    assert MANIFEST.includes("publish.copy")
    assert not MANIFEST.includes("transform")
    assert TOPOLOGY.includes("anything")
