"""`python -m local run` and `python -m local stop`: what they do, and their exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from local.deployment.errors import DeploymentError
from local.deployment.stopping import StoppedError
from local.run.ending import change_stack, remove_stack
from local.run.errors import RunError, UsageError
from local.run.flow import LocalRun, Outcome
from local.run.installation import install
from local.run.interruption import Interruption, interruptible
from local.run.leftovers import end_leftovers, running_endpoint
from local.run.live import shown
from local.run.lock import locked
from local.run.options import Options, read_options
from local.run.output import say
from local.run.preparation import Prepared, clear, prepare
from local.run.report import (
    print_failures,
    print_half_kept,
    print_kept,
    print_report,
    write_summary,
)
from local.run.report_page import write_page
from local.run.run_directory import RunDirectory
from local.run.stop_command import stop
from local.run.surroundings import isolate

_FAILED = 1
_UNUSABLE = 2
_PLAIN_WIDTH = 140
"""Columns where the output isn't a terminal's: nothing is cut off."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; the exit status."""
    try:
        options = read_options(arguments, os.environ)
        if isinstance(options, Options):
            return run(options)
        stop(RunDirectory(options.directory))
    except UsageError as error:
        return _say(error, _UNUSABLE)
    except RunError as error:
        return _say(error, _FAILED)
    return 0


def run(options: Options) -> int:
    """The whole local run; nothing is left running at its end, unless it is to be kept."""
    run_directory = RunDirectory(options.directory)
    console = Console(width=None if sys.stdout.isatty() else _PLAIN_WIDTH)
    with interruptible() as interruption:
        prepared = prepare(options)
        with locked(run_directory):
            return _run(options, prepared, run_directory, console, interruption)


def _run(
    options: Options,
    prepared: Prepared,
    run_directory: RunDirectory,
    console: Console,
    interruption: Interruption,
) -> int:
    if end_leftovers(run_directory):
        say("ended what an earlier run had left running", sys.stdout)
    keep = False
    try:
        status = _attempt(options, prepared, run_directory, console, interruption)
        keep = options.keep
    except StoppedError:
        status = _FAILED
    except (BotoCoreError, ClientError, DeploymentError, RunError) as error:
        status = _say(error, _FAILED)
        keep = options.keep
        endpoint = running_endpoint(run_directory)
        if keep and endpoint is not None:
            print_half_kept(console, endpoint)
    finally:
        if interruption.exit_status is not None:
            say("interrupted: ending everything", sys.stderr)
        if not keep or interruption.exit_status is not None:
            end_leftovers(run_directory)
    return interruption.exit_status or status


def _attempt(
    options: Options,
    prepared: Prepared,
    run_directory: RunDirectory,
    console: Console,
    interruption: Interruption,
) -> int:
    interruption.stop.check()
    clear(run_directory)
    install(prepared.plan.airflow_version, interruption.stop)
    isolate()
    with shown(console) as progress:
        local_run = LocalRun(
            options=options,
            stack=prepared.stack,
            plan=prepared.plan,
            run_directory=run_directory,
            progress=progress,
            stop=interruption.stop,
        )
        outcome = local_run.go()
    print_report(console, prepared.plan, progress, outcome.flow, outcome.results)
    write_summary(run_directory, progress, outcome)
    problem = write_page(run_directory, outcome.flow, interruption.stop)
    if problem is not None:
        say(f"local run: {run_directory.page} isn't written: {problem}", sys.stderr)
    status = _conclude(options, prepared, run_directory, console, outcome)
    if status == 0 and not options.keep:
        with shown(console, before=progress.elapsed()) as ending:
            changed = change_stack(outcome.deployment, ending, interruption.stop)
            remove_stack(changed.existing, run_directory, ending, interruption.stop)
    return status


def _conclude(
    options: Options,
    prepared: Prepared,
    run_directory: RunDirectory,
    console: Console,
    outcome: Outcome,
) -> int:
    if options.keep:
        print_kept(console, prepared.plan, outcome)
    failed = [run.dag_id for run in outcome.flow.runs if run.state != "success"]
    if failed:
        print_failures(console, run_directory, outcome)
        return _say(RunError(f"{', '.join(failed)} failed"), _FAILED)
    say(f"The results are in {run_directory.result}", sys.stdout)
    return 0


def _say(error: Exception, status: int) -> int:
    say(f"local run: {error}", sys.stderr)
    return status
