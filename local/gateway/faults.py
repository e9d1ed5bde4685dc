"""Faults that a test sets: responses that don't come, replicas that are late.

`PUT /_local/faults` sets the faults from now on, `GET` returns them. Other faults need nothing
here: a permission is removed through IAM, a process is stopped or killed by its id.
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
    """The request sets no known fault; the message says what is expected."""


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What is held back for as long as it is listed, as the shell's patterns."""

    hold_answers: tuple[str, ...] = ()
    """Calls, as `name_of` names them: they are carried out, but their responses are held back."""

    hold_replicas: tuple[str, ...] = ()
    """Keys of objects whose replication stays PENDING."""


_NAMES = tuple(field.name for field in fields(Faults))

_current = Faults()
_changed = asyncio.Event()
"""Set when other faults are set; each setting has an event of its own."""


def read(content: object) -> Faults:
    """The faults that a request sets; what it leaves out is no longer held."""
    if not isinstance(content, dict) or not set(content) <= set(_NAMES):
        message = f"expected an object with {', '.join(_NAMES)}, got {content!r}"
        raise FaultError(message)
    for name, patterns in content.items():
        if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
            message = f"{name}: expected a list of patterns, got {patterns!r}"
            raise FaultError(message)
    return Faults(**{name: tuple(patterns) for name, patterns in content.items()})


def name_of(method: str, path: str, target: str | None) -> str:
    """A call as patterns name it: `AWSGlue.StartJobRun`, or else `POST /bucket/key`."""
    return target or f"{method} {path}"


def replica_is_held(key: str) -> bool:
    """Whether the object `key` must not be replicated yet."""
    return _matches(key, _current.hold_replicas)


def _response_is_held(name: str) -> bool:
    return _matches(name, _current.hold_answers)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def holding(name: str, send: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    """`send` that waits for as long as the responses to the call `name` are held."""

    async def sending(event: Any) -> None:
        while event["type"] == "http.response.start" and _response_is_held(name):
            await _changed.wait()
        await send(event)

    return sending


async def serve(method: str, receive: Callable[[], Awaitable[Any]]) -> tuple[int, dict[str, Any]]:
    """The status and the content of the response to a request to `PATH`."""
    if method == "PUT":
        try:
            _set(read(json.loads(await body_of(receive))))
        except ValueError as error:
            return 400, {"message": str(error)}
    return 200, asdict(_current)


def _set(faults: Faults) -> None:
    global _current, _changed
    before, _current, _changed = _changed, faults, asyncio.Event()
    before.set()


async def body_of(receive: Callable[[], Awaitable[Any]]) -> bytes:
    """The whole body of a request."""
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    return body
