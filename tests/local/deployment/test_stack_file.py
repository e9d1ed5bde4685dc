"""Reading a stack's configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.deployment.errors import DeploymentError
from local.deployment.stack_file import read_stack


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: some-project\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.dev.yaml").write_text(
        'config:\n  some-project:text: plain\n  some-project:topology: {a: {id: "0012"}, n: 1}\n'
    )
    return tmp_path


def test_values_are_text_and_structures_are_json(checkout: Path) -> None:
    stack = read_stack(checkout, "dev")

    assert (stack.project, stack.name) == ("some-project", "dev")
    assert stack.config["some-project:text"] == "plain"
    assert json.loads(stack.config["some-project:topology"]) == {"a": {"id": "0012"}, "n": 1}


def test_what_an_anchor_brings_may_be_overridden(checkout: Path) -> None:
    (checkout / "stacks" / "Pulumi.dev.yaml").write_text(
        "config:\n  p:a: &usual {x: 1, y: 2}\n  p:b: {<<: *usual, y: 3}\n"
    )

    assert json.loads(read_stack(checkout, "dev").config["p:b"]) == {"x": 1, "y": 3}


def test_a_stack_may_have_no_configuration(checkout: Path) -> None:
    (checkout / "stacks" / "Pulumi.dev.yaml").write_text("config:\n")

    assert read_stack(checkout, "dev").config == {}


def test_any_file_can_be_a_stack(checkout: Path, tmp_path: Path) -> None:
    path = tmp_path / "my own.yaml"
    path.write_text("config: {}\n")

    assert read_stack(checkout, str(path)).name == "my own"


@pytest.mark.parametrize(
    ("stack", "content", "message"),
    [
        ("prod", None, "no stack prod: there are dev in stacks/"),
        ("/nowhere/x.yaml", None, "no stack file /nowhere/x.yaml"),
        ("broken", "a: [", "isn't YAML"),
        ("broken", "- a", "holds no mapping"),
        ("broken", "config:\n\tp:a: b", "isn't YAML"),
        ("broken", "config:\n  p:a: &a [*a]", "p:a holds itself by an alias; write it out"),
        ("broken", "config: {p:a: 2026-13-01}", "isn't YAML: month must be in 1..12"),
        (
            "broken",
            "config: [1]",
            "`config` holds no mapping of keys to values: write `some-project:topology:`",
        ),
        ("broken", "config: ''", "`config` holds no mapping"),
        ("broken", "config: {p:a: {secure: xyz}}", "p:a is encrypted"),
        (
            "broken",
            "config:\n  p:a:\n    x: [{y: 1, y: 2}]\n    z: 3\n    x: 4\n",
            r"a key twice, .* too: y \(line 3\), x \(line 5\); remove one",
        ),
    ],
)
def test_what_cannot_be_used_is_said(
    checkout: Path, stack: str, content: str | None, message: str
) -> None:
    if content is not None:
        (checkout / "stacks" / f"Pulumi.{stack}.yaml").write_text(content)

    with pytest.raises(DeploymentError, match=message):
        read_stack(checkout, stack)


def test_a_file_in_another_encoding_is_named(checkout: Path) -> None:
    path = checkout / "stacks" / "Pulumi.broken.yaml"
    path.write_text("config: {}\n", encoding="utf-16")

    with pytest.raises(DeploymentError, match=r"Pulumi\.broken\.yaml isn't UTF-8: .*; save it as"):
        read_stack(checkout, "broken")


def test_an_alias_is_looked_at_once(checkout: Path) -> None:
    levels = "".join(f"  p:{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 5))
    (checkout / "stacks" / "Pulumi.deep.yaml").write_text(
        f"config:\n  p:0: &l0 {{a: 1, a: 2}}\n{levels}"
    )

    with pytest.raises(DeploymentError, match=r"too: a \(line 2\); remove"):
        read_stack(checkout, "deep")
