"""The first bytes of a file: whether it is what the topology says, before Spark starts."""

from __future__ import annotations

import bz2
import re
import zlib
from typing import Any

from workloads.glue.arguments import Job
from workloads.glue.dialect import (
    BZIP2,
    CSV,
    GZIP,
    JSON_LINES,
    PARQUET,
    UTF_16,
    ZSTANDARD,
    Input,
    compression_of,
)
from workloads.glue.errors import InputError
from workloads.glue.source import SourceFile

READ = 1024 * 1024
"""Bytes within which a header has to end."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_PARQUET = b"PAR1"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_SIGNATURES = {
    b"\x1f\x8b": f"gzip: give it a name that ends in {GZIP}",
    b"BZh": f"bzip2: give it a name that ends in {BZIP2}",
    b"\xfd7zXZ\x00": "xz: compress it with gzip or bzip2",
    b"\x28\xb5\x2f\xfd": f"Zstandard: give it a name that ends in {ZSTANDARD}",
    b"PK\x03\x04": "a zip archive or a spreadsheet: save the data as text, in UTF-8",
    _PARQUET: "Parquet: set input.format to parquet in the topology",
    b"\xff\xfe\x00\x00": "UTF-32: save it as UTF-8",
    **dict.fromkeys(_UTF_16, "UTF-16: save it as UTF-8, or set input.encoding"),
}

_FORMATS = {CSV: "a CSV file", JSON_LINES: "JSON Lines", PARQUET: "Parquet"}


def beginning(s3: Any, job: Job, file: SourceFile, given: Input) -> bytes:
    """The first bytes of a file, unpacked; raises `InputError` if it has another format."""
    part = f"bytes=0-{READ - 1}"
    start = b""
    if file.size:
        start = s3.get_object(Bucket=job.bucket, Key=file.copy_key, Range=part)["Body"].read()
    return checked(job.uri(file.key), start, given)


def checked(name: str, start: bytes, given: Input) -> bytes:
    """The bytes that the file of that name begins with, unpacked, if it has the given format."""
    if not start:
        raise InputError(f"{name} is empty: it needs a header and rows.")
    if given.format == PARQUET:
        if not start.startswith(_PARQUET):
            raise InputError(f"{name} is not Parquet: it begins with {start[:8]!r}.")
        return start
    start = _unpacked(name, start, compression_of(name))
    marks = _UTF_16 if given.encoding == UTF_16 else ()
    # The longest first: UTF-32 begins like UTF-16.
    for signature in sorted(_SIGNATURES, key=len, reverse=True):
        if start.startswith(signature) and signature not in marks:
            form = _FORMATS[given.format]
            raise InputError(f"{name} is not {form} but {_SIGNATURES[signature]}.")
    if given.format == JSON_LINES:
        _check_json(name, start)
    return start


def _unpacked(uri: str, start: bytes, end: str) -> bytes:
    try:
        if end == GZIP:
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, READ)
        if end == BZIP2:
            return bz2.BZ2Decompressor().decompress(start, READ)
    except (zlib.error, OSError) as error:
        raise InputError(
            f"{uri} is not compressed, as its name says that it is ({end}): upload it without "
            "that end, or compress it."
        ) from error
    return start


def _check_json(uri: str, start: bytes) -> None:
    if start.startswith(BYTE_ORDER_MARK):
        raise InputError(f"{uri} begins with a byte-order mark: save it as UTF-8 without one.")
    if re.match(rb"\s*\[", start):
        raise InputError(
            f"{uri} is a JSON list: JSON Lines has an object in each line, without commas between."
        )
