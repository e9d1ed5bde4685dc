"""One rotation of a secret: its versions, their staging labels and their values, which are JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

CURRENT = "AWSCURRENT"
PENDING = "AWSPENDING"

CONFIG = Config(
    connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}
)


class RotationError(Exception):
    """A step can't go on. The connection stays as it is; the message says what to do."""


@cache
def secrets() -> Any:
    """The client of Secrets Manager, created at the first invocation and reused."""
    return boto3.client("secretsmanager", config=CONFIG)


def value_of(secret_id: str, **version: str) -> dict[str, Any]:
    """The value of a secret's version, by `VersionId` or `VersionStage`."""
    found = secrets().get_secret_value(SecretId=secret_id, **version)
    value: dict[str, Any] = json.loads(found["SecretString"])
    return value


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """The version `token` of the secret `name` is to become the current one."""

    secret_id: str
    token: str
    name: str
    stages: Mapping[str, Sequence[str]]
    """The staging labels of each version, when the step began."""

    @property
    def labels(self) -> Sequence[str]:
        """The labels of the version."""
        return self.stages[self.token]

    @property
    def is_done(self) -> bool:
        """Whether the version is the current one."""
        return CURRENT in self.labels

    def current(self) -> dict[str, Any]:
        """The value that is in use."""
        return value_of(self.secret_id, VersionStage=CURRENT)

    def pending(self) -> dict[str, Any] | None:
        """The value of the version, if an earlier call has stored it."""
        try:
            return value_of(self.secret_id, VersionId=self.token)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise

    def store(self, value: Mapping[str, Any], label: str) -> None:
        """Store the pending value, with one label more."""
        secrets().put_secret_value(
            SecretId=self.secret_id,
            ClientRequestToken=self.token,
            SecretString=json.dumps(value),
            VersionStages=[PENDING, label],
        )

    def make_current(self) -> None:
        """Move the label of the current version."""
        (current,) = (each for each, labels in self.stages.items() if CURRENT in labels)
        secrets().update_secret_version_stage(
            SecretId=self.secret_id,
            VersionStage=CURRENT,
            MoveToVersionId=self.token,
            RemoveFromVersionId=current,
        )

    def remove(self, label: str, version: str) -> None:
        """Take a label from a version."""
        secrets().update_secret_version_stage(
            SecretId=self.secret_id, VersionStage=label, RemoveFromVersionId=version
        )


def rotation_of(secret_id: str, token: str) -> Rotation:
    """The rotation as it is now; a RotationError where another one has taken its place."""
    found = secrets().describe_secret(SecretId=secret_id)
    stages = found["VersionIdsToStages"]
    if not {CURRENT, PENDING} & set(stages.get(token, ())):
        raise RotationError(
            f"{found['Name']}: version {token} has the labels {stages.get(token, [])}; expected "
            f"{PENDING}. Another rotation has taken its place: nothing is to be done"
        )
    return Rotation(secret_id=secret_id, token=token, name=found["Name"], stages=stages)
