"""Pulumi's hooks around an update of the environment; previews, creations and mocks call none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi

from components.hub.drain import Drain

_WITHOUT_RESTART = frozenset({"maxWorkers", "tags", "tagsAll", "__defaults"})
"""Inputs whose change leaves the workers running; the last is the provider's own note."""


def update_hooks(name: str, drain: Drain) -> pulumi.ResourceHookBinding:
    """Drain the environment before an update that restarts workers, unpause its DAGs after any."""

    async def before(args: pulumi.ResourceHookArgs) -> None:
        if await restarts_workers(args.old_inputs or {}, args.new_inputs or {}):
            await asyncio.to_thread(drain.before_update)

    async def after(_args: pulumi.ResourceHookArgs) -> None:
        await asyncio.to_thread(drain.unpause)

    async def failed(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation == "update":
            await asyncio.to_thread(drain.after_failure)
        return False

    return pulumi.ResourceHookBinding(
        before_update=[pulumi.ResourceHook(f"{name}-drain", before)],
        after_update=[pulumi.ResourceHook(f"{name}-unpause", after)],
        on_error=[pulumi.ErrorHook(f"{name}-failed", failed)],
    )


async def restarts_workers(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether an update between these inputs restarts the environment's workers."""
    # A secret input is an Output, and a new one each time.
    before = await pulumi.Output.from_input(dict(old)).future() or {}
    after = await pulumi.Output.from_input(dict(new)).future() or {}
    compared = {*before, *after} - _WITHOUT_RESTART
    return any(before.get(key) != after.get(key) for key in compared)
