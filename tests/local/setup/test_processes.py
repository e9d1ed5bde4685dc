"""What the set-up's own programs get from its surroundings, and how they end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from local.setup import processes
from local.setup.paths import ROOT
from local.setup.problem import SetupProblem
from local.setup.processes import exclusive, run

ENVIRONMENT = "import os; print(*sorted(os.environ), sep='\\n')"
FAILURE = "for number in range(40): print('line', number)\nraise SystemExit(3)"
_SET_UP = """
import sys
from local.setup.processes import run, run_until_signalled
child = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
command = [sys.executable, "-c", f"import os; os.dup2(2, 1); {child}"]
try:
    run_until_signalled(run(command, what="Sleeping"))
except KeyboardInterrupt:
    raise SystemExit(130)
"""


# A terminal starts `make local` like this.
_SIGINT_HANDLED = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
# A shell script starts `make local &` like this.
_SIGINT_IGNORED = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"


def printed(*command: str) -> str:
    return asyncio.run(run(command, what="Printing"))


def test_what_it_printed_is_returned() -> None:
    assert printed(sys.executable, "-c", "print('done')") == "done\n"


def test_a_caller_s_environment_stays_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    names = set(printed(sys.executable, "-c", ENVIRONMENT).split())
    assert names.isdisjoint({"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX"})
    assert {"HTTPS_PROXY", "PATH"} <= names


def test_pyenv_s_pythons_come_before_its_shims(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "versions" / "3.12.4" / "bin"
    folder.mkdir(parents=True)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    before = os.environ["PATH"]
    path = printed(sys.executable, "-c", "import os; print(os.environ['PATH'])").strip()
    assert path == f"{folder}{os.pathsep}{before}"


def test_a_failure_has_what_failed_a_hint_and_the_last_words() -> None:
    with pytest.raises(SetupProblem) as problem:
        asyncio.run(run([sys.executable, "-c", FAILURE], what="Counting", hint="Count better."))
    first, *lines = str(problem.value).splitlines()
    assert first == "Counting failed with status 3. Count better."
    assert [line.strip() for line in lines] == [f"line {number}" for number in range(15, 40)]


@pytest.mark.parametrize(
    ("before", "number"),
    [
        (_SIGINT_HANDLED, signal.SIGINT),
        (_SIGINT_HANDLED, signal.SIGTERM),
        (_SIGINT_IGNORED, signal.SIGTERM),
    ],
)
def test_a_signal_ends_what_was_started(before: str, number: signal.Signals) -> None:
    """The child holds a pipe of this test's: the pipe ends when the child has ended."""
    reading, writing = os.pipe()
    source = before + _SET_UP.replace("dup2(2, 1)", f"dup2({writing}, 1)")
    os.set_inheritable(writing, True)  # noqa: FBT003
    set_up = subprocess.Popen([sys.executable, "-c", source], cwd=ROOT, close_fds=False)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:  # noqa: PTH123 (a descriptor)
        assert int(pipe.readline()) > 0
        set_up.send_signal(number)
        assert set_up.wait(60) == 130
        assert pipe.read() == ""


def test_a_second_set_up_waits_for_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STATE", tmp_path / "state")
    said_so, order = threading.Event(), []
    monkeypatch.setattr("builtins.print", lambda *_, **__: said_so.set())

    def second() -> None:
        with exclusive():
            order.append("second")

    waiting = threading.Thread(target=second)
    with exclusive():
        waiting.start()
        assert said_so.wait(60)
        order.append("first")
    waiting.join(60)
    assert order == ["first", "second"]
