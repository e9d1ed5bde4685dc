"""What AWS answered when it refused a call."""

from __future__ import annotations

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

__all__ = ["ClientError", "code_of"]


def code_of(error: ClientError) -> str:
    """The error code that AWS gave, such as `AccessDenied`."""
    return str(error.response["Error"]["Code"])
