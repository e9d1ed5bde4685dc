"""Why a connection can't be read.

Airflow treats every error of its secrets backend as a connection that isn't defined, and doesn't
report the error. So the check asks Secrets Manager again.
"""

from __future__ import annotations

import json
from typing import Any

from airflow.configuration import conf
from airflow.providers.amazon.aws.secrets.secrets_manager import SecretsManagerBackend

from cross_account.aws_error import ClientError, code_of

_DENIED = "AccessDeniedException"
_DEFINITE = frozenset(
    {
        _DENIED,
        "DecryptionFailure",
        "InvalidRequestException",
        "ResourceNotFoundException",
    }
)
"""Denied, encrypted under a key that is gone, marked for deletion, missing."""

_PERMISSIONS = (
    f"{_DENIED}: the hub's execution role needs secretsmanager:GetSecretValue on it and "
    "kms:Decrypt on its key"
)


class TransientError(RuntimeError):
    """Reading failed and, when tried again, succeeded."""


def why_unreadable(connection_id: str) -> str:
    """What is wrong with the connection's secret, as a phrase.

    Raises a transient error (network, throttling, an internal error of AWS) unchanged, or
    `TransientError` where the secret can be read now.
    """
    settings: Any = conf.getjson("secrets", "backend_kwargs")
    backend = SecretsManagerBackend(**settings)
    name = backend.build_path(backend.connections_prefix, connection_id, backend.sep)
    try:
        text = backend.client.get_secret_value(SecretId=name).get("SecretString", "")
    except ClientError as error:
        if code_of(error) not in _DEFINITE:
            raise
        return _PERMISSIONS if code_of(error) == _DENIED else code_of(error)
    try:
        json.loads(text)
        backend.deserialize_connection(connection_id, text)
    except (AttributeError, TypeError, ValueError):
        return "its content is no connection in JSON"
    raise TransientError(
        f"Connection {connection_id!r} could not be read, but its secret {name} can be read now."
    )
