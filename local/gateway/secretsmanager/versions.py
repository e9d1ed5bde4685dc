"""Versions of secrets: where MiniStack's labels and values aren't as on AWS."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import secretsmanager

from local.gateway.api.responses import failure

Request = dict[str, Any]
Secret = dict[str, Any]
Handler = Callable[[Request], Any]


def found(request: Request) -> Secret | None:
    """The secret, unless it isn't there or is to be deleted: MiniStack answers that."""
    _, secret = secretsmanager._resolve(request.get("SecretId"))
    present: Secret | None = None if secret is None or secret.get("DeletedDate") else secret
    return present


def put_secret_value(original: Handler) -> Handler:
    """Move labels from other versions, and refuse another value for a version that has one."""

    def putting(request: Request) -> Any:
        secret, token = found(request), request.get("ClientRequestToken")
        if secret is not None:
            stored = secret["Versions"].get(token, {}).get("SecretString")
            if stored not in (None, request.get("SecretString")):
                message = "You can't modify the value of an existing version."
                return failure("ResourceExistsException", message)
            for label in request.get("VersionStages", []):
                if label != "AWSCURRENT":
                    secretsmanager._remove_stage_everywhere(secret, label)
        return original(request)

    return putting


def get_secret_value(original: Handler) -> Handler:
    """Find no value in a version that a rotation hasn't filled yet."""

    def getting(request: Request) -> Any:
        secret, version = found(request), request.get("VersionId")
        stored = secret["Versions"].get(version) if secret is not None else None
        if stored is not None and stored["SecretString"] is None and stored["SecretBinary"] is None:
            message = f"Secrets Manager can't find the specified secret value for: {version}"
            return failure("ResourceNotFoundException", message)
        return original(request)

    return getting
