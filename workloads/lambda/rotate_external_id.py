"""Moves an Airflow connection to the next ExternalId, in the four steps of Secrets Manager.

The role's trust already takes the ExternalIds of a ring: the one in use and those that follow. A
secret below RINGS_PREFIX, which ends as the connection's does, holds them. Secrets Manager calls a
step again after a failure, and may call it twice, so each step begins with what it finds.

The version that a rotation makes has the staging label `ExternalId-<number>` from the beginning.
Once it is current, the label tells the next deployment how often the secret was rotated.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError
from secret_rotation import (
    CONFIG,
    CURRENT,
    PENDING,
    Rotation,
    RotationError,
    rotation_of,
    value_of,
)

LABEL = "ExternalId-"

SESSION_SECONDS = 900
"""The shortest that AWS STS takes."""

WAITS_SECONDS = (5, 10, 20)
"""Before further attempts: what changes in IAM counts after some seconds."""

NOTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
)
"""The policy of the session that a test opens: it may do nothing."""

LOG = logging.getLogger("rotate_external_id")
LOG.setLevel(logging.INFO)


@cache
def sts() -> Any:
    """The client of AWS STS, created at the first invocation and reused."""
    return boto3.client("sts", config=CONFIG)


def handler(event: Mapping[str, str], context: Any) -> None:
    """Lambda's entry point: one step; raises what keeps it from being done."""
    del context
    rotation = rotation_of(event["SecretId"], event["ClientRequestToken"])
    _STEPS[event["Step"]](rotation)
    LOG.info("%s: %s is done", rotation.name, event["Step"])


def create_secret(rotation: Rotation) -> None:
    """Store the connection with the next ExternalId as the pending version."""
    if rotation.is_done:
        return
    connection, number = _next(rotation)
    if rotation.pending() is None:
        rotation.store(connection, f"{LABEL}{number}")
    else:
        _compare(rotation, connection, number)


def _next(rotation: Rotation) -> tuple[dict[str, Any], int]:
    """The current connection with the ExternalId that follows, and the number of that."""
    connection = rotation.current()
    secret = f"{os.environ['RINGS_PREFIX']}/{rotation.name.rpartition('/')[2]}"
    stored = value_of(secret, VersionStage=CURRENT)
    ring, arguments = stored["external_ids"], connection["extra"]["assume_role_kwargs"]
    if arguments["ExternalId"] not in ring:
        raise RotationError(
            f"{rotation.name}: its ExternalId is none of the ring's {len(ring)}; expected one that "
            "`pulumi up` made. Run `pulumi up --refresh`, which writes the connection again"
        )
    position = ring.index(arguments["ExternalId"]) + 1
    if position == len(ring):
        raise RotationError(
            f"{rotation.name}: the last of the ring's {len(ring)} ExternalIds is in use; expected "
            "another one behind it. Run `pulumi up`, which replaces the used ones"
        )
    arguments["ExternalId"] = ring[position]
    return connection, stored["first"] + position


def _compare(rotation: Rotation, connection: dict[str, Any], number: int) -> None:
    """Give the pending version up unless it is `connection`: a deployment may have changed that."""
    if rotation.pending() != connection:
        _give_up(rotation, number)


def _give_up(rotation: Rotation, number: int) -> None:
    """End a rotation whose version is of an earlier connection: a deployment came in between."""
    for label in rotation.labels:
        # A lower number was in use: its label counts.
        if label == PENDING or (
            label.startswith(LABEL) and int(label.removeprefix(LABEL)) >= number
        ):
            rotation.remove(label, rotation.token)
    raise RotationError(
        f"{rotation.name}: the pending version is of an earlier connection; expected the current "
        "one with another ExternalId. The pending version is given up: rotate the secret again"
    )


def set_secret(rotation: Rotation) -> None:
    """Nothing: the role's trust takes the ExternalId already."""


def test_secret(rotation: Rotation) -> None:
    """Assume the role with the pending connection, in a session that may do nothing.

    Secrets Manager also calls it alone, when a schedule is set up.
    """
    extra = (rotation.pending() or rotation.current())["extra"]
    for wait in WAITS_SECONDS:
        try:
            return _assume(extra)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            time.sleep(wait)
    return _assume(extra)


def _assume(extra: Mapping[str, Any]) -> None:
    sts().assume_role(
        RoleArn=extra["role_arn"],
        RoleSessionName="external-id-rotation",
        ExternalId=extra["assume_role_kwargs"]["ExternalId"],
        DurationSeconds=SESSION_SECONDS,
        Policy=NOTHING,
    )


def finish_secret(rotation: Rotation) -> None:
    """Make the pending version the current one, and take off the labels that have served."""
    if not rotation.is_done:
        _compare(rotation, *_next(rotation))
        rotation.make_current()
    # Secrets Manager takes a pending version that isn't the current one for an unfinished rotation,
    # and a deployment may write a newer one.
    if PENDING in rotation.labels:
        rotation.remove(PENDING, rotation.token)
    # A secret has twenty labels at most.
    for version, labels in rotation.stages.items():
        for label in labels:
            if label.startswith(LABEL) and version != rotation.token:
                rotation.remove(label, version)


_STEPS: Mapping[str, Callable[[Rotation], None]] = {
    "createSecret": create_secret,
    "setSecret": set_secret,
    "testSecret": test_secret,
    "finishSecret": finish_secret,
}
