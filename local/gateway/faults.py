"""Faults on request: answers that don't come, replicas that are late.

`PUT /_local/faults` sets what holds from now on, `GET` tells it. Other faults need nothing here: a
right is taken away through IAM, a process is stopped or killed by its id.
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

PATH = "/_local/faults"


class FaultError(ValueError):
    """A request that sets no known fault; the message says what is allowed."""


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What is held back for as long as it is listed; patterns as the shell writes them."""

    hold_answers: tuple[str, ...] = ()
    """Calls, as `name_of` names them: carried out, but their answers stay away."""

    hold_replicas: tuple[str, ...] = ()
    """Keys of objects, which stay PENDING."""


_NAMES = tuple(field.name for field in fields(Faults))

_current = Faults()
_changed = asyncio.Event()
"""Set when other faults come into force; each of them has an event of its own."""


def read(content: object) -> Faults:
    """The faults that a request asks for; what it leaves out isn't held any more."""
    if not isinstance(content, dict) or not set(content) <= set(_NAMES):
        message = f"{content!r} is not allowed: an object with {', '.join(_NAMES)}"
        raise FaultError(message)
    for name, patterns in content.items():
        if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
            message = f"{name} is {patterns!r}, but must be a list of patterns"
            raise FaultError(message)
    return Faults(**{name: tuple(patterns) for name, patterns in content.items()})


def name_of(method: str, path: str, target: str | None) -> str:
    """A call as patterns name it: `AWSGlue.StartJobRun`, or else `POST /bucket/key`."""
    return target or f"{method} {path}"


def replica_is_held(key: str) -> bool:
    """Whether the object `key` isn't to be replicated yet."""
    return _matches(key, _current.hold_replicas)


def _answer_is_held(name: str) -> bool:
    return _matches(name, _current.hold_answers)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def holding(name: str, send: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    """`send`, which waits for as long as the answers to the call `name` are held."""

    async def sending(event: Any) -> None:
        while event["type"] == "http.response.start" and _answer_is_held(name):
            await _changed.wait()
        await send(event)

    return sending


async def serve(method: str, receive: Callable[[], Awaitable[Any]]) -> tuple[int, dict[str, Any]]:
    """Answer a request to `PATH`: its status and its content."""
    if method == "PUT":
        try:
            _set(read(json.loads(await _body(receive))))
        except ValueError as error:
            return 400, {"message": str(error)}
    return 200, asdict(_current)


def _set(faults: Faults) -> None:
    global _current, _changed
    before, _current, _changed = _changed, faults, asyncio.Event()
    before.set()


async def _body(receive: Callable[[], Awaitable[Any]]) -> bytes:
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    return body
