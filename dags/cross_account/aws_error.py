"""The error code of a failed call to AWS."""

from __future__ import annotations

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

__all__ = ["ClientError", "code_of"]


def code_of(error: ClientError) -> str:
    """The error's code, such as `AccessDenied`."""
    return str(error.response["Error"]["Code"])
