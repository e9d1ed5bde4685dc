"""Authorisation of every call: MiniStack's evaluator, given what AWS would give it, and recorded.

MiniStack decides on one action, resource and set of condition keys at a time. Here these are
completed, the further permissions a call needs are put to the same evaluator, and every decision
is written to the record.
"""
# ruff: noqa: SLF001 -- hooks into MiniStack's own functions

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region, request_scope

from local.gateway import actions, call_record, missing_objects, principals, resource_policies
from local.gateway.call_record import Call, Decision
from local.gateway.conditions import condition_keys
from local.gateway.current_request import Request, current
from local.gateway.dependent_calls import DependentCall, dependent_calls
from local.gateway.resources import other_forms, resource_arn

_Denial: TypeAlias = Any
"""MiniStack's EvalResult (policies say no) or AuthError (who is it?); neither has types."""

_denied_call: ContextVar[tuple[str, str] | None] = ContextVar("denied_call", default=None)
"""The action and resource that the last denial was about, for its message."""


def _decision(denial: _Denial | None) -> Decision:
    if denial is None:
        return "allow"
    if isinstance(denial, iam_evaluator.AuthError):
        return "unauthenticated"
    return call_record.decision_of(denial)


@dataclass(frozen=True, kw_only=True)
class _Question:
    """Whether the holder of an access key may do something."""

    access_key_id: str
    action: str
    service: str
    region: str
    resource: str
    context: dict[str, Any]
    because_of: str | None = None


class Authoriser:
    """MiniStack's `enforce`, completed."""

    def __init__(self, enforce: Callable[..., _Denial | None]) -> None:
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
    ) -> _Denial | None:
        """None where the call may be made, else why not. Takes MiniStack's place and arguments."""
        request = current.get()
        context = dict(service_context or {})
        if request is not None:
            iam_action = actions.iam_action(request, iam_action, resource_arn)
            context |= condition_keys(request, iam_action)
        asked = _Question(
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
        denials = (self._decide(_following(asked, call)) for call in calls)
        return next((denial for denial in denials if denial is not None), None)

    def may(
        self, access_key_id: str, account_id: str, action: str, resource: str, region: str
    ) -> bool:
        """Whether a caller who reads an object might do `action` as well."""
        with request_scope(account_id, region):
            asked = _Question(
                access_key_id=access_key_id,
                action=action,
                service=action.partition(":")[0],
                region=region,
                resource=resource,
                context={},
                because_of="s3:GetObject",
            )
            return self._decide(asked) is None

    def _decide(self, asked: _Question) -> _Denial | None:
        denial = self._denied_in_every_form(asked)
        if denial is not None:
            _denied_call.set((asked.action, asked.resource))
        call_record.add(
            Call(
                principal=principals.caller_arn(asked.access_key_id, get_account_id()),
                action=asked.action,
                resource=asked.resource,
                region=asked.region,
                decision=_decision(denial),
                because_of=asked.because_of,
                conditions={**asked.context, "aws:SecureTransport": _over_tls()},
            )
        )
        return denial

    def _denied_in_every_form(self, asked: _Question) -> _Denial | None:
        """One form that is allowed is enough, unless a policy denies another one explicitly."""
        forms = (asked.resource, *other_forms(asked.resource))
        denials = [self._denied(replace(asked, resource=form)) for form in forms]
        final = (each for each in denials if _decision(each) not in {"allow", "implicit-deny"})
        allowed = any(denial is None for denial in denials)
        return next(final, None if allowed else denials[0])

    def _denied(self, asked: _Question) -> _Denial | None:
        return (
            _passed_to_another_account(asked)
            or self._enforce(
                asked.access_key_id,
                asked.action,
                asked.service,
                asked.region,
                resource_arn=asked.resource,
                service_context=asked.context,
            )
            or _root_denied(asked)
        )


def _over_tls() -> str:
    return str(iam_evaluator._request_origin.get()[1]).lower()


def _following(asked: _Question, call: DependentCall) -> _Question:
    return _Question(
        access_key_id=asked.access_key_id,
        action=call.action,
        service=call.action.partition(":")[0],
        region=call.region,
        resource=call.resource,
        context=dict(call.conditions),
        because_of=asked.action,
    )


def _passed_to_another_account(asked: _Question) -> _Denial | None:
    """A role is only passed to a service of its own account, whatever policies and root may."""
    account_id = get_account_id()
    if asked.action != "iam:PassRole" or asked.resource.split(":")[4:5] in ([], [account_id]):
        return None
    return iam_evaluator.EvalResult(
        "ImplicitDeny", principals.caller_arn(asked.access_key_id, account_id)
    )


_POLICY_REPAIR = frozenset({"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})
"""What an account's root may always do to its own bucket, so that nobody is locked out."""


def _root_denied(asked: _Question) -> _Denial | None:
    """A bucket policy's denial, which binds an account's root too; MiniStack lets root pass."""
    if asked.service != "s3" or asked.action in _POLICY_REPAIR:
        return None
    if not iam_evaluator.is_root_access_key(asked.access_key_id):
        return None
    found = iam_evaluator._resource_policy(asked.service, asked.resource)
    if found is None:
        return None
    account_id = get_account_id()
    evaluated = iam_evaluator.evaluate_resource_policy(
        found[0],
        iam_evaluator.EvalContext(
            principal_arn=f"arn:aws:iam::{account_id}:root",
            principal_type="Root",
            principal_account=account_id,
            action=asked.action,
            resource_arn=asked.resource,
            region=asked.region,
            service_context={key.lower(): value for key, value in asked.context.items()},
        ),
    )
    if evaluated.decision != "Deny":
        return None
    evaluated.resource_policy_arn = asked.resource
    return evaluated


def _keep_request(original: Callable[..., str]) -> Callable[..., str]:
    """MiniStack's look-up of a request's resource, which every authorisation begins with."""

    def extract_resource_arn(*arguments: Any) -> str:
        service, method, path, headers, body, parameters, region, account_id = arguments
        request = Request(
            service=service,
            method=method,
            path=path,
            headers=headers,
            body=body,
            parameters=parameters,
            region=region or get_region(),
            account_id=account_id or get_account_id(),
        )
        current.set(request)
        return resource_arn(request) or original(*arguments)

    return extract_resource_arn


def _name_denied_call(original: Callable[..., Any]) -> Callable[..., Any]:
    """MiniStack's answer to a denied call, naming the action and resource that were denied."""

    def access_denied_response(
        service: str, action: str, principal_arn: str, request_id: str, **options: Any
    ) -> Any:
        denied = _denied_call.get()
        if denied is not None and not options.get("error_code"):
            action, options["resource_arn"] = denied
            explicit = bool(options.get("explicit_deny"))
            if not (explicit and options.get("resource_policy_arn")):
                options["message"] = iam_actions.identity_denial_message(
                    action, principal_arn, options["resource_arn"], explicit
                )
        return original(service, action, principal_arn, request_id, **options)

    return access_denied_response


def _record_trust(original: Callable[..., bool]) -> Callable[..., bool]:
    """MiniStack's look at a role's trust policy when somebody assumes the role."""

    def evaluate_trust_policy(
        document: Any, caller: str, context: iam_evaluator.EvalContext | None = None
    ) -> bool:
        trusted = original(document, caller, context)
        if context is not None:
            call_record.add(
                Call(
                    principal=caller,
                    action=context.action,
                    resource=context.resource_arn,
                    region=context.region,
                    decision="allow" if trusted else "implicit-deny",
                    policy="trust",
                    conditions=dict(context.service_context),
                )
            )
        return trusted

    return evaluate_trust_policy


def install() -> None:
    """Put the completed authorisation in MiniStack's place."""
    iam_actions.SERVICE_TO_IAM_NAMESPACE["sagemaker"] = "sagemaker"
    principals.install()
    resource_policies.install()
    authoriser = Authoriser(iam_evaluator.enforce)
    iam_evaluator.enforce = authoriser.enforce
    iam_evaluator.evaluate_trust_policy = _record_trust(iam_evaluator.evaluate_trust_policy)
    missing_objects.install(authoriser)
    iam_actions.extract_resource_arn = _keep_request(iam_actions.extract_resource_arn)
    iam_actions.access_denied_response = _name_denied_call(iam_actions.access_denied_response)
