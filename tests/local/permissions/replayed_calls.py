"""The calls of a run, decided again by the gateway's own evaluator under other policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator

from local.gateway.authorization import call_record, principal_arns
from local.gateway.authorization.resource_arns import other_forms
from local.gateway.authorization.simulation import decided
from tests.local.permissions.policy_statements import Granted

UNDENIABLE = iam_evaluator._ALWAYS_ALLOWED_ACTIONS
"""What AWS lets every principal do, such as GetCallerIdentity."""


@contextmanager
def evaluator() -> Iterator[None]:
    """MiniStack's evaluator in this process, set up as in the gateway's."""
    resolve = iam_evaluator._resolve_condition_key
    iam_evaluator._resolve_condition_key = principal_arns.resolve_condition_key(resolve)
    try:
        yield
    finally:
        iam_evaluator._resolve_condition_key = resolve


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A call as the gateway recorded it; equal calls were decided alike."""

    principal: str
    action: str
    resource: str
    region: str
    because_of: str | None
    policy: str
    decision: str
    conditions: tuple[tuple[str, Any], ...]

    @property
    def role_arn(self) -> str:
        """The role whose session called; the principal itself where it is none."""
        return principal_arns.role_arn(self.principal)

    @property
    def permission(self) -> str:
        """The permission that was used, as the reasons call it."""
        trusted = self.is_service and self.policy == "trust"
        return f"{self.action} by {self.principal}" if trusted else self.action

    @property
    def is_service(self) -> bool:
        """Whether an AWS service called as itself."""
        return not self.principal.startswith("arn:")

    @property
    def is_root(self) -> bool:
        """Whether an account's root called."""
        return self.principal.endswith(":root")

    def context(self, resource: str) -> iam_evaluator.EvalContext:
        """What MiniStack's evaluator is told of the call."""
        given = {
            key.lower(): list(value) if isinstance(value, tuple) else value
            for key, value in self.conditions
        }
        kinds = {"sts": "AssumedRole", "iam": "Root"}
        service = "" if self.is_service else self.principal.split(":")[2]
        return iam_evaluator.EvalContext(
            principal_arn=self.principal,
            principal_type=kinds.get(service, "AWSService"),
            principal_account="" if self.is_service else self.principal.split(":")[4],
            action=self.action,
            resource_arn=resource,
            region=self.region,
            secure_transport=given.pop("aws:securetransport", "true") == "true",
            service_context={"aws:tagkeys": None, **given},
        )


def recorded(calls: Iterable[Mapping[str, Any]]) -> list[Recorded]:
    """The record's calls that policies decide about, each kind of call once."""
    found = {
        Recorded(
            principal=call["principal"],
            action=call["action"],
            resource=call["resource"],
            region=call["region"],
            because_of=call["because_of"],
            policy=call["policy"],
            decision=call["decision"],
            conditions=tuple(
                (key, tuple(value) if isinstance(value, list) else value)
                for key, value in sorted(call["conditions"].items())
            ),
        ): None
        for call in calls
        if call["action"] not in UNDENIABLE or call["policy"] == "trust"
    }
    return list(found)


class Policies:
    """The policies to evaluate instead of the deployed ones."""

    def __init__(self, granted: Sequence[Granted]) -> None:
        self._granted = granted

    def without(self, taken: Granted) -> Policies:
        """All but one statement."""
        return Policies([each for each in self._granted if each is not taken])

    def decision(self, call: Recorded) -> str:
        """What the gateway would decide."""
        forms = (call.resource, *other_forms(call.resource))
        decisions = [self._evaluated(call, form) for form in forms]
        return "allow" if "allow" in decisions else decisions[0]

    def _evaluated(self, call: Recorded, resource: str) -> str:
        context = call.context(resource)
        if call.policy == "trust":
            return call_record.decision_of(self._trusted(call, context))
        found = self._resource_policy(resource)
        if call.is_service or call.is_root:
            asked = iam_evaluator.evaluate_resource_policy(
                found and found[0], context, call.principal
            )
            # Root needs no permission, and yet a bucket's policy can deny.
            if call.is_root:
                return "deny" if asked.decision == "Deny" else "allow"
            return call_record.decision_of(asked)
        own = [
            each.statement
            for each in self._granted
            if each.sort == "permissions" and each.holder == call.role_arn
        ]
        parsed = iam_evaluator.parse_policy_document({"Statement": own})
        return call_record.decision_of(decided(context, [parsed], [], found))

    def _trusted(self, call: Recorded, context: iam_evaluator.EvalContext) -> Any:
        trust = [
            each.statement
            for each in self._granted
            if each.sort == "trust" and each.holder == call.resource
        ]
        return iam_evaluator.evaluate_resource_policy({"Statement": trust}, context, call.principal)

    def _resource_policy(self, resource: str) -> tuple[dict[str, Any], str] | None:
        of_resource = [
            each
            for each in self._granted
            if each.sort not in {"permissions", "trust"}
            and (resource == each.holder or resource.startswith(f"{each.holder}/"))
        ]
        if not of_resource:
            # No policy of a key or of another account's bus, no use; a bucket can do without.
            closed = resource.startswith("arn:") and resource.split(":")[2] in {"events", "kms"}
            return ({}, resource.split(":")[4]) if closed else None
        return {"Statement": [each.statement for each in of_resource]}, of_resource[0].owner


def granting(granted: Granted, call: Recorded) -> bool:
    """Whether this statement is one that lets the call through."""
    if call.decision != "allow" or not granted.allows:
        return False
    if granted.sort == "permissions":
        if (call.policy, call.role_arn) != ("access", granted.holder):
            return False
        parsed = iam_evaluator.parse_policy_document({"Statement": [granted.statement]})
        forms = (call.resource, *other_forms(call.resource))
        return any(
            iam_evaluator.evaluate(call.context(form), [parsed]).decision == "Allow"
            for form in forms
        )
    sort = "trust" if granted.sort == "trust" else "access"
    about = call.resource == granted.holder or call.resource.startswith(f"{granted.holder}/")
    if call.policy != sort or not about or call.is_root:
        return False
    asked = iam_evaluator.evaluate_resource_policy(
        {"Statement": [granted.statement]}, call.context(call.resource), call.principal
    )
    return bool(asked.decision == "Allow")
