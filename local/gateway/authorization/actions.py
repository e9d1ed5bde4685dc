"""The action of a request, where MiniStack authorizes another one than AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.core import iam_actions

if TYPE_CHECKING:
    from local.gateway.api.request import Request


def iam_action(request: Request, action: str, resource: str) -> str:
    """The action that AWS authorizes on `resource`, where MiniStack authorizes `action`.

    AWS authorizes DeleteObjects entry by entry: another action where the entry names a version.
    MiniStack ignores the version of the first entry.
    """
    if action != "s3:DeleteObject" or request.method != "POST":
        return action
    bucket = request.path.strip("/").partition("/")[0]
    entries = iam_actions._s3_batch_delete_targets(bucket, request.body)  # noqa: SLF001
    if entries and entries[0][0] == resource and entries[0][1]:
        return "s3:DeleteObjectVersion"
    return action
