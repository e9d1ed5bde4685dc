"""The ASGI front: what a request is made into before MiniStack sees it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from local.gateway import faults

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

READY_PATH = "/_local/ready"

PLAIN_HTTP_HEADER = b"x-local-plain-http"
"""A request with this header is judged as what it is, plain HTTP: so TLS-only can be proved."""

_FORWARDED = b"x-forwarded-proto"
_HADOOP = b"Hadoop"
_ENCRYPTION = b"x-amz-server-side-encryption"


def _header(scope: Scope, name: bytes) -> bytes | None:
    return next((value for key, value in scope["headers"] if key.lower() == name), None)


def in_origin_form(scope: Scope) -> Scope:
    """The request with `/path` as its target where a proxy's client sent `http://host/path`.

    A client that can't resolve the prefixed hosts of Amazon MWAA (`api.127.0.0.1`) takes the
    gateway as its HTTP proxy, and then names the whole URL.
    """
    raw = scope.get("raw_path") or scope["path"].encode()
    if not raw.startswith(b"http://"):
        return scope
    _, slash, rest = raw.removeprefix(b"http://").partition(b"/")
    _, _, path = scope["path"].removeprefix("http://").partition("/")
    return {**scope, "path": f"/{path}", "raw_path": slash + rest or b"/"}


def as_secure(scope: Scope) -> Scope:
    """The request presented as one over TLS: it never leaves the loopback interface.

    Policies that allow TLS only hold against real AWS; here they would shut everybody out.
    """
    headers = [(key, value) for key, value in scope["headers"] if key.lower() != _FORWARDED]
    if _header(scope, PLAIN_HTTP_HEADER) is None:
        headers.append((_FORWARDED, b"https"))
    return {**scope, "headers": headers}


def unencrypted_for_hadoop(scope: Scope, send: Send) -> Send:
    """`send` for Hadoop's S3 client, which is not told how an object is encrypted.

    To rename, it copies, naming the key that HEAD answered; its SDK then insists on TLS. Without
    knowing, it names none, and the copy gets the bucket's default encryption: the same key.
    """
    if scope["method"] != "HEAD" or not (_header(scope, b"user-agent") or b"").startswith(_HADOOP):
        return send

    async def sending(event: Any) -> None:
        if event["type"] == "http.response.start":
            told = [
                pair for pair in event["headers"] if not pair[0].lower().startswith(_ENCRYPTION)
            ]
            event = {**event, "headers": told}
        await send(event)

    return sending


def _name(scope: Scope) -> str:
    """The call as faults name it."""
    target = _header(scope, b"x-amz-target")
    return faults.name_of(scope["method"], scope["path"], target.decode() if target else None)


async def _answer(send: Send, status: int, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def front(inner: Application) -> Application:
    """`inner`, as the gateway serves it."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
        elif _header(scope, b"origin") is not None:
            # No SDK sends it, and any web page open on this machine could: creating a Lambda
            # function here is running code.
            await _answer(send, 403, {"message": "requests of web pages are refused"})
        elif scope["path"] == READY_PATH:
            await _answer(send, 200, {"ready": True})
        elif scope["path"] == faults.PATH:
            await _answer(send, *await faults.serve(scope["method"], receive))
        else:
            sending = faults.holding(_name(scope), unencrypted_for_hadoop(scope, send))
            await inner(as_secure(in_origin_form(scope)), receive, sending)

    return application
