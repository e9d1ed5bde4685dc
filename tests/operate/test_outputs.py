"""What names a stack, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from operate.errors import OperateError, UsageError
from operate.outputs import Stack, read_target
from tests.mocks import stack_as_it_is
from tests.operate.answers import OUTPUTS


def file_with(content: Any, folder: Path) -> Path:
    file = folder / "outputs.json"
    file.write_text(json.dumps(content))
    return file


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_program_exports_what_the_commands_need(stack: str) -> None:
    outputs = Stack.model_validate(stack_as_it_is(stack).stack_outputs())

    used = {each.account_id for each in outputs.data_pipelines.values()}
    used |= {each.account_id for each in outputs.ml_pipelines.values()}
    assert used | {outputs.hub_account_id} <= set(outputs.operator_role_arns)


def test_a_file_holds_the_outputs_or_a_local_runs_summary(tmp_path: Path) -> None:
    of_pulumi = read_target(None, file_with(OUTPUTS, tmp_path), local=False)
    summary = {"endpoint": "http://127.0.0.1:1", "outputs": OUTPUTS, "task_logs": str(tmp_path)}
    of_local_run = read_target(None, file_with(summary, tmp_path), local=False)

    assert of_pulumi.endpoint is None
    assert of_local_run.endpoint == "http://127.0.0.1:1"
    assert of_local_run.task_logs == tmp_path
    assert of_pulumi.outputs == of_local_run.outputs == Stack.model_validate(OUTPUTS)


def test_a_stack_of_an_earlier_version_has_to_be_deployed_again(tmp_path: Path) -> None:
    earlier = {name: value for name, value in OUTPUTS.items() if name != "hub_region"}

    with pytest.raises(OperateError, match=r"outputs\.hub_region.*deploy the stack"):
        read_target(None, file_with(earlier, tmp_path), local=False)


def test_one_stack_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give one of them"):
        read_target("dev", tmp_path, local=False)


def test_a_missing_file_is_a_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing\.json can't be read"):
        read_target(None, tmp_path / "nothing.json", local=False)


def pulumi_that(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of the name `pulumi` as the only one."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_pulumi_is_asked_for_the_named_stack_or_for_the_selected_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = json.dumps({**OUTPUTS, "environment_name": "$*"}).replace('"', '\\"')
    pulumi_that(f'echo "{given}"', tmp_path, monkeypatch)

    asked = [read_target(each, None, local=False).outputs for each in ("dev", None)]

    assert [each.environment_name for each in asked] == [
        "stack output --json --stack dev",
        "stack output --json",
    ]


def test_what_pulumi_refuses_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi_that("echo 'error: no stack named nothing' >&2; exit 255", tmp_path, monkeypatch)

    with pytest.raises(OperateError, match="no stack named nothing"):
        read_target("nothing", None, local=False)


def test_without_pulumi_the_other_ways_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(OperateError, match="give --outputs or --local"):
        read_target("dev", None, local=False)
