"""Authorisation of every call: MiniStack's evaluator, given what AWS would give it, and recorded.

MiniStack decides on one action, resource and set of condition keys at a time. Here these are
completed, the further permissions a call needs are put to the same evaluator, and every decision
is written to the record.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own variables

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, request_scope

from local.gateway.authorization import (
    access_denied_messages,
    actions,
    call_record,
    current_request,
    passed_roles,
    principal_arns,
    root_user,
    unusable_keys,
)
from local.gateway.authorization.call_record import Call, Decision
from local.gateway.authorization.condition_keys import condition_keys
from local.gateway.authorization.dependent_actions import DependentCall, dependent_calls
from local.gateway.authorization.request import Denial, Question
from local.gateway.authorization.resource_arns import other_forms


def _decision(denial: Denial | None) -> Decision:
    if denial is None:
        return "allow"
    if isinstance(denial, iam_evaluator.AuthError):
        return "unauthenticated"
    return call_record.decision_of(denial)


class Authorizer:
    """MiniStack's `enforce`, completed."""

    def __init__(self, enforce: Callable[..., Denial | None]) -> None:
        self._enforce = enforce

    def enforce(
        self,
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        *,
        resource_arn: str = "*",
        service_context: Mapping[str, Any] | None = None,
    ) -> Denial | None:
        """None where the call may be made, else why not. Takes MiniStack's place and arguments."""
        request = current_request.current.get()
        context = dict(service_context or {})
        if request is not None:
            iam_action = actions.iam_action(request, iam_action, resource_arn)
            context |= condition_keys(request, iam_action)
        asked = Question(
            access_key_id=access_key_id,
            action=iam_action,
            service=service,
            region=region,
            resource=resource_arn,
            context=context,
        )
        denial = self._decide(asked)
        if denial is not None or request is None:
            return denial
        calls = dependent_calls(request, iam_action, resource_arn)
        following = (_following(asked, call) for call in calls)
        denials = (self._decide(each) or unusable_keys.denial(each) for each in following)
        return next((denial for denial in denials if denial is not None), None)

    def may(
        self, access_key_id: str, account_id: str, action: str, resource: str, region: str
    ) -> bool:
        """Whether a caller who reads an object might do `action` as well."""
        with request_scope(account_id, region):
            asked = Question(
                access_key_id=access_key_id,
                action=action,
                service=action.partition(":")[0],
                region=region,
                resource=resource,
                context={},
                because_of="s3:GetObject",
            )
            return self._decide(asked) is None

    def _decide(self, asked: Question) -> Denial | None:
        denial = self._denied_in_every_form(asked)
        if denial is not None:
            access_denied_messages.note(asked.action, asked.resource)
        call_record.add(
            Call(
                principal=principal_arns.caller_arn(asked.access_key_id, get_account_id()),
                action=asked.action,
                resource=asked.resource,
                region=asked.region,
                decision=_decision(denial),
                because_of=asked.because_of,
                conditions={**asked.context, "aws:SecureTransport": _over_tls()},
            )
        )
        return denial

    def _denied_in_every_form(self, asked: Question) -> Denial | None:
        """One form that is allowed is enough, unless a policy denies another one explicitly."""
        forms = (asked.resource, *other_forms(asked.resource))
        denials = [self._denied(replace(asked, resource=form)) for form in forms]
        final = (each for each in denials if _decision(each) not in {"allow", "implicit-deny"})
        allowed = any(denial is None for denial in denials)
        return next(final, None if allowed else denials[0])

    def _denied(self, asked: Question) -> Denial | None:
        return (
            passed_roles.denial(asked)
            or self._enforce(
                asked.access_key_id,
                asked.action,
                asked.service,
                asked.region,
                resource_arn=asked.resource,
                service_context=asked.context,
            )
            or root_user.denial(asked)
        )


def _over_tls() -> str:
    return str(iam_evaluator._request_origin.get()[1]).lower()


def _following(asked: Question, call: DependentCall) -> Question:
    return Question(
        access_key_id=asked.access_key_id,
        action=call.action,
        service=call.action.partition(":")[0],
        region=call.region,
        resource=call.resource,
        context=dict(call.conditions),
        because_of=asked.action,
    )
