"""Who is told, and the alarms whose settings depend on each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from components.aws.partitions import partition_of
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matching

_ADDRESSES = ("emails", "https_endpoints")


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the notifications and the alarms."""
    yield from _addresses(topology)
    yield from _topic(topology)
    yield from _budgets(topology)
    yield from _heartbeat(topology.hub.alarms.scheduler_heartbeat_minutes)


def _addresses(topology: Topology) -> Iterator[Problem]:
    told = topology.notifications
    for key in _ADDRESSES:
        path, addresses = ("notifications", key), getattr(told, key)
        if addresses and told.topic_arn is not None:
            yield from refused(
                path,
                Code.CONFLICTING_KEYS,
                addresses,
                "are addresses of a new topic, but topic_arn names an existing one",
                advice="Subscribe them to that topic, or remove topic_arn",
            )
        yield from _twice(path, addresses)


def _twice(path: KeyPath, addresses: Sequence[str]) -> Iterator[Problem]:
    for address in sorted({each for each in addresses if addresses.count(each) > 1}):
        yield from refused(
            path, Code.DUPLICATE_ADDRESS, address, "is there twice", advice="Write it once"
        )


def _topic(topology: Topology) -> Iterator[Problem]:
    told, hub = topology.notifications, topology.hub
    if hub.account not in topology.accounts:
        return
    account_id, partition = topology.accounts[hub.account].id, partition_of(hub.region)
    pattern = limits.TOPIC_ARN_PATTERN.format(
        partition=re.escape(partition), region=re.escape(hub.region), account_id=account_id
    )
    yield from matching(
        ("notifications", "topic_arn"),
        told.topic_arn,
        pattern,
        what="the ARN of a topic in the hub's account and Region",
        form=f"arn:{partition}:sns:{hub.region}:{account_id}:<name>",
        advice="An alarm can't publish elsewhere",
        relies_on=(("hub", "region"), ("hub", "account")),
    )


def _budgets(topology: Topology) -> Iterator[Problem]:
    """A budget tells its e-mail addresses itself, and costs arise where the stack has a part."""
    told = len(topology.notifications.emails)
    data, ml = topology.data_pipelines.values(), topology.ml_pipelines.values()
    used = {topology.hub.account, *(each.account for each in data), *(each.account for each in ml)}
    for alias, account in topology.accounts.items():
        path = ("accounts", alias, "monthly_budget")
        if account.monthly_budget is None:
            continue
        if alias not in used:
            yield from refused(
                path,
                Code.CONFLICTING_KEYS,
                account.monthly_budget,
                "is the budget of an account in which the stack has nothing",
                advice="Remove it",
            )
        elif not 1 <= told <= limits.BUDGET_ADDRESSES:
            yield from refused(
                path,
                Code.CONFLICTING_KEYS,
                account.monthly_budget,
                f"is a budget that is told to notifications.emails, which has {told} addresses",
                expected=f"1 to {limits.BUDGET_ADDRESSES}",
                advice="Add an address, such as a mailing list's",
            )


def _heartbeat(minutes: int | None) -> Iterator[Problem]:
    step = limits.HEARTBEAT_STEP_MINUTES
    if minutes is not None and minutes % step:
        yield from refused(
            ("hub", "alarms", "scheduler_heartbeat_minutes"),
            Code.OUT_OF_RANGE,
            minutes,
            "is not a number of whole periods",
            expected=f"a multiple of {step} minutes",
        )
