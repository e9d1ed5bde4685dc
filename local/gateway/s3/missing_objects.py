"""Objects that aren't there, for callers who may not list the bucket: 403, as S3 answers.

With 404 a sensor whose role lacks `s3:ListBucket` would wait here, and fail on AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id
from ministack.services import s3

from local.gateway.authorization.current_request import Request, current

if TYPE_CHECKING:
    from local.gateway.authorization.enforcement import Authoriser

_REFUSAL = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
)


def _reads_missing_object(request: Request, status: int) -> bool:
    is_object = "/" in request.path.strip("/")
    return status == 404 and is_object and request.method in {"GET", "HEAD"}  # noqa: PLR2004


def install(authoriser: Authoriser) -> None:
    """Put the check behind MiniStack's S3."""
    handle: Callable[..., Any] = s3.handle_request

    async def handle_request(*arguments: Any, **options: Any) -> Any:
        # The handler goes over to the bucket's account: the caller's is kept for the check.
        region, request = get_region(), current.get()
        caller = get_account_id()
        answer = await handle(*arguments, **options)
        if request is None or not _reads_missing_object(request, answer[0]):
            return answer
        bucket = request.path.strip("/").partition("/")[0]
        access_key_id = extract_access_key_id(request.headers, request.parameters)
        if authoriser.may(access_key_id, caller, "s3:ListBucket", f"arn:aws:s3:::{bucket}", region):
            return answer
        return 403, {"Content-Type": "application/xml"}, _REFUSAL

    s3.handle_request = handle_request
