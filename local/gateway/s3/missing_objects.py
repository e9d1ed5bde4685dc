"""403 for an object that doesn't exist, where the caller may not list the bucket.

S3 answers so. With 404, a sensor whose role lacks `s3:ListBucket` would wait here, and fail on AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id

from local.gateway.api.request import Request
from local.gateway.authorization.current_request import current

May = Callable[[str, str, str, str, str], bool]
"""Whether the holder of an access key of an account may do an action on a resource, in a Region."""

_REFUSAL = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
)


def _reads_missing_object(request: Request, status: int) -> bool:
    is_object = "/" in request.path.strip("/")
    return status == 404 and is_object and request.method in {"GET", "HEAD"}  # noqa: PLR2004


def handle_request(original: Callable[..., Any], *, may: May) -> Callable[..., Any]:
    """Answer 403 in place of 404 where the caller may not list the bucket."""

    async def checking(*arguments: Any, **options: Any) -> Any:
        # The handler changes to the bucket's account, and the check needs the caller's.
        region, request = get_region(), current.get()
        caller = get_account_id()
        response = await original(*arguments, **options)
        if request is None or not _reads_missing_object(request, response[0]):
            return response
        bucket = request.path.strip("/").partition("/")[0]
        access_key_id = extract_access_key_id(request.headers, request.parameters)
        if may(access_key_id, caller, "s3:ListBucket", f"arn:aws:s3:::{bucket}", region):
            return response
        return 403, {"Content-Type": "application/xml"}, _REFUSAL

    return checking
