"""The page of faults shows what tests verify, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local.fault_rows import FAULTS, Fault
from tests.verification import Table

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "faults.md"

TEXT = """
Each fault is played in a local run, with the real scheduler, by the test named; that test holds the
run to everything else in its row: the states of both DAG runs, every job that was started for the
run with the state it ended in, and where each row of the raw file is, counted again.
[faults.md](../faults.md) says how each is played and what to do, and describes those that only an
account can play.
"""


def functions(file: str) -> dict[str, ast.FunctionDef]:
    """The functions of a module of tests, by name."""
    module = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}


def is_called(name: str, within: ast.FunctionDef) -> bool:
    calls = [node.func for node in ast.walk(within) if isinstance(node, ast.Call)]
    return any(isinstance(call, ast.Name) and call.id == name for call in calls)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.fault)
class TestRows:
    """Its test is there, asks for the row, and holds its run to it."""

    def test_a_test_verifies_it(self, fault: Fault) -> None:
        file, _, name = fault.test.partition("::")
        test = functions(file)[name]

        asked = {argument.arg for argument in test.args.args}
        assert asked & {"fault", "faults"}
        assert is_called("verify", test)

    def test_the_page_of_faults_names_it(self, fault: Fault) -> None:
        assert f"`{fault.test.partition('::')[2]}`" in PAGE.read_text(encoding="utf-8")


def test_no_fault_has_two_rows() -> None:
    assert len({fault.fault for fault in FAULTS}) == len(FAULTS)


def test_the_table(hold_table: Callable[[Table], None]) -> None:
    hold_table(
        Table(
            name="faults",
            title="What a fault leaves behind",
            text=TEXT,
            columns=["fault", "played by", "outcome", "jobs started", "data"],
            rows=[
                (
                    fault.fault,
                    f"`{fault.test.replace('::', '`, `')}`",
                    fault.outcome,
                    fault.jobs,
                    fault.data.value,
                )
                for fault in FAULTS
            ],
        )
    )
