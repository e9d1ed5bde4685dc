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
from pulumi.runtime import mocks, resource, settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.stack import run_pulumi_func

from local.deployment.creation import Existing
from local.deployment.errors import DeploymentError
from local.deployment.monitor import AwsMonitor, OnCreated
from local.deployment.removal import remove
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
    stack: Stack
    endpoint: str


def deploy(
    program: Path, stack: Stack, endpoint: str, on_created: OnCreated, stop: Stop
) -> Deployment:
    """Create everything that the file `program` registers.

    Raises DeploymentError with the first failure or what the program refuses, StoppedError once
    `stop` is requested, or whatever else the program raises.
    """
    return _deployed(program, stack, endpoint, AwsMonitor(on_created, stop))


def change(program: Path, deployment: Deployment, stack: Stack, stop: Stop) -> Deployment:
    """Evaluate `program` again with a changed `stack`: create, update and remove what differs.

    Raises as `deploy` does, and DeploymentError for an update that a local deployment doesn't know.
    """
    monitor = AwsMonitor(lambda *_: None, stop, deployment.existing)
    changed = _deployed(program, stack, deployment.endpoint, monitor)
    urns = {each.registration.urn for each in changed.existing}
    gone = [each for each in deployment.existing if each.registration.urn not in urns]
    remove(gone, lambda: None, stop)
    return changed


def _deployed(program: Path, stack: Stack, endpoint: str, monitor: AwsMonitor) -> Deployment:
    config = {**stack.config, f"{stack.project}:endpoint": endpoint}
    configured = Stack(stack.project, stack.name, config)
    outputs = evaluate(lambda: _run(program), configured, monitor)
    return Deployment(outputs=outputs, existing=monitor.existing, stack=stack, endpoint=endpoint)


def evaluate(program: Callable[[], object], stack: Stack, monitor: AwsMonitor) -> dict[str, Any]:
    """Run `program` as a Pulumi program whose engine is `monitor`; the plain stack outputs."""
    # A context of its own: the SDK keeps the running stack in context variables.
    return contextvars.copy_context().run(_evaluate, program, stack, monitor)


def skip_stack_traces() -> None:
    """Register without the place in the source, which took a fifth of an evaluation's time."""
    resource._get_stack_trace = source_pb2.StackTrace  # noqa: SLF001 (there is no public way)


def _evaluate(program: Callable[[], object], stack: Stack, monitor: AwsMonitor) -> dict[str, Any]:
    skip_stack_traces()
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
