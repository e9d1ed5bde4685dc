"""The ASGI middleware: what changes in a request before MiniStack sees it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from local.gateway import faults, organizations

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

READY_PATH = "/_local/ready"

PLAIN_HTTP_HEADER = b"x-local-plain-http"
"""A request with this header is authorized as plain HTTP: a test of a policy that requires TLS."""

_FORWARDED = b"x-forwarded-proto"
_HADOOP = b"Hadoop"
_ENCRYPTION = b"x-amz-server-side-encryption"


def _header(scope: Scope, name: bytes) -> bytes | None:
    return next((value for key, value in scope["headers"] if key.lower() == name), None)


def in_origin_form(scope: Scope) -> Scope:
    """The request with the target `/path`, where the client of a proxy sent `http://host/path`.

    A client that can't resolve the prefixed hosts of Amazon MWAA (`api.127.0.0.1`) uses the
    gateway as its HTTP proxy, and then sends the whole URL.
    """
    raw = scope.get("raw_path") or scope["path"].encode()
    if not raw.startswith(b"http://"):
        return scope
    _, slash, rest = raw.removeprefix(b"http://").partition(b"/")
    _, _, path = scope["path"].removeprefix("http://").partition("/")
    return {**scope, "path": f"/{path}", "raw_path": slash + rest or b"/"}


def as_secure(scope: Scope) -> Scope:
    """The request marked as one over TLS: it never leaves the loopback interface.

    A policy that requires TLS, as on AWS, would otherwise deny every request.
    """
    headers = [(key, value) for key, value in scope["headers"] if key.lower() != _FORWARDED]
    if _header(scope, PLAIN_HTTP_HEADER) is None:
        headers.append((_FORWARDED, b"https"))
    return {**scope, "headers": headers}


def unencrypted_for_hadoop(scope: Scope, send: Send) -> Send:
    """`send` that hides from Hadoop's S3 client how an object is encrypted.

    To rename an object, Hadoop copies it with the key from the response to HEAD, and its SDK then
    requires TLS. Without that header it sends no key, and the copy gets the bucket's default: the
    same key.
    """
    if scope["method"] != "HEAD" or not (_header(scope, b"user-agent") or b"").startswith(_HADOOP):
        return send

    async def sending(event: Any) -> None:
        if event["type"] == "http.response.start":
            kept = [
                pair for pair in event["headers"] if not pair[0].lower().startswith(_ENCRYPTION)
            ]
            event = {**event, "headers": kept}
        await send(event)

    return sending


def _name(scope: Scope) -> str:
    """The call as faults name it."""
    target = _header(scope, b"x-amz-target")
    return faults.name_of(scope["method"], scope["path"], target.decode() if target else None)


async def _respond(send: Send, status: int, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def middleware(inner: Application) -> Application:
    """`inner` behind the middleware."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
        elif _header(scope, b"origin") is not None:
            # No SDK sends it, but any web page that is open on this machine does, and could run
            # code here by creating a Lambda function.
            await _respond(
                send,
                403,
                {"message": "a request with an Origin header is a web page's, and refused"},
            )
        elif scope["path"] == READY_PATH:
            await _respond(send, 200, {"ready": True})
        elif scope["path"] == faults.PATH:
            await _respond(send, *await faults.serve(scope["method"], receive))
        elif scope["path"] == organizations.PATH:
            await _respond(send, *await organizations.serve(scope["method"], receive))
        else:
            sending = faults.holding(_name(scope), unencrypted_for_hadoop(scope, send))
            await inner(as_secure(in_origin_form(scope)), receive, sending)

    return application
