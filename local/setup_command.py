"""The command line of `local/bootstrap.py`."""

from __future__ import annotations

import argparse
import os
import sys

from local.run.errors import UsageError
from local.run.options import read_options
from local.setup.environments import AirflowEnvironment
from local.setup.installing import Installation
from local.setup.jars import SparkJars
from local.setup.lock import write_locks
from local.setup.prerequisites import check_prerequisites
from local.setup.problem import SetupProblem
from local.setup.processes import exclusive, run_until_signalled

_FAILED = 1
_UNUSABLE = 2
_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit status."""
    given = _parser().parse_args(arguments)
    try:
        if given.command == "check-run":
            read_options(["run"], os.environ)
        check_prerequisites()
        if given.command == "install":
            _install(given)
        elif given.command == "lock":
            _lock(upgrade=given.upgrade)
    except UsageError as error:
        print(f"local run: {error}", file=sys.stderr)
        return _UNUSABLE
    except SetupProblem as problem:
        print(f"setup: {problem}", file=sys.stderr)
        return _FAILED
    except KeyboardInterrupt:
        print("setup: interrupted; the next call makes again what is unfinished", file=sys.stderr)
        return _INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 local/bootstrap.py")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check-run", help="check STACK, DATA, KEEP and this machine")
    install = commands.add_parser("install", help="make .venv, and what else is named")
    install.add_argument("--spark", action="store_true", help="the jars that Spark needs for S3")
    for option, meaning in (
        ("--airflow", "one environment per version"),
        ("--if-possible", "the same, but left out where no Python of this machine runs it"),
    ):
        install.add_argument(option, nargs="+", default=[], metavar="VERSION", help=meaning)
    lock = commands.add_parser("lock", help="write the lock files again from requirements/*.in")
    lock.add_argument("--upgrade", action="store_true", help="take newer versions")
    return parser


def _install(given: argparse.Namespace) -> None:
    Installation(
        jars=SparkJars() if given.spark else None,
        airflows=tuple(map(AirflowEnvironment, given.airflow)),
        optional_airflows=tuple(map(AirflowEnvironment, given.if_possible)),
    ).make()


def _lock(*, upgrade: bool) -> None:
    Installation().make()
    with exclusive():
        run_until_signalled(write_locks(upgrade=upgrade))
