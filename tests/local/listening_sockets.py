"""Who listens where, as Linux tells it."""

from __future__ import annotations

import json
import os
import socket
import struct
from pathlib import Path

_LISTEN = "0A"


def sessions_below(directory: Path) -> set[int]:
    """The sessions of the gateway of a run in `directory` and of everything that it started."""
    gateway = json.loads((directory / "processes.json").read_text(encoding="utf-8"))
    children = json.loads((directory / "aws" / "processes.json").read_text(encoding="utf-8"))
    return {gateway["pid"], *(child["pid"] for child in children)}


def processes_of(sessions: set[int]) -> set[int]:
    """Every living process of these sessions."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(entry.name)) in sessions:
                found.add(int(entry.name))
        except ProcessLookupError:
            continue
    return found


def listening_addresses(sessions: set[int]) -> set[str]:
    """`address:port` of every socket on which a process of these sessions listens."""
    inodes = {inode for pid in processes_of(sessions) for inode in _sockets(pid)}
    lines = [
        (line.split(), family)
        for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6))
        for line in Path("/proc/net", name).read_text(encoding="utf-8").splitlines()[1:]
    ]
    return {
        _address(fields[1], family)
        for fields, family in lines
        if fields[3] == _LISTEN and fields[9] in inodes
    }


def _sockets(pid: int) -> set[str]:
    found = set()
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(link)  # noqa: PTH115 (a socket's link leads to no path)
            if target.startswith("socket:["):
                found.add(target[len("socket:[") : -1])
    except (FileNotFoundError, ProcessLookupError):
        return found
    return found


def _address(field: str, family: socket.AddressFamily) -> str:
    """The kernel's hexadecimal words, each of the machine's own byte order, as people write it."""
    words, _, port = field.partition(":")
    packed = b"".join(
        struct.pack("=I", int(words[start : start + 8], 16)) for start in range(0, len(words), 8)
    )
    # An IPv6 socket can be bound to an address of IPv4 only.
    text = socket.inet_ntop(family, packed).removeprefix("::ffff:")
    return f"{text}:{int(port, 16)}"
