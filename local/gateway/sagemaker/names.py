"""The ARNs of jobs."""

from __future__ import annotations

from ministack.core.responses import get_account_id, get_region


def arn(kind: str, name: str) -> str:
    """The ARN of a job in the account and Region of the current call."""
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{kind}/{name}"
