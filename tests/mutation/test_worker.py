"""A worker on a project of its own: what it notices, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mutation.mutating import Mutant, mutants_of
from mutation.scope import ROOT

pytestmark = pytest.mark.costly

SHOP = """
LARGEST = 3

def price(number):
    if number > LARGEST:
        raise ValueError("too many")
    while number > 2:
        number -= 1
    return number * 10
"""

TESTS = """
import shop

def test_a_price():
    assert shop.price(2) == 20

def test_the_largest():
    assert shop.LARGEST == 3
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / "shop.py").write_text(SHOP, encoding="utf-8")
    (folder / "test_shop.py").write_text(TESTS, encoding="utf-8")
    return folder


def tried(
    project: Path, mutants: list[Mutant], *, longest: float = 300, module: str = "shop"
) -> subprocess.CompletedProcess[str]:
    job = {
        "arguments": ["-s", "-p", "no:cacheprovider"],
        "own": ["shop", "test_shop"],
        "patience": 1,
        "longest": longest,
        "rehearsed": [""],
        "mutants": [
            {
                "number": number,
                "module": module,
                "body_of": mutant.body_of,
                "source": mutant.source,
                "tests": ["test_shop.py"],
            }
            for number, mutant in enumerate(mutants)
        ],
    }
    return subprocess.run(
        [sys.executable, "-m", "mutation.worker"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:.", "PYTHONDONTWRITEBYTECODE": "1"},
        input=json.dumps(job) + "\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_tested_is_noticed_and_the_rest_survives(project: Path) -> None:
    mutants = mutants_of(project, "shop.py")
    done = tried(project, mutants)
    assert done.returncode == 0, done.stderr
    answers = {answer["number"]: answer for answer in map(json.loads, done.stdout.splitlines())}
    assert sorted(answers) == list(range(len(mutants)))
    noticed = {
        (each.before, each.after)
        for number, each in enumerate(mutants)
        if answers[number]["noticed"]
    }
    # In a function, and in what is imported.
    assert ("return number * 10", "return number / 10") in noticed
    assert ("LARGEST = 3", "LARGEST = 4") in noticed
    # No test asks for more than three, or tells what is said then.
    survived = {(each.before, each.after) for each in mutants} - noticed
    assert ('raise ValueError("too many")', "raise ValueError(None)") in survived
    assert ("number -= 1", "number = 1") in survived


LOADED_BY_THE_TESTS = """
import importlib.util

spec = importlib.util.spec_from_file_location("shop_of_the_tests", "shop.py")
shop = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shop)

def test_a_price():
    assert shop.price(2) == 20
"""
FREEZING = """
import gc

def pytest_collection_finish():
    gc.freeze()
"""


def test_a_function_is_found_though_the_tests_load_it_themselves_and_freeze_it(
    project: Path,
) -> None:
    (project / "test_shop.py").write_text(LOADED_BY_THE_TESTS, encoding="utf-8")
    (project / "conftest.py").write_text(FREEZING, encoding="utf-8")
    mutants = [one for one in mutants_of(project, "shop.py") if one.after == "return number / 10"]
    done = tried(project, mutants, module="shop_of_the_tests")
    assert all(json.loads(line)["noticed"] for line in done.stdout.splitlines())
    assert len(done.stdout.splitlines()) == len(mutants) == 1


def test_no_file_is_changed(project: Path) -> None:
    tried(project, mutants_of(project, "shop.py"))
    assert {file.name for file in project.iterdir()} == {"shop.py", "test_shop.py"}
    assert (project / "shop.py").read_text(encoding="utf-8") == SHOP


def test_nothing_follows_from_tests_that_fail_anyway(project: Path) -> None:
    (project / "test_shop.py").write_text("def test(): assert False", encoding="utf-8")
    done = tried(project, mutants_of(project, "shop.py"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "These tests fail without a mutant: test_shop.py" in done.stderr


def test_a_mutant_that_never_ends_is_noticed(project: Path) -> None:
    (project / "test_shop.py").write_text(
        TESTS + "\ndef test_three():\n    assert shop.price(3) == 20\n", encoding="utf-8"
    )
    (endless,) = [each for each in mutants_of(project, "shop.py") if each.after == "number += 1"]
    done = tried(project, [endless])
    assert json.loads(done.stdout) == {"number": 0, "noticed": True}


def test_a_mutant_that_waits_for_ever_is_noticed(project: Path) -> None:
    """It uses no processor time, so the clock has to end it."""
    (project / "shop.py").write_text(
        "import threading\n\ndef price(number):\n    threading.Event().wait(0)\n    return 20\n"
        "\nLARGEST = 3\n",
        encoding="utf-8",
    )
    (waiting,) = [each for each in mutants_of(project, "shop.py") if "wait(None)" in each.after]
    done = tried(project, [waiting], longest=3)
    assert json.loads(done.stdout) == {"number": 0, "noticed": True}
