"""The command as a process: Ctrl-C before anything has begun."""

from __future__ import annotations

import runpy
import sys
from types import ModuleType

import pytest


class _Interrupted(ModuleType):
    """A module during whose import Ctrl-C is pressed."""

    def __getattr__(self, name: str) -> object:
        if name == "main":
            raise KeyboardInterrupt
        raise AttributeError(name)


def _interrupt(_arguments: list[str]) -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize("while_", ["it is imported", "it runs"])
def test_an_early_interruption_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], while_: str
) -> None:
    module = _Interrupted("local.run.command")
    if while_ == "it runs":
        module.main = _interrupt  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "local.run.command", module)

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("local", run_name="__main__")

    assert ended.value.code == 130
    assert capsys.readouterr().err == "local run: interrupted\n"
