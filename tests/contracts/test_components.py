"""What holds for every component in `components`: none has to be listed here."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import inspect
import pkgutil

import pulumi
import pytest

import components
from tests.mocks import (
    Recorded,
    Registration,
    private_stack,
    shared_stack,
    stack_as_it_is,
    stack_with_access,
    transit_stack,
)


@functools.cache
def discovered() -> dict[str, type[pulumi.ComponentResource]]:
    """Every component class defined in `components`, by name."""
    found = {}
    for module_info in pkgutil.walk_packages(components.__path__, "components."):
        module = importlib.import_module(module_info.name)
        for name, class_ in inspect.getmembers(module, inspect.isclass):
            if (
                issubclass(class_, pulumi.ComponentResource)
                and class_.__module__ == module.__name__
            ):
                assert name not in found, f"two components are called {name}"
                found[name] = class_
    return found


def stacks() -> list[Recorded]:
    """Together they have every component."""
    others = (private_stack, transit_stack, shared_stack, stack_with_access)
    return [stack_as_it_is("prod"), *(stack() for stack in others)]


def resources() -> list[Registration]:
    return [entry for recorded in stacks() for entry in recorded]


def instances(component: str) -> list[tuple[Recorded, Registration]]:
    """Every one, with the stack that it is in."""
    type_ = f"unified-pipelines:index:{component}"
    return [(recorded, entry) for recorded in stacks() for entry in recorded.of_type(type_)]


def test_every_component_of_the_program_is_found() -> None:
    registered = {entry.type for entry in resources() if not entry.custom}
    assert registered == {f"unified-pipelines:index:{component}" for component in discovered()}


@pytest.mark.parametrize("component", sorted(discovered()))
class TestEveryComponent:
    """One way to make a component, and one way for it to make its children."""

    def test_is_registered_under_its_class(self, component: str) -> None:
        assert instances(component), f"nothing of the program is of type {component}"

    def test_takes_a_name_its_arguments_and_options(self, component: str) -> None:
        class_ = discovered()[component]
        _, name, args, options = inspect.signature(class_.__init__).parameters.values()
        assert (name.name, args.name, options.name) == ("name", "args", "opts")
        assert options.default is None
        assert str(args.annotation) == f"{class_.__name__}Args"

    def test_arguments_are_frozen_and_keyword_only(self, component: str) -> None:
        class_ = discovered()[component]
        module = importlib.import_module(class_.__module__)
        args = getattr(module, f"{class_.__name__}Args")
        parameters = args.__dataclass_params__
        assert parameters.frozen
        assert all(field.kw_only for field in dataclasses.fields(args))
        assert args.__doc__
        assert not args.__doc__.startswith(args.__name__), "say what the arguments mean"

    def test_registers_its_outputs(self, component: str) -> None:
        for recorded, entry in instances(component):
            assert entry.urn in recorded.component_outputs

    def test_children_are_named_after_it(self, component: str) -> None:
        for recorded, entry in instances(component):
            for child in recorded.children_of(entry.urn):
                assert child.name == entry.name or child.name.startswith(f"{entry.name}-")


class TestEveryResource:
    """Every resource belongs to a component, and goes where that component goes."""

    def test_has_a_component_as_its_parent(self) -> None:
        components_ = {entry.urn for entry in resources() if not entry.custom}
        for entry in resources():
            if entry.custom and not entry.type.startswith("pulumi:providers:"):
                assert entry.parent in components_, f"{entry.urn} has no component as its parent"

    def test_has_a_provider_of_its_own_package(self) -> None:
        for entry in resources():
            if entry.custom and not entry.type.startswith("pulumi:providers:"):
                package = entry.type.split(":")[0]
                assert f"pulumi:providers:{package}::" in entry.provider
