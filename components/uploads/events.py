"""Which events of S3 are uploads, and the message that becomes of each. Doesn't import Pulumi."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from components.uploads.names import data_dag_id

if TYPE_CHECKING:
    from components.pipeline.site import PipelineSite

MESSAGE_PATHS = {
    "bucket": "$.detail.bucket.name",
    "key": "$.detail.object.key",
    "version_id": "$.detail.object.version-id",
}
"""What a message takes from the event, by the name that the template has for it."""


def upload_pattern(source: PipelineSite, keys: str) -> str:
    """EventBridge's pattern for new objects of the pipeline's bucket whose key matches `keys`.

    The same on both buses: the hub's takes an event only from the account and Region it came from.
    """
    key: Any = {"wildcard": keys} if "*" in keys else keys
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "account": [source.account_id],
        "region": [source.region],
        "detail": {"bucket": {"name": [source.bucket_name]}, "object": {"key": [key]}},
    }
    return json.dumps(pattern, sort_keys=True, separators=(",", ":"))


def message_template(source: PipelineSite) -> str:
    """EventBridge's template of the message; it writes each value in <> as JSON, with quotes."""
    members = [f'"dag_id":"{data_dag_id(source.name)}"']
    members += [f'"{name}":<{name}>' for name in MESSAGE_PATHS]
    return f"{{{','.join(members)}}}"
