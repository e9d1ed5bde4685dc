"""What most resources are removed by: one call of their service's API, or none."""

from __future__ import annotations

from collections.abc import Callable

from local.deployment.resource import Resource

Remove = Callable[[Resource, str], None]
"""Removes a resource of that id; ends once it is gone as far as others have to wait for it."""

ID = "id"
"""The resource's id, where a call wants an input."""


def call(method: str, **parameters: str) -> Remove:
    """A call of boto3's `method`; each parameter is an input of that name, or the `ID`.

    An input that the resource lacks is left out.
    """

    def remove(resource: Resource, id_: str) -> None:
        known = {**resource.inputs, ID: id_}
        arguments = {name: known[key] for name, key in parameters.items() if key in known}
        getattr(resource.client, method)(**arguments)

    return remove


def call_for_one(method: str, parameter: str) -> Remove:
    """A call of boto3's `method` that takes a list of ids, here of one."""

    def remove(resource: Resource, id_: str) -> None:
        getattr(resource.client, method)(**{parameter: [id_]})

    return remove


def no_call(_resource: Resource, _id: str) -> None:
    """Nothing: the provider only forgets it, and it goes with what it belongs to."""
