"""The part of boto3's S3 client that the Glue job publishes with, on objects in memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

NAME = "bucket"


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "Any")


@dataclasses.dataclass
class Bucket:
    """A bucket called `bucket`."""

    objects: dict[str, bytes] = dataclasses.field(default_factory=dict)
    types: dict[str, str] = dataclasses.field(default_factory=dict)
    refuses: str = ""
    """The error code that every call gets, if set."""
    conflicts: list[str] = dataclasses.field(default_factory=list)
    """The error codes that the next uploads get."""
    deletions: list[list[str]] = dataclasses.field(default_factory=list)
    kept: tuple[str, ...] = ()
    """Keys that can't be deleted."""

    def __post_init__(self) -> None:
        self.handlers: dict[str, Callable[..., None]] = {}
        events = SimpleNamespace(register=self._register, unregister=self._unregister)
        self.meta = SimpleNamespace(events=events)

    def _register(self, name: str, handler: Callable[..., None]) -> None:
        self.handlers[name] = handler

    def _unregister(self, name: str, handler: Callable[..., None]) -> None:
        assert self.handlers.pop(name) is handler

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 (as boto3)
        self._called(Bucket)
        if Key not in self.objects:
            raise refusal("404")
        return {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803
        self._called(Bucket)
        params: dict[str, Any] = {"headers": {}}
        for name, handler in self.handlers.items():
            assert name == "before-call.s3.PutObject"
            handler(params=params, model=None)
        if self.conflicts:
            raise refusal(self.conflicts.pop(0))
        if params["headers"].get("If-None-Match") == "*" and Key in self.objects:
            raise refusal("PreconditionFailed")
        self.objects[Key], self.types[Key] = Body, ContentType

    def get_paginator(self, operation: str) -> Bucket:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        """One object a page, and an empty page, as S3 may answer."""
        self._called(Bucket)
        yield {}
        for key in sorted(self.objects):
            if key.startswith(Prefix):
                yield {"Contents": [{"Key": key, "Size": len(self.objects[key])}]}

    def copy_object(self, *, Bucket: str, Key: str, CopySource: dict[str, str]) -> None:  # noqa: N803
        self._called(Bucket)
        assert CopySource["Bucket"] == NAME
        self.objects[Key] = self.objects[CopySource["Key"]]

    def delete_objects(self, *, Bucket: str, Delete: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        self._called(Bucket)
        assert Delete["Quiet"] is True
        keys = [each["Key"] for each in Delete["Objects"]]
        self.deletions.append(keys)
        for key in keys:
            if key not in self.kept:
                del self.objects[key]
        failed = [{"Key": key, "Code": "AccessDenied"} for key in keys if key in self.kept]
        return {"Errors": failed} if failed else {}

    def _called(self, bucket: str) -> None:
        assert bucket == NAME
        if self.refuses:
            raise refusal(self.refuses)
