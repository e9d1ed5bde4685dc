"""Secrets Manager and AWS STS as the rotation function sees them, with their rules for labels."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError


class DiedError(Exception):
    """The function's process ended after a call."""


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "call")


@dataclass(kw_only=True)
class SecretStore:
    """One connection's secret, the ring's, and the role's trust.

    `dies_after` is the number of writing calls after which the function ends.
    """

    versions: dict[str, str | None] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """Each label's version: it is on one."""

    ring: dict[str, Any] = field(default_factory=dict)
    trusted: set[str] = field(default_factory=set)
    assumed: list[dict[str, Any]] = field(default_factory=list)
    dies_after: int | None = None

    def state(self) -> tuple[Any, ...]:
        """What another rotation would find."""
        return copy.deepcopy((self.versions, self.labels))

    def begin(self, token: str) -> None:
        """What RotateSecret does: a pending version without a value."""
        self.versions.setdefault(token, None)
        self.labels["AWSPENDING"] = token

    def put(self, connection: dict[str, Any], token: str) -> None:
        """A deployment's write."""
        self.versions[token] = json.dumps(connection)
        self._move("AWSCURRENT", token)

    def current(self) -> Any:
        return json.loads(str(self.versions[self.labels["AWSCURRENT"]]))

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 (names of AWS)
        stages: dict[str, list[str]] = {}
        for label, version in self.labels.items():
            stages.setdefault(version, []).append(label)
        return {"Name": SecretId, "VersionIdsToStages": stages}

    def get_secret_value(self, **asked: str) -> dict[str, str]:
        if asked["SecretId"] == "rings/connection":
            return {"SecretString": json.dumps(self.ring)}
        value = self.versions[asked.get("VersionId") or self.labels[asked["VersionStage"]]]
        if value is None:
            raise refused("ResourceNotFoundException")
        return {"SecretString": value}

    def put_secret_value(self, **asked: Any) -> None:
        token = asked["ClientRequestToken"]
        if self.versions.get(token) not in (None, asked["SecretString"]):
            raise refused("ResourceExistsException")
        self.versions[token] = asked["SecretString"]
        self.labels.update(dict.fromkeys(asked["VersionStages"], token))
        self._written()

    def update_secret_version_stage(self, **asked: str) -> None:
        label = asked["VersionStage"]
        if self.labels.get(label) != asked["RemoveFromVersionId"]:
            raise refused("InvalidParameterException")
        if "MoveToVersionId" in asked:
            self._move(label, asked["MoveToVersionId"])
        else:
            del self.labels[label]
        self._written()

    def assume_role(self, **asked: Any) -> None:
        if asked["ExternalId"] not in self.trusted:
            raise refused("AccessDenied")
        self.assumed.append(asked)

    def _move(self, label: str, version: str) -> None:
        if label == "AWSCURRENT" and label in self.labels:
            self.labels["AWSPREVIOUS"] = self.labels[label]
        self.labels[label] = version

    def _written(self) -> None:
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after == 0:
                self.dies_after = None
                raise DiedError
