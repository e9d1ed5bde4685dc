"""Why a connection can't be read.

Airflow takes every fault of its secrets backend for a connection that isn't defined, and the
backend keeps the fault to itself. So whoever finds no connection asks Secrets Manager again.
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
"""Not allowed, of a key that is gone, marked for deletion, not there."""

_RIGHTS = (
    f"{_DENIED}: the hub's execution role needs secretsmanager:GetSecretValue on it and "
    "kms:Decrypt on its key"
)


class PassingFaultError(RuntimeError):
    """What went wrong a moment ago doesn't any more."""


def why_unreadable(connection_id: str) -> str:
    """What is wrong with the connection's secret, in a few words.

    Raises a fault on the way (network, throttling, a fault of AWS's own) as it is, or
    `PassingFaultError` where nothing is wrong any more.
    """
    settings: Any = conf.getjson("secrets", "backend_kwargs")
    backend = SecretsManagerBackend(**settings)
    name = backend.build_path(backend.connections_prefix, connection_id, backend.sep)
    try:
        text = backend.client.get_secret_value(SecretId=name).get("SecretString", "")
    except ClientError as error:
        if code_of(error) not in _DEFINITE:
            raise
        return _RIGHTS if code_of(error) == _DENIED else code_of(error)
    try:
        json.loads(text)
        backend.deserialize_connection(connection_id, text)
    except (AttributeError, TypeError, ValueError):
        return "it isn't a connection as JSON"
    raise PassingFaultError(
        f"Connection {connection_id!r} could not be read, but now its secret {name} can."
    )
