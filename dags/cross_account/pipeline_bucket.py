"""A pipeline's bucket, for the tasks that read it without a stock operator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from airflow.providers.amazon.aws.hooks.s3 import S3Hook

from cross_account.aws_error import ClientError, code_of
from cross_account.connection_guard import check_connection
from cross_account.failure import PipelineError
from cross_account.manifest import ObjectVersion


@dataclass(frozen=True)
class Replication:
    """How far the replication of an object is: `PENDING`, `COMPLETED`, `FAILED`.

    The status is `None` where S3 had no rule for it when it was written.
    """

    status: str | None
    written: datetime


@dataclass(frozen=True)
class PipelineBucket:
    """A bucket and an S3 client with permissions on it."""

    name: str
    client: Any

    def read_json(self, key: str) -> object | None:
        """The parsed content of `key`, or `None` where there is no such key."""
        try:
            body = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        except ClientError as error:
            if code_of(error) != "NoSuchKey":
                raise
            return None
        try:
            content: object = json.loads(body)
        except ValueError as error:
            raise PipelineError(f"{self.url(key)} is not JSON: {error}") from error
        return content

    def version(self, key: str, version_id: str | None = None) -> ObjectVersion | None:
        """The given version of `key`, else the current one; `None` where there is none."""
        found = self._head(key, version_id)
        if found is None:
            return None
        return ObjectVersion(etag=found["ETag"], version_id=found.get("VersionId"))

    def written(self, key: str) -> datetime | None:
        """When `key` was written; `None` where there is no such key."""
        found = self._head(key)
        return None if found is None else found["LastModified"]

    def replication(self, key: str) -> Replication | None:
        """How far the replication of `key` is; `None` where there is no such key."""
        found = self._head(key)
        if found is None:
            return None
        return Replication(found.get("ReplicationStatus"), found["LastModified"])

    def _head(self, key: str, version_id: str | None = None) -> dict[str, Any] | None:
        given = {} if version_id is None else {"VersionId": version_id}
        try:
            found: dict[str, Any] = self.client.head_object(Bucket=self.name, Key=key, **given)
        except ClientError as error:
            # A response to HeadObject has no body, so its code is the HTTP status: 405 for a
            # version that is a delete marker, 400 for what can't be a version.
            if code_of(error) not in ({"404", "405", "400"} if given else {"404"}):
                raise
            return None
        return found

    def sizes(self, prefix: str) -> Mapping[str, int]:
        """Every key below `prefix` with its size in bytes."""
        return {
            item["Key"]: item["Size"]
            for page in self._pages(Prefix=prefix)
            for item in page.get("Contents", ())
        }

    def prefixes(self, prefix: str) -> list[str]:
        """The common prefixes directly below `prefix`."""
        return [
            item["Prefix"]
            for page in self._pages(Prefix=prefix, Delimiter="/")
            for item in page.get("CommonPrefixes", ())
        ]

    def write_json(self, key: str, content: object) -> int:
        """Write `content` to `key`; returns its size in bytes."""
        body = json.dumps(content, indent=1, ensure_ascii=False).encode()
        self.client.put_object(Bucket=self.name, Key=key, Body=body, ContentType="application/json")
        return len(body)

    def copy(self, key: str, to: str) -> None:
        """Copy `key` within the bucket, in parts if it is large, and without its tags."""
        origin = {"Bucket": self.name, "Key": key}
        # A tag would need further permissions, and its rows may be about to expire.
        own = {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}
        self.client.copy(origin, self.name, to, own)

    def url(self, key: str) -> str:
        """The S3 URI of `key`."""
        return f"s3://{self.name}/{key}"

    def _pages(self, **request: str) -> Any:
        return self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, **request)


def open_bucket(connection_id: str | None, name: str) -> PipelineBucket:
    """The bucket `name` through a pipeline's connection, which is checked first."""
    check_connection(connection_id)
    return PipelineBucket(name, S3Hook(aws_conn_id=connection_id).get_conn())
