"""Pulumi's engine as far as a program sees it, creating each resource through the AWS API.

A local deployment starts from an empty AWS, or from what an earlier one of this process left:
`change` updates what differs, `removal` removes. Nothing is replaced, and aliases and the like are
without effect here.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.sync_await import _sync_await

from local.deployment.change import change
from local.deployment.creation import Existing, Registration, create
from local.deployment.errors import DeploymentError
from local.deployment.provider_function import ProviderFunction
from local.deployment.providers import AwsProvider, aws_provider
from local.deployment.refusals import Refusal, sentence
from local.deployment.services import PROVIDER_FUNCTIONS
from local.deployment.stopping import Stop, StoppedError
from local.deployment.wire import plain, provider_inputs

OnCreated = Callable[[str, str], None]
"""Told the type token and the logical name of each resource once it exists."""

_STACK = "pulumi:pulumi:Stack"
_PROVIDERS = "pulumi:providers:"


class AwsMonitor(MockMonitor):
    """Creates what is registered; registrations come in several threads at once.

    What there is stands in `existing`, each after what it needs, and `before` is the same of an
    earlier deployment. The first failure is kept in
    `failure` and ends everything that still waits.
    """

    def __init__(self, on_created: OnCreated, stop: Stop, before: Sequence[Existing] = ()) -> None:
        super().__init__(_Unused())
        self.stop = stop
        self.existing: list[Existing] = []
        self.failure: DeploymentError | None = None
        self._before = {each.registration.urn: each for each in before}
        self._on_created = on_created
        self._providers: dict[str, AwsProvider] = {}
        self._urns: set[str] = set()
        self._lock = threading.Lock()

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (Pulumi's name)
        """Create a resource, or end the program with a sentence that names it."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == _STACK:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        with _event_loop():
            try:
                self._check(request, urn)
                id_, state = self._create(request, urn)
            except Refusal as error:
                raise self._failed(urn, error) from error
            object_ = _serialized(state)
        self._on_created(request.type, request.name)
        self.resources[urn] = self.ResourceRegistration(urn, id_, state)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=object_)

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Refused: nothing exists here before the program runs."""
        urn = self.make_urn(request.parent, request.type, request.name)
        refusal = DeploymentError("it reads an existing resource, but a local AWS starts empty")
        raise self._failed(urn, refusal)

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Call one of the provider's functions."""
        with _event_loop():
            arguments = plain(rpc.deserialize_properties(request.args))
            try:
                function = _provider_function(request.tok)
                answer = function.call(arguments, self._aws_provider_of(request))
            except Refusal as error:
                raise self._failed(request.tok, error) from error
            return resource_pb2.ResourceInvokeResponse(**{"return": _serialized(answer)})

    def _check(self, request: Any, urn: str) -> None:
        self.stop.check()
        with self._lock:
            if urn in self._urns:
                raise DeploymentError("it is registered twice: give one of the two another name")
            self._urns.add(urn)
        if request.importId:
            raise DeploymentError("it imports an existing resource, but a local AWS starts empty")

    def _create(self, request: Any, urn: str) -> tuple[str, dict[str, Any]]:
        inputs = rpc.deserialize_properties(request.object)
        if not request.custom:
            return "", inputs
        if request.type.startswith(_PROVIDERS):
            self._register_provider(request, urn, provider_inputs(inputs))
            return str(request.name), inputs
        registration = Registration(
            urn=urn,
            type=request.type,
            logical_name=request.name,
            inputs=inputs,
            protected=request.protect,
            retained=request.retainOnDelete,
        )
        provider = self._provider_of(request.provider, request.type)
        before = self._before.get(urn)
        if before is None:
            existing = create(registration, provider, self.stop)
        else:
            existing = change(before, registration, provider, self.stop)
        self.existing.append(existing)
        return existing.id, dict(existing.state)

    def _register_provider(self, request: Any, urn: str, inputs: Mapping[str, Any]) -> None:
        if request.type == f"{_PROVIDERS}aws":
            self._providers[urn] = aws_provider(request.name, inputs)

    def _provider_of(self, reference: str, token: str) -> AwsProvider | None:
        """The AWS provider of `reference`, `<urn>::<id>`; None where the package isn't aws."""
        package = token.partition(":")[0]
        urn = reference.rpartition("::")[0]
        if not _is_provider(urn, package):
            raise DeploymentError(
                f"it has no explicit provider of the package {package}, so nothing says where it"
                f" belongs: pass provider= to it or to its component"
            )
        return self._providers.get(urn)

    def _aws_provider_of(self, request: Any) -> AwsProvider:
        provider = self._provider_of(request.provider, request.tok)
        if provider is None:
            raise DeploymentError(f"its provider {request.provider} was never registered")
        return provider

    def _failed(self, subject: str, error: Exception) -> DeploymentError:
        if isinstance(error, StoppedError):
            return error
        failure = DeploymentError(f"{subject}: {sentence(error)}")
        with self._lock:
            self.failure = self.failure or failure
        self.stop.request()
        return failure


def _provider_function(token: str) -> ProviderFunction:
    if token not in PROVIDER_FUNCTIONS:
        raise DeploymentError(
            f"the local deployment doesn't know the function {token}: describe it by a"
            f" ProviderFunction in the module of its service in local/deployment/services/"
        )
    return PROVIDER_FUNCTIONS[token]


def _is_provider(urn: str, package: str) -> bool:
    """Whether `urn`, `urn:pulumi:<stack>::<project>::<types>::<name>`, is of that provider."""
    types = urn.rpartition("::")[0].rpartition("::")[2]
    return types.split("$")[-1] == f"{_PROVIDERS}{package}"


@contextmanager
def _event_loop() -> Iterator[None]:
    """One for this thread, which the SDK's (de)serialization wants."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _serialized(properties: Mapping[str, Any]) -> Any:
    return _sync_await(rpc.serialize_properties(dict(properties), {}))


class _Unused(Mocks):
    """What the base class wants to be given; nothing of it is ever asked."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        raise NotImplementedError

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError
