"""Delivery of events to the targets of rules, with the permissions that AWS asks for.

MiniStack delivers to queues and event buses even where their policies deny it, and to event buses
of other accounts and Regions never. A delivery that isn't permitted is logged, counted by
FailedInvocations, and dropped, as on AWS.
"""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import cloudwatch, eventbridge

from local.gateway.authorization import service_calls, simulation
from local.gateway.stores import queues
from local.gateway.stores.keys import key_problem
from local.gateway.sts.service_sessions import Caller, CannotAssumeRoleError, trusts

_logger = logging.getLogger(__name__)

_SERVICE = "events.amazonaws.com"


def invoke_target(original: Callable[..., None]) -> Callable[..., None]:
    """Deliver an event where the target's policies, and its role's, allow that."""

    def invoking(
        target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None
    ) -> None:
        problem = _problem(target, event, rule["Arn"])
        if problem is None:
            original(target, event, rule, view)
            return
        _logger.warning("%s: no delivery to %s: %s", rule["Arn"], target["Arn"], problem)
        cloudwatch.record_metric("AWS/Events", "FailedInvocations", 1, "Count", _of_rule(rule))

    return invoking


def _of_rule(rule: dict[str, Any]) -> dict[str, str]:
    """The dimensions of a rule's metrics."""
    bus = rule["EventBusName"]
    named = {"RuleName": rule["Name"]}
    return named if bus == "default" else {"EventBusName": bus, **named}


def _problem(target: dict[str, Any], event: dict[str, Any], rule_arn: str) -> str | None:
    """Why the event can't be delivered; None where it can, and for targets of other services."""
    arn = target["Arn"]
    service = arn.split(":")[2]
    if service == "sqs":
        return _queue_problem(arn, rule_arn)
    if service == "lambda":
        return _function_problem(arn, rule_arn)
    if service == "events" and ":event-bus/" in arn and "RoleArn" in target:
        return _bus_problem(arn, target["RoleArn"], event, rule_arn)
    return None


def _bus_problem(arn: str, role_arn: str, event: dict[str, Any], rule_arn: str) -> str | None:
    """Why the target's role can't put the event on the bus."""
    _, _, _, region, account_id, _ = rule_arn.split(":", 5)
    caller = Caller(service=_SERVICE, source_arn=rule_arn, account_id=account_id, region=region)
    try:
        if not trusts(role_arn, caller):
            return f"the trust policy of {role_arn} does not allow {_SERVICE} to assume it"
    except CannotAssumeRoleError as error:
        return str(error)
    conditions = {
        "events:source": event["Source"],
        "events:detail-type": event["DetailType"],
        "events:eventBusInvocation": "true",
    }
    bus_region = arn.split(":")[3]
    if simulation.allowed(
        role_arn, "events:PutEvents", arn, region=bus_region, conditions=conditions
    ):
        return None
    return f"{role_arn} is not authorized to perform: events:PutEvents"


def _function_problem(arn: str, rule_arn: str) -> str | None:
    """Why EventBridge can't invoke the function in its own name."""
    if service_calls.allowed(
        _SERVICE,
        "lambda:InvokeFunction",
        arn,
        region=arn.split(":")[3],
        conditions={"aws:SourceArn": rule_arn, "aws:SourceAccount": rule_arn.split(":")[4]},
    ):
        return None
    return f"the function's policy does not allow lambda:InvokeFunction by {_SERVICE}"


def _queue_problem(arn: str, rule_arn: str) -> str | None:
    """Why EventBridge can't send messages to the queue in its own name."""
    if queues.queue_of(arn) is None:
        return "the queue does not exist"
    source = {"aws:SourceArn": rule_arn, "aws:SourceAccount": rule_arn.split(":")[4]}
    region = arn.split(":")[3]
    if not service_calls.allowed(
        _SERVICE, "sqs:SendMessage", arn, region=region, conditions=source
    ):
        return f"the queue's policy does not allow sqs:SendMessage by {_SERVICE}"
    key = queues.key_of(arn)
    return None if key is None else _key_problem(key)


def _key_problem(key: queues.QueueKey) -> str | None:
    """Why EventBridge can't use the queue's key.

    Its calls to AWS KMS have no `aws:SourceArn` and no `aws:SourceAccount`: a key policy that
    compares them allows nothing.
    """
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        if not service_calls.allowed(
            _SERVICE, action, key.key_arn, region=key.region, conditions=key.context
        ):
            return f"the policy of {key.key_arn} does not allow {action} by {_SERVICE}"
    problem = key_problem(key.key_arn, key.region)
    return None if problem is None else problem.message


def dispatch_to_event_bus(
    target: Any,
    event: dict[str, Any],
    rule: dict[str, Any],
    path: set[str],
    replacement: str | None = None,
) -> None:
    """Put an event on the bus that a rule's target names, in any account and Region.

    The event keeps its own account and Region. `path` are the rules that sent it on before, which
    are not to get it again; rules of another account or Region aren't among them.
    """
    is_near = (target.account_id, target.region) == (get_account_id(), get_region())
    own_key = eventbridge._rule_key(rule["Name"], rule["EventBusName"])
    forwarded = {
        **event,
        "EventBusName": target.resource.removeprefix("event-bus/"),
        "_DispatchPath": [*path, own_key] if is_near else [],
    }
    if replacement is not None:
        forwarded["Detail"] = replacement
    with request_scope(target.account_id, target.region):
        eventbridge._dispatch_event(forwarded)
