"""A free port to listen on."""

from __future__ import annotations

import socket


def free_port(host: str) -> int:
    """A port of `host` that nothing listens on now; another program may yet take it."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port
