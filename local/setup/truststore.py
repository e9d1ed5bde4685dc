"""Lets Java trust what Python trusts.

The Java runtime that comes as a Python package knows public authorities only. Where a company's
proxy re-signs connections, its authority is in the system's bundle or in the variables below, and
without it the download of the jars fails although pip's works.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

PASSWORD = "changeit"  # noqa: S105 (Java's own default; the file holds public certificates)

_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"

# The JKS format: big-endian, a magic number, version 2, then entries of kind 2 (a trusted
# certificate), then a SHA-1 over the password, a fixed phrase and everything before.
_MAGIC = 0xFEEDFEED
_VERSION = 2
_TRUSTED = 2
_PHRASE = b"Mighty Aphrodite"


def write(target: Path) -> bool:
    """Write the machine's trusted certificates as a Java key store; False if there are none."""
    certificates = list(dict.fromkeys(_machine_certificates()))
    if certificates:
        target.write_bytes(key_store(certificates))
    return bool(certificates)


def key_store(certificates: Iterable[bytes]) -> bytes:
    """A JKS key store of these DER certificates."""
    entries = [
        struct.pack(">I", _TRUSTED)
        + _text(f"authority-{number}")
        + struct.pack(">Q", 0)
        + _text("X.509")
        + struct.pack(">I", len(certificate))
        + certificate
        for number, certificate in enumerate(certificates)
    ]
    body = struct.pack(">III", _MAGIC, _VERSION, len(entries)) + b"".join(entries)
    secret = PASSWORD.encode("utf-16-be") + _PHRASE
    return body + hashlib.sha1(secret + body, usedforsecurity=False).digest()


def _text(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode("ascii")


def _machine_certificates() -> Iterator[bytes]:
    defaults = ssl.get_default_verify_paths()
    named = [os.environ.get(variable) for variable in _VARIABLES]
    files = [Path(name) for name in [*named, defaults.cafile] if name]
    if defaults.capath and not any(file.is_file() for file in files):
        files = sorted(Path(defaults.capath).glob("*"))
    for file in files:
        if file.is_file():
            yield from _certificates_in(file.read_text(encoding="ascii", errors="ignore"))


def _certificates_in(bundle: str) -> Iterator[bytes]:
    for part in bundle.split(_BEGIN)[1:]:
        with suppress(ValueError):  # a damaged entry must not hide the good ones
            yield ssl.PEM_cert_to_DER_cert(_BEGIN + part.split(_END)[0] + _END)
