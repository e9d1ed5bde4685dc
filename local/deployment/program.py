"""Evaluates the Pulumi program, exactly as it stands, against the local AWS."""

from __future__ import annotations

import asyncio
import contextvars
import runpy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.stack import run_pulumi_func

from local.deployment.creation import Existing
from local.deployment.errors import DeploymentError
from local.deployment.monitor import AwsMonitor, OnCreated
from local.deployment.stack_file import Stack
from local.deployment.stopping import Stop

_REGISTRATIONS_AT_ONCE = 16
"""Registrations wait for answers of the API; the environment holds one of them all along."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What was deployed; `existing` is in the order of creation."""

    outputs: dict[str, Any]
    """The plain stack outputs."""

    existing: Sequence[Existing]


def deploy(
    program: Path, stack: Stack, endpoint: str, on_created: OnCreated, stop: Stop
) -> Deployment:
    """Create everything that the file `program` registers.

    Raises DeploymentError with the first failure or what the program refuses, StoppedError once
    `stop` is requested, or whatever else the program raises.
    """
    config = {**stack.config, f"{stack.project}:endpoint": endpoint}
    monitor = AwsMonitor(on_created, stop)
    outputs = evaluate(lambda: _run(program), Stack(stack.project, stack.name, config), monitor)
    return Deployment(outputs=outputs, existing=monitor.existing)


def evaluate(program: Callable[[], object], stack: Stack, monitor: AwsMonitor) -> dict[str, Any]:
    """Run `program` as a Pulumi program whose engine is `monitor`; the plain stack outputs."""
    # A context of its own: the SDK keeps the running stack in context variables.
    return contextvars.copy_context().run(_evaluate, program, stack, monitor)


def _evaluate(program: Callable[[], object], stack: Stack, monitor: AwsMonitor) -> dict[str, Any]:
    # The loop has to be there before the monitor is set, which makes the root stack in it.
    loop = asyncio.new_event_loop()
    # The first error is raised; the loop would print it again for every resource that waited.
    loop.set_exception_handler(lambda *_: None)
    loop.set_default_executor(ThreadPoolExecutor(_REGISTRATIONS_AT_ONCE, "registration"))
    asyncio.set_event_loop(loop)
    try:
        settings.reset_options(project=stack.project, stack=stack.name, preview=False)
        set_all_config(dict(stack.config), [])
        mocks.set_mocks(
            monitor.mocks, project=stack.project, stack=stack.name, preview=False, monitor=monitor
        )
        loop.run_until_complete(run_pulumi_func(lambda: _only(program)))
        return loop.run_until_complete(_outputs())
    except Exception as error:
        monitor.stop.request()
        # Whatever still waited ended with an error of its own; the first one is the cause.
        if monitor.failure:
            raise monitor.failure from None
        if isinstance(error, pulumi.RunError):
            raise DeploymentError(str(error)) from error
        raise
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        asyncio.set_event_loop(None)


def _only(program: Callable[[], object]) -> None:
    """Run `program` for its effect: what it returns, such as a resource, isn't waited for."""
    program()


def _run(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


async def _outputs() -> dict[str, Any]:
    exported = getattr(settings.get_root_resource(), "outputs", {})
    resolved = await pulumi.Output.from_input(exported).future()
    return dict(resolved or {})
