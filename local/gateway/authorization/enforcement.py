"""Authorization of every call: MiniStack's evaluator, given what AWS gives its own, and recorded.

MiniStack decides on one action, one resource and one set of condition keys. The gateway corrects
these three, asks the same evaluator for the dependent actions of the call, and records every
decision.
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
from local.gateway.authorization.dependent_actions import dependent_actions
from local.gateway.authorization.request import AuthorizationRequest, Denied, DependentAction
from local.gateway.authorization.resource_arns import is_airflow_role, other_forms
from local.gateway.authorization.stored_keys import stored_keys
from local.gateway.stores import function_sessions

_Enforce = Callable[..., Denied | None]


def _recorded(denied: Denied | None) -> Decision:
    """The decision as the record names it."""
    if denied is None:
        return "allow"
    if isinstance(denied, iam_evaluator.AuthError):
        return "unauthenticated"
    return call_record.decision_of(denied)


class Authorizer:
    """MiniStack's `enforce`, completed."""

    _original: _Enforce

    def completing(self, original: _Enforce) -> _Enforce:
        """`enforce`, which asks the original for each decision."""
        self._original = original
        return self.enforce

    def enforce(
        self,
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        *,
        resource_arn: str = "*",
        service_context: Mapping[str, Any] | None = None,
    ) -> Denied | None:
        """The decision where it denies the call, else None. MiniStack's name and arguments."""
        api_request = current_request.current.get()
        context = dict(service_context or {})
        if api_request is not None:
            iam_action = actions.iam_action(api_request, iam_action, resource_arn)
            context |= condition_keys(api_request, iam_action, resource_arn)
        request = AuthorizationRequest(
            access_key_id=access_key_id,
            action=iam_action,
            service=service,
            region=region,
            resource=resource_arn,
            context=context,
        )
        denied = self._decide(request)
        if denied is not None or api_request is None:
            return denied
        further = dependent_actions(api_request, iam_action, resource_arn)
        requests = (_dependent(request, each) for each in further)
        decisions = (self._decide(each) or unusable_keys.decision(each) for each in requests)
        return next((denied for denied in decisions if denied is not None), None)

    def may(
        self, access_key_id: str, account_id: str, action: str, resource: str, region: str
    ) -> bool:
        """Whether a caller who reads an object may do `action` as well."""
        with request_scope(account_id, region):
            request = AuthorizationRequest(
                access_key_id=access_key_id,
                action=action,
                service=action.partition(":")[0],
                region=region,
                resource=resource,
                context={},
                because_of="s3:GetObject",
            )
            return self._decide(request) is None

    def _decide(self, request: AuthorizationRequest) -> Denied | None:
        of_caller = function_sessions.condition_keys(request.access_key_id)
        request = replace(request, context=request.context | of_caller)
        denied, form = self._in_every_form(request)
        if denied is not None:
            access_denied_messages.note(request.action, request.resource)
        call_record.add(
            Call(
                principal=principal_arns.caller_arn(request.access_key_id, get_account_id()),
                action=request.action,
                resource=form,
                region=request.region,
                decision=_recorded(denied),
                because_of=request.because_of,
                conditions={**request.context, "aws:SecureTransport": _over_tls()},
            )
        )
        return denied

    def _in_every_form(self, request: AuthorizationRequest) -> tuple[Denied | None, str]:
        """The decision, and the form of the resource's ARN that it was made on.

        One form that is allowed is enough. An explicit denial of another form is final, but not
        where the forms are Airflow's roles: a caller without one role can have another one.
        """
        forms = (request.resource, *other_forms(request.resource))
        decisions = [self._denied(replace(request, resource=form)) for form in forms]
        final = (each for each in decisions if _recorded(each) not in {"allow", "implicit-deny"})
        if not is_airflow_role(request.resource) and (denied := next(final, None)) is not None:
            return denied, request.resource
        if None not in decisions:
            return decisions[0], request.resource
        return None, forms[decisions.index(None)]

    def _denied(self, request: AuthorizationRequest) -> Denied | None:
        return (
            passed_roles.decision(request)
            or self._original(
                request.access_key_id,
                request.action,
                request.service,
                request.region,
                resource_arn=request.resource,
                service_context=request.context,
            )
            or root_user.decision(request)
        )


def _over_tls() -> str:
    return str(iam_evaluator._request_origin.get()[1]).lower()


def _dependent(request: AuthorizationRequest, further: DependentAction) -> AuthorizationRequest:
    return AuthorizationRequest(
        access_key_id=request.access_key_id,
        action=further.action,
        service=further.action.partition(":")[0],
        region=further.region,
        resource=further.resource,
        context=stored_keys(further.action, further.resource) | dict(further.conditions),
        because_of=request.action,
    )
