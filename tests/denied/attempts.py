"""The attempts, read from the files beside this one, and what their page says of each."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent

Reason = Mapping[str, Any]
"""By policy, why it doesn't allow the attempt, or denies it:

- a mapping: every statement of it that allows the action, by id, and why it doesn't hold here:
  `resource` or `principal` where it names others, else the condition keys that it fails on;
- a string: the id of the statement that denies it.

Beside policies: `settings of <owner>`, those of the bucket that refuse it; `passing`, the account
to which a role would be passed.
"""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A call that a principal tries in the embedded AWS."""

    who: str
    attempt: str
    """What is tried, in words."""

    thing: str
    """On what, in words."""

    at: str
    """The owner in whose Region it is tried."""

    call: str
    """`<service>.<method of boto3>`."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    tls: bool = True
    action: str
    """The action that is denied."""

    needed_by: str | None = None
    """The action that needs it, where it isn't the one that was called."""

    service: str | None = None
    """The service whose permissions decide, where they aren't the caller's."""

    unrecorded: str | None = None
    """The resource that is denied, where the embedded AWS denies without recording it."""

    because: Reason
    code: str = "AccessDenied"
    """What the error's code begins with."""

    allowed: Mapping[str, Any] | None = None
    """What makes it allowed: other values of `who`, `at`, `with`, `tls`, and `action` where another
    one is then needed; `code` where it is allowed and fails later. None where no principal may."""

    @property
    def checked_by(self) -> str:
        """What shows that it is denied."""
        return "gateway" if self.unrecorded is None else "gateway, whose record is silent"


@dataclass(frozen=True, kw_only=True)
class EvaluatedAttempt:
    """A call that the embedded AWS can't make; the deployed policy is evaluated instead."""

    who: str
    attempt: str
    thing: str
    policy: str
    """The policy that decides, as a reason names it."""

    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)
    """The request's condition keys."""

    service: str | None = None
    """The service that asks, where it isn't a principal of an account."""

    because: Reason
    softer: str
    """Why the embedded AWS can't make the call."""

    allowed: Mapping[str, Any] | None = None
    """What makes it allowed: other values of any member. None where nothing of the policy does."""

    @property
    def checked_by(self) -> str:
        """What shows that it is denied."""
        return f"policy document: {self.softer}"


def _read(name: str) -> list[dict[str, Any]]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [
        {("arguments" if key == "with" else key): value for key, value in entry.items()}
        for entry in yaml.load(text, Loader=yaml.CSafeLoader)
    ]


@functools.cache
def attempts() -> list[Attempt]:
    """Every attempt that is made, in the order of its file."""
    return [Attempt(**entry) for entry in _read("attempts.yaml")]


@functools.cache
def evaluated_attempts() -> list[EvaluatedAttempt]:
    """Every attempt that only the evaluator can decide."""
    return [EvaluatedAttempt(**entry) for entry in _read("evaluated_attempts.yaml")]


def reason(each: Attempt | EvaluatedAttempt) -> str:
    """Why it is denied, in words."""
    return "; ".join(
        text for policy, why in each.because.items() for text in _because(policy, why, each.action)
    )


def _because(policy: str, why: Any, action: str) -> list[str]:
    if policy == "passing":
        return [f"`{action}`: a role is only passed within its own account"]
    if policy.startswith("settings of "):
        return [f"the bucket's setting `{setting}`" for setting in why]
    where = _where(policy)
    if isinstance(why, str):
        return [f"`{why}` in {where} denies `{action}`"]
    if not why:
        return [f"no statement in {where} allows `{action}`"]
    return [_unfit(sid, unfit, where, action) for sid, unfit in why.items()]


def _where(policy: str) -> str:
    if policy == "role":
        return "its own policies"
    kind, _, of = policy.partition(" of ")
    return f"the trust of the {of}" if kind == "trust" else f"the policy of the {policy}"


def _unfit(sid: str, unfit: str | list[str], where: str, action: str) -> str:
    if unfit == "resource":
        return f"`{sid}` in {where} allows `{action}` on other resources"
    if unfit == "principal":
        return f"`{sid}` in {where} allows `{action}` to others"
    keys = " and ".join(f"`{key}`" for key in unfit)
    return f"`{sid}` in {where} allows `{action}` only under its condition on {keys}"
