"""The one recording mock of Pulumi's engine.

`evaluate` runs any program that registers resources, `evaluate_stack` the real `__main__.py`, and
both return what was registered: plain inputs, which of them were secret, provider, parent,
dependencies and options. The mock is stricter than Pulumi's own: a duplicate URN, a missing
provider, an unknown type or an unknown invoke end the program instead of passing silently.

It doesn't show that AWS accepts a value, or that the provider's schema does.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import hashlib
import json
import runpy
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import yaml
from google.protobuf import empty_pb2, json_format  # type: ignore[import-untyped]
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import Stack, run_pulumi_func, wait_for_rpcs

from components.aws.account_region import AccountRegion
from local.deployment.program import skip_stack_traces
from tests.mock_outputs import call_result, outputs_of
from tests.policy_documents import PolicyDocument, policy_documents
from tests.topologies import (
    private_topology,
    shared_topology,
    topology_with_access,
    transit_topology,
)

ROOT = Path(__file__).parent.parent
PROJECT = "unified-pipelines"

_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One resource as the engine would have seen it."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    """URN of the parent; the stack's own for a resource at the top."""
    provider: str
    """URN of the provider, empty for components and for providers themselves."""
    account_region: AccountRegion | None
    """Account and Region of the provider; None for components, providers and random resources."""
    inputs: Mapping[str, Any]
    """Plain inputs: secrets unwrapped, assets as a path and the content's hash, or as a text."""
    secret_inputs: frozenset[str]
    """The inputs that were secret, or held one."""
    outputs: Mapping[str, Any]
    depends_on: frozenset[str]
    """URNs of everything it waits for, named in the options or used in an input."""
    property_dependencies: Mapping[str, frozenset[str]]
    protect: bool
    delete_before_replace: bool
    replacement_trigger: Any
    """A change of it replaces the resource; None where there is none."""
    retain_on_delete: bool
    ignore_changes: tuple[str, ...]
    additional_secret_outputs: tuple[str, ...]
    aliases: tuple[str, ...]
    """The former names that its own options give, without those that follow from its parent's."""
    hooks: frozenset[str]
    """The names of the hooks that the engine would call around an update."""

    def document(self, key: str) -> dict[str, Any]:
        """The input `key` parsed as JSON: a policy, a secret's value, an object's content."""
        parsed: dict[str, Any] = json.loads(self.inputs[key])
        return parsed

    @property
    def policies(self) -> Iterator[PolicyDocument]:
        """Every policy document in the inputs, wherever it is."""
        return policy_documents(self.inputs)


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """One call of a provider function."""

    token: str
    arguments: Mapping[str, Any]
    account_region: AccountRegion


@dataclass(kw_only=True)
class Recorded:
    """All that one evaluation registered, in a stable order."""

    registrations: dict[str, Registration] = field(default_factory=dict)
    """By URN."""
    invocations: list[Invocation] = field(default_factory=list)
    component_outputs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """What each component, and the stack itself, registered as outputs, by URN."""
    result: Any = None
    """What the program returned, with every output in it resolved."""

    def __iter__(self) -> Iterator[Registration]:
        return iter(sorted(self.registrations.values(), key=lambda entry: entry.urn))

    def of_type(self, type_: str) -> list[Registration]:
        """Every resource of a type token, or of its end such as `kms/key:Key` or `Key`."""
        return [entry for entry in self if _is_type(entry.type, type_)]

    def one(self, type_: str, name: str | None = None) -> Registration:
        """The only resource of `type_` (called `name`); an error lists those there are."""
        found = [entry for entry in self.of_type(type_) if name is None or entry.name == name]
        if len(found) != 1:
            names = [f"{entry.type} {entry.name}" for entry in self]
            raise AssertionError(f"{len(found)} resources {type_} {name or ''}; there are {names}")
        return found[0]

    def children_of(self, urn: str) -> list[Registration]:
        """The direct children of a resource."""
        return [entry for entry in self if entry.parent == urn]

    def below(self, urn: str) -> list[Registration]:
        """The children of a resource, their children, and so on."""
        return [
            entry for child in self.children_of(urn) for entry in (child, *self.below(child.urn))
        ]

    def tree(self, urn: str) -> list[tuple[str, str]]:
        """(last part of the type, name) of the direct children, sorted."""
        return sorted((entry.type.split(":")[-1], entry.name) for entry in self.children_of(urn))

    def waits_for(self, urn: str) -> set[str]:
        """URNs of all that has to be there before `urn` is made, however indirectly."""
        seen: set[str] = set()
        open_ = [urn]
        while open_:
            entry = self.registrations.get(open_.pop())
            if entry is None:
                continue
            new = (set(entry.depends_on) | ({entry.provider} - {""})) - seen
            seen |= new
            open_.extend(new)
        return seen

    def stack_outputs(self) -> Mapping[str, Any]:
        """What the program exports."""
        return next(
            outputs
            for urn, outputs in self.component_outputs.items()
            if "::pulumi:pulumi:Stack::" in urn
        )


class RecordingMonitor(mocks.MockMonitor):
    """A monitor that records every registration and refuses what Pulumi's mock lets pass."""

    def __init__(self, *, preview: bool) -> None:
        super().__init__(_NoMocks())
        self.recorded = Recorded()
        self._preview = preview
        self._providers: dict[str, Mapping[str, Any]] = {}
        self._lock = threading.Lock()

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (a name of gRPC)
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:Stack":
            return resource_pb2.RegisterResourceResponse(urn=urn)
        raw = rpc.deserialize_properties(request.object)
        inputs = _plain(raw)
        computed = self._computed(urn, request, inputs) if request.custom else {}
        entry = self._registration(urn, request, raw, inputs, computed)
        with self._lock:
            if urn in self.recorded.registrations:
                raise ValueError(f"{urn} is registered twice: give one of them another name")
            self.recorded.registrations[urn] = entry
            if request.type.startswith("pulumi:providers:"):
                self._providers[urn] = entry.inputs
        properties = _serialized({**raw, **computed})
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=computed.get("id", ""), object=properties
        )

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 (a name of gRPC)
        outputs = rpc.deserialize_properties(request.outputs)
        with self._lock:
            self.recorded.component_outputs[request.urn] = _plain(outputs)
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:  # noqa: N802 (a name of gRPC)
        account_region = self._account_region(request.provider, f"the call of {request.tok}")
        if account_region is None:
            raise ValueError(f"{request.tok} is called through a provider without a Region")
        arguments = _plain(rpc.deserialize_properties(request.args))
        with self._lock:
            self.recorded.invocations.append(
                Invocation(token=request.tok, arguments=arguments, account_region=account_region)
            )
        answer = call_result(request.tok, arguments, account_region)
        properties = _serialized(answer)
        return resource_pb2.ResourceInvokeResponse(**{"return": properties})

    def _computed(self, urn: str, request: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """What AWS would add to the inputs; in a preview, nothing."""
        account_region = None
        if not request.type.startswith("pulumi:providers:"):
            account_region = self._account_region(request.provider, urn)
        computed = outputs_of(request.type, request.name, inputs, account_region)
        return {} if self._preview else computed

    def _registration(
        self,
        urn: str,
        request: Any,
        raw: Mapping[str, Any],
        inputs: Mapping[str, Any],
        computed: Mapping[str, Any],
    ) -> Registration:
        return Registration(
            urn=urn,
            type=request.type,
            name=request.name,
            custom=request.custom,
            parent=request.parent,
            provider=request.provider.rpartition("::")[0],
            account_region=self._account_region(request.provider, urn)
            if request.provider
            else None,
            inputs=inputs,
            secret_inputs=frozenset(key for key, value in raw.items() if _holds_secret(value)),
            outputs={**inputs, **computed},
            depends_on=frozenset(request.dependencies),
            property_dependencies={
                key: frozenset(value.urns) for key, value in request.propertyDependencies.items()
            },
            protect=request.protect,
            delete_before_replace=request.deleteBeforeReplace,
            replacement_trigger=_trigger(request),
            retain_on_delete=request.retainOnDelete,
            ignore_changes=tuple(request.ignoreChanges),
            additional_secret_outputs=tuple(request.additionalSecretOutputs),
            aliases=tuple(alias.spec.name for alias in request.aliases),
            hooks=frozenset(
                {
                    *request.hooks.before_update,
                    *request.hooks.after_update,
                    *request.hooks.on_error,
                }
            ),
        )

    def _account_region(self, provider: str, what: str) -> AccountRegion | None:
        urn = provider.rpartition("::")[0]
        if urn not in self._providers:
            raise ValueError(f"{what} has no explicit provider: pass one, or set its parent")
        inputs = self._providers[urn]
        if "region" not in inputs:
            return None
        (account_id,) = _json_list(inputs["allowedAccountIds"])
        return AccountRegion(account_id=account_id, region=inputs["region"])


class _NoMocks(mocks.Mocks):
    """Never asked: `RecordingMonitor` answers itself."""

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise NotImplementedError


def evaluate(
    program: Callable[[], Any],
    *,
    stack: str = "dev",
    config: Mapping[str, str] | None = None,
    preview: bool = False,
) -> Recorded:
    """Run `program` under the mock in a runtime and an event loop of its own.

    `config` has the program's configuration, structured values as JSON. With `preview`, resources
    answer only what the program itself gave them, as on the preview of a new stack.
    """

    def evaluation() -> Recorded:
        return _evaluate(program, stack=stack, config=config or {}, preview=preview)

    return contextvars.copy_context().run(evaluation)


def stack_config(stack: str) -> dict[str, str]:
    """The configuration in a stack's file, as the engine hands it to the program."""
    text = (ROOT / "stacks" / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    values: dict[str, Any] = yaml.safe_load(text)["config"]
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()
    }


def evaluate_stack(
    stack: str,
    *,
    topology: Mapping[str, Any] | None = None,
    config: Mapping[str, str] | None = None,
    preview: bool = False,
    name: str | None = None,
) -> Recorded:
    """Run `__main__.py` with a stack's file, or with another `topology` or `name` instead."""
    values = {**stack_config(stack), **(config or {})}
    if topology is not None:
        values[f"{PROJECT}:topology"] = json.dumps(topology)
    return evaluate(
        lambda: runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__") and None,
        stack=name or stack,
        config=values,
        preview=preview,
    )


@functools.cache
def stack_as_it_is(stack: str) -> Recorded:
    """What `__main__.py` registers with a stack's file: evaluated once, to be read only."""
    return evaluate_stack(stack)


@functools.cache
def private_stack() -> Recorded:
    """What it registers for `dev` with private networks: evaluated once, to be read only."""
    return evaluate_stack("dev", topology=private_topology())


@functools.cache
def transit_stack() -> Recorded:
    """The same with transit gateways in three Regions."""
    return evaluate_stack("dev", topology=transit_topology())


@functools.cache
def shared_stack() -> Recorded:
    """`dev` in a VPC that another account shares."""
    return evaluate_stack("dev", topology=shared_topology())


@functools.cache
def stack_with_access() -> Recorded:
    """`dev` with an access in an account of its own."""
    return evaluate_stack("dev", topology=topology_with_access())


def aws_provider(account_id: str = "222222222222", region: str = "us-east-1") -> aws.Provider:
    """An explicit provider for a component under test; call it inside the program."""
    return aws.Provider(f"{account_id}-{region}", region=region, allowed_account_ids=[account_id])


def random_provider() -> random.Provider:
    """The explicit provider of generated values; call it inside the program."""
    return random.Provider("random")


def _evaluate(
    program: Callable[[], Any], *, stack: str, config: Mapping[str, str], preview: bool
) -> Recorded:
    skip_stack_traces()
    loop = asyncio.new_event_loop()
    # The first error is raised; the loop would print it again for every resource that waited.
    loop.set_exception_handler(lambda *_: None)
    asyncio.set_event_loop(loop)
    try:
        settings.reset_options(project=PROJECT, stack=stack, preview=preview)
        set_all_config(dict(config), [])
        monitor = RecordingMonitor(preview=preview)
        mocks.set_mocks(_NoMocks(), project=PROJECT, stack=stack, preview=preview, monitor=monitor)
        results: list[Any] = []
        loop.run_until_complete(run_pulumi_func(lambda: results.append(program())))
        loop.run_until_complete(_finish(monitor, results))
        return monitor.recorded
    except BaseException:
        _give_up_what_waits(loop)
        raise
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        asyncio.set_event_loop(None)


def _give_up_what_waits(loop: asyncio.AbstractEventLoop) -> None:
    """End what a program that failed has left behind, which Python would warn of."""
    waiting = asyncio.all_tasks(loop)
    for task in waiting:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))


async def _finish(monitor: RecordingMonitor, results: list[Any]) -> None:
    """Register the stack's outputs, as the engine's host does, and resolve the result."""
    root = settings.get_root_resource()
    assert isinstance(root, Stack)
    root.register_outputs(root.outputs)
    await wait_for_rpcs()
    (result,) = results
    monitor.recorded.result = _plain(await pulumi.Output.from_input(result).future())


def _serialized(values: Mapping[str, Any]) -> Any:
    """`values` as they travel. They wait for nothing, so no event loop has to be made for them."""
    coroutine = rpc.serialize_properties(dict(values), {})
    try:
        coroutine.send(None)
    except StopIteration as finished:
        return finished.value
    raise AssertionError(f"the outputs {values} hold something to wait for")


def _is_type(token: str, wanted: str) -> bool:
    return token == wanted or token.endswith((f":{wanted}", f"/{wanted}"))


def _holds_secret(value: Any) -> bool:
    if isinstance(value, Mapping):
        if value.get(rpc._special_sig_key) == _SECRET_SIGNATURE:
            return True
        return any(_holds_secret(item) for item in value.values())
    return isinstance(value, list) and any(_holds_secret(item) for item in value)


def _plain(value: Any) -> Any:
    """`value` with secrets unwrapped and assets as dictionaries."""
    if isinstance(value, pulumi.FileAsset):
        # The engine compares a file by its content.
        content = Path(value.path).read_bytes()
        return {"path": str(value.path), "hash": hashlib.sha256(content).hexdigest()}
    if isinstance(value, pulumi.StringAsset):
        return {"text": str(value.text)}
    if isinstance(value, pulumi.AssetArchive):
        return _plain(value.assets)
    if isinstance(value, Mapping):
        if value.get(rpc._special_sig_key) == _SECRET_SIGNATURE:
            return _plain(value["value"])
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _trigger(request: Any) -> Any:
    if not request.HasField("replacement_trigger"):
        return None
    return json_format.MessageToDict(request.replacement_trigger)


def _json_list(value: Any) -> list[str]:
    """Provider inputs that are not strings travel as JSON."""
    return list(json.loads(value)) if isinstance(value, str) else list(value)
