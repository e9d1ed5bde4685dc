"""What starts a data pipeline's runs: uploads whose keys EventBridge can match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from components.aws.arns import role_arn
from components.aws.naming import OWNER_PATTERN, Names
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matches
from components.uploads.names import SENDER_ROLE, bus_arn
from components.uploads.policies import BUS_POLICY_LIMIT, bus_policy

_EXPECTED = (
    f"raw/ and a path, at most {limits.RAW_KEY_BYTES:,} bytes of letters, digits and !_.'()=/-, "
    "no folder of it empty, . or .., with single * for any characters, such as raw/incoming/*.csv"
)


def problems(topology: Topology, names: Names) -> Iterator[Problem]:
    """What is wrong with the data pipelines' `start.on_upload`, each by itself and together."""
    for name, pattern in topology.upload_keys().items():
        yield from _pattern(("data_pipelines", name, "start", "on_upload"), pattern)
    yield from _too_many(topology, names)


def _pattern(path: KeyPath, pattern: str) -> Iterator[Problem]:
    if (
        not matches(pattern, limits.UPLOADS_PATTERN)
        or len(pattern.encode()) > limits.RAW_KEY_BYTES
        # EventBridge refuses wildcards in a row.
        or "**" in pattern
        or any(folder in {"", ".", ".."} for folder in pattern.split("/"))
    ):
        yield from refused(
            path,
            Code.MALFORMED,
            pattern,
            "is not a pattern of keys under raw/",
            expected=_EXPECTED,
            advice=_advice(pattern),
        )


def _advice(pattern: str) -> str:
    if "{" in pattern:
        return "Write * in place of {date}: a run reads the object that started it"
    return "Name the objects, not a folder" if pattern.endswith("/") else ""


def _too_many(topology: Topology, names: Names) -> Iterator[Problem]:
    """More pipelines than the policy of the hub's bus can name."""
    hub = topology.accounts.get(topology.hub.account)
    roles: dict[str, list[str]] = defaultdict(list)
    for name in topology.upload_keys():
        pipeline = topology.data_pipelines[name]
        account = topology.accounts.get(pipeline.account)
        if account is not None and matches(name, OWNER_PATTERN):
            role = role_arn(pipeline.region, account.id, names.role(name, SENDER_ROLE))
            roles[account.id].append(role)
    if hub is None or not roles:
        return
    region = topology.hub.region
    length = len(bus_policy(bus_arn(names, region, hub.id), region, roles))
    if length > BUS_POLICY_LIMIT:
        yield from refused(
            ("data_pipelines",),
            Code.TOO_MANY,
            sum(map(len, roles.values())),
            "pipelines with on_upload don't fit into the policy of the hub's event bus",
            expected=f"about {sum(map(len, roles.values())) * BUS_POLICY_LIMIT // length}, because "
            f"it would have {length} characters and EventBridge takes {BUS_POLICY_LIMIT}",
            advice="Give some of them a stack, and so a hub, of their own",
        )
