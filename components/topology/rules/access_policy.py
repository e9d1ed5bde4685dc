"""The policy file of an access: a policy of IAM that is as narrow as the project's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from components.access.policy_file import PolicyFile, PolicyStatement, read_policy
from components.aws.policy_document import MANAGED_POLICY_LIMIT, policy_document
from components.topology.codes import Code
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.access_actions import ACTION, PASSING, action_problems
from components.topology.rules.basics import matches

_ARN = re.compile(
    r"arn:(?P<partition>[a-z-]+):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*)"
    r":(?P<account>[a-z0-9-]*):(?P<resource>.+)",
    re.ASCII,
)


def policy_problems(path: KeyPath, name: str, root: Path, partition: str) -> Iterator[Problem]:
    """What is wrong with the policy in the file `name` of the project."""
    file = root / name
    try:
        policy = read_policy(file)
    except ValidationError as error:
        yield from _malformed(path, name, file, error)
        return
    yield from _repeated(path, name, policy)
    for each in policy.statements:
        yield from action_problems(path, name, each)
        yield from _resources(path, name, each, partition)
        yield from _passing(path, name, each)
    yield from _size(path, name, policy)


def _malformed(path: KeyPath, name: str, file: Path, error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        yield from refused(
            path,
            Code.NOT_A_POLICY,
            name,
            f"isn't a policy that an access may have: {_place(file, detail['loc'])}: "
            f"{detail['msg']}",
            expected="Version 2012-10-17 and statements of Sid, Effect Allow, Action, Resource "
            "and, where needed, Condition",
        )


def _place(file: Path, location: tuple[int | str, ...]) -> str:
    """What an error is about: a statement by its Sid or number, and the keys below it."""
    match location:
        case ("Statement", int(number), *keys):
            written: Any = json.loads(file.read_bytes())["Statement"]
            written = written[number] if isinstance(written, list) else written
            sid = written.get("Sid") if isinstance(written, dict) else None
            whole = f"statement {sid or f'number {number + 1}'}"
        case keys:
            whole = "the policy"
    return ", ".join([whole, *(key for key in keys if isinstance(key, str))])


def _repeated(path: KeyPath, name: str, policy: PolicyFile) -> Iterator[Problem]:
    sids = [each.sid for each in policy.statements]
    for sid in sorted({sid for sid in sids if sids.count(sid) > 1}):
        yield from refused(
            path,
            Code.NOT_A_POLICY,
            name,
            f"has two statements with the Sid {sid}",
            expected="a Sid of its own for each",
        )


def _resources(
    path: KeyPath, name: str, each: PolicyStatement, partition: str
) -> Iterator[Problem]:
    for resource in each.resources:
        if not _is_named(resource, partition):
            yield from refused(
                path,
                Code.UNNAMED_RESOURCE,
                name,
                f"has in statement {each.sid} the resource {resource}",
                expected=f"an ARN of the partition {partition} with a name, a wildcard at most "
                "behind the name's beginning, such as "
                f"arn:{partition}:athena:us-east-1:222222222222:workgroup/reports",
                relies_on=(("hub", "region"),),
            )


def _is_named(resource: str, partition: str) -> bool:
    """Whether an ARN says whose resource, and which: `workgroup/*` names a type alone."""
    found = _ARN.fullmatch(resource)
    if found is None or found["partition"] != partition:
        return False
    parts = [part for part in re.split("[/:]", found["resource"]) if part]
    has_type = found["service"] != "s3" and len(parts) > 1
    return not any(part.startswith(("*", "?", "$")) for part in parts[: 1 + has_type])


def _passing(path: KeyPath, name: str, each: PolicyStatement) -> Iterator[Problem]:
    """A role that can be passed has one name, and goes to a service that the statement names."""
    if PASSING not in each.actions:
        return
    to_service = each.condition.get("StringEquals", {}).get("iam:PassedToService")
    if not to_service or any("*" in arn or "?" in arn for arn in each.resources):
        yield from refused(
            path,
            Code.UNNAMED_RESOURCE,
            name,
            f"allows {PASSING} in statement {each.sid} without saying which role goes where",
            expected="roles without a wildcard, and the Condition StringEquals "
            "iam:PassedToService with the service that takes them",
        )


def _size(path: KeyPath, name: str, policy: PolicyFile) -> Iterator[Problem]:
    written = [each.as_written() for each in policy.statements if _can_be_written(each)]
    sids = {each["Sid"] for each in written}
    if len(sids) < len(policy.statements):
        return  # the other rules have said why
    length = len(policy_document(written))
    if length > MANAGED_POLICY_LIMIT:
        yield from refused(
            path,
            Code.TOO_LONG,
            name,
            f"has {length} characters without its white space",
            expected=f"at most {MANAGED_POLICY_LIMIT}, because the boundary of the role is made of "
            "it",
            advice="Make two accesses of it",
        )


def _can_be_written(each: PolicyStatement) -> bool:
    return all(matches(action, ACTION) for action in each.actions)
